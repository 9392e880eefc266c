import { defang } from '../domain/address.ts';
import { allowedEvents } from '../domain/case-lifecycle.ts';
import { builder } from '../graphql/builder.ts';
import { Colleague } from '../graphql/colleague.ts';
import * as enums from '../graphql/enums.ts';
import { unicodeHost } from '../report/host-names.ts';
import { unseal } from '../secrets.ts';
import { visibleOpinions, visibleSince } from './blind-review.ts';
import { factsOf } from './change-case.ts';

const Claim = builder.prismaObject('Claim', {
  description: 'Who holds a case, and until when if they do nothing more.',
  fields: (t) => ({
    by: t.relation('account', { type: Colleague, description: 'Who holds it.' }),
    claimedAt: t.expose('claimedAt', { type: 'DateTime', description: 'Since when.' }),
    leaseUntil: t.expose('leaseUntil', {
      type: 'DateTime',
      description: 'When the lease runs out; using the case renews it.',
    }),
  }),
});

const Assessment = builder.prismaObject('Assessment', {
  description: 'One analyst’s signed opinion. It is never edited; a later one supersedes it.',
  fields: (t) => ({
    round: t.expose('round', { type: enums.AssessmentRound, description: 'First opinion, second opinion or ruling.' }),
    assessor: t.relation('assessor', { type: Colleague, description: 'Who signed it.' }),
    at: t.expose('at', { type: 'DateTime', description: 'When it was signed.' }),
    taxonomy: t.string({
      description: 'The question set and its version.',
      resolve: (a) => `${a.taxonomyName} ${a.taxonomyVersion}`,
    }),
    verdict: t.expose('verdict', { type: enums.Verdict, description: 'Actionable or not.' }),
    reason: t.expose('reason', { type: enums.NotActionableReason, nullable: true, description: 'Why not, if not.' }),
    severity: t.expose('severity', {
      type: enums.Severity,
      nullable: true,
      description: 'The most severe category seen.',
    }),
    youngestAge: t.expose('youngestAge', {
      type: enums.AgeBand,
      nullable: true,
      description: 'The youngest child seen, perhaps in another image.',
    }),
    sex: t.expose('sex', { type: enums.SexSeen, nullable: true, description: 'The sex of the children seen.' }),
    form: t.expose('form', {
      type: enums.ImageForm,
      nullable: true,
      description: 'Photographic, AI-generated or non-photographic.',
    }),
    selfGenerated: t.exposeBoolean('selfGenerated', { description: 'Whether a child made it.' }),
    coerced: t.exposeBoolean('coerced', { description: 'Whether the child was coerced (sexual extortion).' }),
    commercial: t.expose('commercial', { type: enums.Commerciality, description: 'Whether money is asked for.' }),
    disguised: t.exposeBoolean('disguised', {
      description: 'Whether the site shows it only to those who come a certain way.',
    }),
    siteType: t.expose('siteType', { type: enums.SiteType, nullable: true, description: 'What kind of site it is.' }),
    jurisdiction: t.expose('jurisdiction', {
      type: enums.Jurisdiction,
      nullable: true,
      description: 'Where it is illegal.',
    }),
    note: t.string({
      nullable: true,
      description: 'The analyst’s words.',
      resolve: ({ note }) => (note ? unseal(note) : null),
    }),
  }),
});

builder.prismaObject('Observation', {
  description: 'That somebody saw the content up, gone or moved.',
  fields: (t) => ({
    seen: t.expose('seen', { type: enums.Seen, description: 'What was seen.' }),
    movedTo: t.expose('movedTo', { type: 'CountryCode', nullable: true, description: 'The country it moved to.' }),
    observedBy: t.relation('observedBy', { type: Colleague, description: 'Who looked.' }),
    at: t.expose('at', { type: 'DateTime', description: 'When.' }),
  }),
});

const CaseNote = builder.prismaObject('CaseNote', {
  name: 'Note',
  description: 'A note of words on a case.',
  fields: (t) => ({
    author: t.relation('author', { type: Colleague, description: 'Who wrote it.' }),
    at: t.expose('at', { type: 'DateTime', description: 'When.' }),
    text: t.string({ description: 'What it says.', resolve: ({ text }) => unseal(text) }),
  }),
});

const EpisodeClock = builder.prismaObject('Episode', {
  name: 'EpisodeClock',
  description: 'The raw times of one stretch in which the content was up. All figures of speed derive from them.',
  fields: (t) => ({
    episode: t.exposeInt('number', { description: 'Which stretch: 1, or more after a return.' }),
    firstReported: t.expose('firstReported', { type: 'DateTime', description: 'When it was first reported.' }),
    assessed: t.expose('assessed', {
      type: 'DateTime',
      nullable: true,
      description: 'When no further opinion was owed.',
    }),
    traced: t.expose('traced', { type: 'DateTime', nullable: true, description: 'When the host was found.' }),
    policeTold: t.expose('policeTold', { type: 'DateTime', nullable: true, description: 'When the police were told.' }),
    hostTold: t.expose('hostTold', { type: 'DateTime', nullable: true, description: 'When the host was told.' }),
    hotlineTold: t.expose('hotlineTold', {
      type: 'DateTime',
      nullable: true,
      description: 'When another hotline was told.',
    }),
    firstSeenGone: t.expose('firstSeenGone', {
      type: 'DateTime',
      nullable: true,
      description: 'When it was first seen gone.',
    }),
  }),
});

builder.prismaObject('Case', {
  description: 'One piece of content to assess: all reports of one canonical address. For the hotline’s analysts only.',
  fields: (t) => ({
    number: t.exposeString('number', { description: 'What to call it, such as C-000042.' }),
    state: t.expose('state', { type: enums.CaseState, description: 'What it waits for.' }),
    outcome: t.expose('outcome', {
      type: enums.CaseOutcome,
      nullable: true,
      description: 'How it ended, once closed.',
    }),
    version: t.exposeInt('version', {
      description: 'Send it back with every write, so that no one’s work is overwritten.',
    }),
    priority: t.exposeInt('priority', { description: 'Its place in the queue, 0 to 1000.' }),
    address: t.exposeString('address', { description: 'The canonical address. Show the defanged one; never a link.' }),
    defangedAddress: t.string({
      description: 'The address in a form that nothing turns into a link.',
      resolve: ({ address }) => defang(address),
    }),
    addressKind: t.expose('addressKind', { type: enums.AddressKind, description: 'What kind of address it is.' }),
    host: t.exposeString('host', { nullable: true, description: 'The host of the address, where it has one.' }),
    unicodeHost: t.string({
      nullable: true,
      description: 'The host in the letters that people read, where it is an international name.',
      resolve: ({ host }) => (host === null ? null : unicodeHost(host)),
    }),
    registrableDomain: t.exposeString('registrableDomain', {
      nullable: true,
      description:
        'The part of the host that somebody registered, by the Public Suffix List with its private section; none of an IP address.',
    }),
    lookAlike: t.exposeString('lookAlike', {
      nullable: true,
      description:
        'The plain name that the host is made to look like with letters of other scripts. A warning: it is another site, and another case.',
    }),
    reportCount: t.exposeInt('reportCount', {
      description:
        'How many reports count for it: none while all wait in quarantine, and then it is in nobody’s queue.',
    }),
    portalCount: t.int({
      description: 'How many portals they came through.',
      resolve: ({ portalIds }) => portalIds.length,
    }),
    firstReportedAt: t.expose('firstReportedAt', { type: 'DateTime', description: 'When it was first reported.' }),
    lastReportedAt: t.expose('lastReportedAt', { type: 'DateTime', description: 'When it was last reported.' }),
    episode: t.exposeInt('episodeNumber', { description: 'Which stretch of time it is in.' }),
    heldUntil: t.expose('heldUntil', {
      type: 'DateTime',
      nullable: true,
      description: 'Until when the police asked to wait.',
    }),
    listed: t.exposeBoolean('listed', { description: 'Whether it is on the URL list.' }),
    reviewReasons: t.field({
      type: [enums.ReviewTrigger],
      description: 'Why a second opinion was owed; empty until it is given, since the reasons would tell the first.',
      resolve: ({ state, reviewReasons }) => (state === 'AWAITING_REVIEW' ? [] : reviewReasons),
    }),
    allowedEvents: t.field({
      type: [enums.CaseEvent],
      description: 'What a person can do with it now.',
      resolve: (row) => allowedEvents(factsOf(row, null)),
    }),
    claim: t.field({
      type: Claim,
      nullable: true,
      description: 'Who holds it now.',
      select: (_args, { now }, nested) => ({
        claims: nested({ where: { endedAt: null, leaseUntil: { gt: now } }, take: 1 }),
      }),
      resolve: ({ claims }) => claims[0] ?? null,
    }),
    clock: t.field({
      type: EpisodeClock,
      description: 'The raw times of the latest episode.',
      select: (_args, _context, nested) => ({ episodes: nested({ orderBy: { number: 'desc' }, take: 1 }) }),
      resolve: ({ episodes: [latest] }) => {
        if (!latest) throw new Error('A case without an episode.');
        return latest;
      },
    }),
    assessments: t.field({
      type: [Assessment],
      description:
        'The opinions, oldest first. While a second one is owed, another’s first opinion is left out: it is given blind.',
      select: (_args, _context, nested) => ({
        state: true,
        roundSince: true,
        assessments: nested({ orderBy: [{ at: 'asc' }, { id: 'asc' }] }),
      }),
      resolve: (row, _args, { viewer }) => visibleOpinions(row, row.assessments, viewer),
    }),
    observations: t.relation('observations', {
      description: 'What was seen, oldest first.',
      query: { orderBy: { at: 'asc' } },
    }),
    notes: t.field({
      type: [CaseNote],
      description: 'Notes, oldest first. While a second opinion is owed, others’ notes of this episode are left out.',
      select: (_args, _context, nested) => ({
        state: true,
        episodes: { orderBy: { number: 'desc' }, take: 1 },
        notes: nested({ orderBy: { at: 'asc' } }),
      }),
      resolve: (row, _args, { viewer }) => row.notes.filter(visibleSince(row, viewer)),
    }),
  }),
});
