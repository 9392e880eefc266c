import type { CaseFilter as CaseFilterShape } from '../case/case-filter.ts';
import { builder } from './builder.ts';
import { CaseState, SiteType } from './enums.ts';

const words = {
  states: 'In one of these states.',
  portal: 'Reported through the portal of this code.',
  host: 'On this host.',
  registrableDomain: 'On any host of this registrable domain.',
  siteTypes: 'On a site of one of these kinds, as reporters say.',
  reportingCountry: 'Reported from this country.',
  hostingCountry: 'Hosted in this country, by the latest trace that says so.',
  minPriority: 'Of this priority, 0 to 1000, or higher.',
  inDanger: 'Whether a reporter says that a child is in danger now.',
  listed: 'Whether the address is on the URL list.',
  reportedBefore: 'First reported before this time.',
  reportedAfter: 'First reported at this time or later.',
  due: 'True: those at which somebody should look whether they are still up.',
  quarantined:
    'True: those of which no report counts, while some wait in quarantine. They are in nobody’s queue, and left out otherwise.',
  mine: 'True: those that you hold.',
  waitingForMe: 'True: those that claimNextCase could hand to you.',
  handedToMe: 'True: those that a colleague handed over to you.',
} satisfies Record<keyof CaseFilterShape, string>;

/** Which cases somebody asks for. */
export const CaseFilter = builder.inputType('CaseFilter', {
  description: 'Which cases; what is left out does not matter.',
  fields: (t) => ({
    states: t.field({ type: [CaseState], description: words.states }),
    portal: t.string({ description: words.portal }),
    host: t.string({ description: words.host }),
    registrableDomain: t.string({ description: words.registrableDomain }),
    siteTypes: t.field({ type: [SiteType], description: words.siteTypes }),
    reportingCountry: t.field({ type: 'CountryCode', description: words.reportingCountry }),
    hostingCountry: t.field({ type: 'CountryCode', description: words.hostingCountry }),
    minPriority: t.int({ description: words.minPriority }),
    inDanger: t.boolean({ description: words.inDanger }),
    listed: t.boolean({ description: words.listed }),
    reportedBefore: t.field({ type: 'DateTime', description: words.reportedBefore }),
    reportedAfter: t.field({ type: 'DateTime', description: words.reportedAfter }),
    due: t.boolean({ description: words.due }),
    quarantined: t.boolean({ description: words.quarantined }),
    mine: t.boolean({ description: words.mine }),
    waitingForMe: t.boolean({ description: words.waitingForMe }),
    handedToMe: t.boolean({ description: words.handedToMe }),
  }),
});

/** A filter as it was saved, field by field as `CaseFilter` takes it. */
export const CaseFilterValues = builder.objectRef<CaseFilterShape>('CaseFilterValues').implement({
  description: 'A filter that was saved: send what is not null as `CaseFilter`.',
  fields: (t) => ({
    states: t.expose('states', { type: [CaseState], nullable: true, description: words.states }),
    portal: t.exposeString('portal', { nullable: true, description: words.portal }),
    host: t.exposeString('host', { nullable: true, description: words.host }),
    registrableDomain: t.exposeString('registrableDomain', { nullable: true, description: words.registrableDomain }),
    siteTypes: t.expose('siteTypes', { type: [SiteType], nullable: true, description: words.siteTypes }),
    reportingCountry: t.expose('reportingCountry', {
      type: 'CountryCode',
      nullable: true,
      description: words.reportingCountry,
    }),
    hostingCountry: t.expose('hostingCountry', {
      type: 'CountryCode',
      nullable: true,
      description: words.hostingCountry,
    }),
    minPriority: t.exposeInt('minPriority', { nullable: true, description: words.minPriority }),
    inDanger: t.exposeBoolean('inDanger', { nullable: true, description: words.inDanger }),
    listed: t.exposeBoolean('listed', { nullable: true, description: words.listed }),
    reportedBefore: t.expose('reportedBefore', { type: 'DateTime', nullable: true, description: words.reportedBefore }),
    reportedAfter: t.expose('reportedAfter', { type: 'DateTime', nullable: true, description: words.reportedAfter }),
    due: t.exposeBoolean('due', { nullable: true, description: words.due }),
    quarantined: t.exposeBoolean('quarantined', { nullable: true, description: words.quarantined }),
    mine: t.exposeBoolean('mine', { nullable: true, description: words.mine }),
    waitingForMe: t.exposeBoolean('waitingForMe', { nullable: true, description: words.waitingForMe }),
    handedToMe: t.exposeBoolean('handedToMe', { nullable: true, description: words.handedToMe }),
  }),
});
