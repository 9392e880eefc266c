import { GraphQLError } from 'graphql';
import { AgreementRates } from '../graphql/agreement.ts';
import { builder } from '../graphql/builder.ts';
import { signedIn } from '../graphql/context.ts';
import {
  AgeBand,
  BreakdownBase,
  CaseState,
  Dimension,
  ImageForm,
  NotActionableReason,
  ReportSource,
  ReportStanding,
  Severity,
  SexSeen,
  SiteType,
  SpeedMeasure,
  Verdict,
} from '../graphql/enums.ts';
import { Definition } from '../graphql/figures.ts';
import { DEFINITIONS_VERSION, definitionsOf } from './definition-texts.ts';
import { labelOf } from './definitions.ts';
import { type BacklogPart, backlogAges } from './exact-backlog.ts';
import {
  type ExactFigures as ExactFiguresShape,
  type ExactHost as ExactHostShape,
  type ExactPart as ExactPartShape,
  type ExactPeriod as ExactPeriodShape,
  type ExactSpeed as ExactSpeedShape,
  exactFigures,
} from './exact-figures.ts';
import type { ExactFiguresFilter as Filter } from './exact-filter.ts';
import type { ExactCell as ExactCellShape, ExactTable as ExactTableShape } from './exact-tables.ts';

const MOST_MONTHS = 24;
const MOST_VALUES = 300;
/** How portals, languages and hosting places are written; whatever else is typed stays out of the audit trail. */
const NAME = /^[A-Za-z0-9_-]{1,35}$/;

const Referral = builder.enumType('Referral', {
  description: 'Whether an address was referred to the police or another hotline, and whether they acknowledged it.',
  values: ['NOT_REFERRED', 'REFERRED', 'ACKNOWLEDGED'] as const,
});
const BacklogAge = builder.enumType('BacklogAge', {
  description: 'For how long a case has been in its state, in days of 24 hours.',
  values: backlogAges,
});

const ExactFiguresFilter = builder.inputType('ExactFiguresFilter', {
  description:
    'Which reports are counted: those that are in every list that is given. Each list holds at most 300 values.',
  fields: (t) => ({
    countries: t.field({ type: ['CountryCode'], description: 'Reporting countries.' }),
    portals: t.stringList({ description: 'Codes of portals.' }),
    sources: t.field({ type: [ReportSource], description: 'Where reports come from.' }),
    languages: t.stringList({ description: 'Keys of the table by LANGUAGE, such as sw, OTHER or NOT_SAID.' }),
    standings: t.field({ type: [ReportStanding], description: 'Whether reports weigh in their cases.' }),
    repeated: t.boolean({ description: 'Only repeated reports, or only those of a new address.' }),
    contact: t.boolean({ description: 'Only reports with a contact, or only anonymous ones.' }),
    verdicts: t.field({ type: [Verdict], description: 'What came of the assessment.' }),
    reasons: t.field({ type: [NotActionableReason], description: 'Why not actionable.' }),
    severities: t.field({ type: [Severity], description: 'How severe.' }),
    ages: t.field({ type: [AgeBand], description: 'The youngest child seen.' }),
    sexes: t.field({ type: [SexSeen], description: 'Who is seen.' }),
    forms: t.field({ type: [ImageForm], description: 'What the images are.' }),
    siteTypes: t.field({ type: [SiteType], description: 'Kinds of site.' }),
    hosting: t.stringList({ description: 'Keys of the table by HOSTING_COUNTRY, such as NL or HIDDEN_SERVICE.' }),
    referrals: t.field({ type: [Referral], description: 'What came of referrals.' }),
    listed: t.boolean({ description: 'Only what was put on the URL list, or only what was not.' }),
  }),
});

const ExactCell = builder.objectRef<ExactCellShape>('ExactCell').implement({
  description: 'One cell of an exact table.',
  fields: (t) => ({
    key: t.exposeString('key', { description: 'A stable key, such as AGE_7_10, a language or a country.' }),
    label: t.string({ description: 'The key in plain English.', resolve: ({ key }) => labelOf(key) }),
    count: t.exposeInt('count', { description: 'How many reports: exact.' }),
  }),
});

const ExactTable = builder.objectRef<ExactTableShape>('ExactTable').implement({
  description: 'An exact table: as it is published, but before disclosure control.',
  fields: (t) => ({
    by: t.expose('by', { type: Dimension, description: 'By what.' }),
    of: t.expose('of', { type: BreakdownBase, description: 'What it breaks down.' }),
    cells: t.expose('cells', {
      type: [ExactCell],
      description: 'Its cells. By LANGUAGE and HOSTING_COUNTRY those of 0 are left out.',
    }),
  }),
});

const ExactSpeed = builder.objectRef<ExactSpeedShape>('ExactSpeed').implement({
  description: 'How long something took, in hours from the first report, over actionable reports.',
  fields: (t) => ({
    until: t.expose('measure', { type: SpeedMeasure, description: 'Until what.' }),
    base: t.exposeInt('base', { description: 'Over how many reports.' }),
    medianHours: t.exposeInt('median', { nullable: true, description: 'Half took no longer.' }),
    ninetiethHours: t.exposeInt('ninetieth', { nullable: true, description: 'Nine in ten took no longer.' }),
  }),
});

const ExactPeriod = builder.objectRef<ExactPeriodShape>('ExactPeriod').implement({
  description: 'Exact counts of one month, or of all months together.',
  fields: (t) => ({
    month: t.expose('month', { type: 'YearMonth', nullable: true, description: 'Which month; null for all together.' }),
    reports: t.exposeInt('reports', { description: 'Addresses reported.' }),
    assessed: t.exposeInt('assessed', { description: 'Of these, assessed by now.' }),
    actionable: t.exposeInt('actionable', { description: 'Of these, confirmed as criminal.' }),
    breakdowns: t.expose('tables', { type: [ExactTable], description: 'The fixed tables.' }),
    speeds: t.expose('speeds', { type: [ExactSpeed], description: 'How long things took, where they are known.' }),
  }),
});

const ExactPart = builder.objectRef<ExactPartShape>('ExactPart').implement({
  description: 'The part of one country or portal.',
  fields: (t) => ({
    key: t.exposeString('key', { description: 'The country or the portal’s code; ZZ where no country was said.' }),
    reports: t.exposeInt('reports', { description: 'Addresses reported.' }),
    assessed: t.exposeInt('assessed', { description: 'Of these, assessed.' }),
    actionable: t.exposeInt('actionable', { description: 'Of these, confirmed as criminal.' }),
  }),
});

const ExactHost = builder.objectRef<ExactHostShape>('ExactHost').implement({
  description: 'A registered domain, and what was reported of it.',
  fields: (t) => ({
    defangedDomain: t.string({
      description: 'The part of the host that somebody registered, never as a live link.',
      resolve: ({ domain }) => domain.replaceAll('.', '[.]'),
    }),
    reports: t.exposeInt('reports', { description: 'Addresses reported.' }),
    cases: t.exposeInt('cases', { description: 'How many different addresses.' }),
    actionable: t.exposeInt('actionable', { description: 'Of the reports, those confirmed as criminal.' }),
  }),
});

const ExactBacklog = builder.objectRef<BacklogPart>('ExactBacklog').implement({
  description: 'Cases that wait now.',
  fields: (t) => ({
    state: t.expose('state', { type: CaseState, description: 'What they wait for.' }),
    age: t.expose('age', { type: BacklogAge, description: 'Since when.' }),
    cases: t.exposeInt('cases', { description: 'How many.' }),
    reports: t.exposeInt('reports', { description: 'How many reports they have.' }),
  }),
});

const ExactFigures = builder.objectRef<ExactFiguresShape>('ExactFigures').implement({
  description: 'Exact counts, before disclosure control: for the hotline alone. They are never given to anybody else.',
  fields: (t) => ({
    from: t.expose('from', { type: 'YearMonth', description: 'The first month.' }),
    to: t.expose('to', { type: 'YearMonth', description: 'The last month.' }),
    definitions: t.field({
      type: [Definition],
      description:
        'What the figures mean: as those that are published. What they say of hiding and rounding is not done here.',
      resolve: () => definitionsOf(DEFINITIONS_VERSION),
    }),
    total: t.expose('total', { type: ExactPeriod, description: 'All months together.' }),
    months: t.expose('months', { type: [ExactPeriod], description: 'Every month, oldest first.' }),
    byCountry: t.expose('byCountry', { type: [ExactPart], description: 'By reporting country, most first.' }),
    byPortal: t.expose('byPortal', { type: [ExactPart], description: 'By portal, most first.' }),
    hosts: t.expose('hosts', { type: [ExactHost], description: 'The 25 registered domains that were reported most.' }),
    backlog: t.expose('backlog', {
      type: [ExactBacklog],
      description: 'The cases that wait now, whenever they were reported: those with a report that the filter leaves.',
    }),
    agreement: t.expose('agreement', {
      type: AgreementRates,
      description: 'How second opinions of these months agreed, of the whole hotline: no filter narrows it.',
    }),
  }),
});

builder.queryFields((t) => ({
  exactFigures: t.field({
    type: ExactFigures,
    description:
      'Exact figures by any filter, by the definitions of the published ones. For supervisors; who looked is on record.',
    args: {
      from: t.arg({ type: 'YearMonth', required: true, description: 'The first month.' }),
      to: t.arg({ type: 'YearMonth', required: true, description: 'The last month, at most two years later.' }),
      filter: t.arg({ type: ExactFiguresFilter, description: 'Which reports; all where left out.' }),
    },
    resolve: (_root, { from, to, filter }, context) => {
      refuseOddQuestion(from as Date, to as Date, filter ?? {});
      return exactFigures(signedIn(context), { from: from as Date, to: to as Date, filter: filter ?? {} }, context.now);
    },
  }),
}));

function refuseOddQuestion(from: Date, to: Date, filter: Filter): void {
  const months = (to.getUTCFullYear() - from.getUTCFullYear()) * 12 + to.getUTCMonth() - from.getUTCMonth() + 1;
  if (months < 1 || months > MOST_MONTHS) refuse(`Ask for 1 to ${MOST_MONTHS} months: "to" is not before "from".`);
  const lists = Object.values(filter).filter((values) => Array.isArray(values));
  if (lists.some((values) => values.length > MOST_VALUES)) refuse(`Give at most ${MOST_VALUES} values in a list.`);
  if (lists.flat().some((value) => !NAME.test(value)))
    refuse('Give portals, languages and hosting places by their keys.');
}

function refuse(remedy: string): never {
  throw new GraphQLError(remedy, { extensions: { code: 'BAD_USER_INPUT' } });
}
