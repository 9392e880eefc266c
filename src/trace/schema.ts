import { builder } from '../graphql/builder.ts';
import { CaseInput, caseInputFields, caseMutation } from '../graphql/case-mutation.ts';
import { Colleague } from '../graphql/colleague.ts';
import { HostPlacement, TraceFailure, TraceMethod, TraceRunState } from '../graphql/enums.ts';
import { type Hosting as HostingShape, hostingOf, hostingSelection } from './hosting.ts';
import { recordTrace } from './record-trace.ts';
import { readAnswer } from './trace-answer.ts';
import { traceHost } from './trace-host.ts';

builder.prismaObject('HostTrace', {
  description: 'Where the host was, by one method, at one time.',
  fields: (t) => ({
    method: t.expose('method', { type: TraceMethod, description: 'By which method.' }),
    tool: t.exposeString('tool', { description: 'With which tool.' }),
    placement: t.expose('placement', {
      type: HostPlacement,
      description: 'In a country, or in a place that has none.',
    }),
    country: t.expose('country', {
      type: 'CountryCode',
      nullable: true,
      description: 'The hosting country at that time.',
    }),
    network: t.exposeString('network', { nullable: true, description: 'The network, as its registry names it.' }),
    failure: t.field({
      type: TraceFailure,
      nullable: true,
      description: 'Why the method could not say where it is.',
      resolve: ({ answer }) => readAnswer(answer).failure ?? null,
    }),
    addresses: t.stringList({
      description: 'The IP addresses of the host that it found, or was asked about.',
      resolve: ({ answer }) => readAnswer(answer).addresses,
    }),
    aliases: t.stringList({
      description: 'The names that the host is an alias of, from name to name.',
      resolve: ({ answer }) => readAnswer(answer).aliases,
    }),
    countries: t.field({
      type: ['CountryCode'],
      description: 'Every country that it named; more than one decides nothing.',
      resolve: ({ answer }) => readAnswer(answer).countries,
    }),
    networks: t.intList({
      description: 'The numbers of the autonomous systems that carry the addresses.',
      resolve: ({ answer }) => readAnswer(answer).networks,
    }),
    contentNetwork: t.string({
      nullable: true,
      description: 'The content network that the host is behind.',
      resolve: ({ answer }) => readAnswer(answer).contentNetwork ?? null,
    }),
    abuseContacts: t.stringList({
      description: 'Where the network takes complaints.',
      resolve: ({ answer }) => readAnswer(answer).abuseContacts,
    }),
    registrar: t.string({
      nullable: true,
      description: 'With whom the domain is registered.',
      resolve: ({ answer }) => readAnswer(answer).registrar ?? null,
    }),
    registrarContacts: t.stringList({
      description: 'Where the registrar takes complaints.',
      resolve: ({ answer }) => readAnswer(answer).registrarContacts,
    }),
    registries: t.stringList({
      description: 'The registries that answered.',
      resolve: ({ answer }) => readAnswer(answer).registries,
    }),
    reason: t.exposeString('reason', { nullable: true, description: 'Why a person says so.' }),
    recordedBy: t.relation('recordedBy', {
      type: Colleague,
      nullable: true,
      description: 'Who recorded it; null for the platform itself.',
    }),
    at: t.expose('at', { type: 'DateTime', description: 'When.' }),
  }),
});

builder.prismaObjectField('Case', 'traces', (t) =>
  t.relation('traces', {
    description: 'Where the host was found to be, oldest first.',
    query: { orderBy: { at: 'asc' } },
  }),
);

builder.prismaObject('TraceRun', {
  description: 'One run of the automatic methods on a case’s host.',
  fields: (t) => ({
    id: t.exposeID('id', { description: 'Its id.' }),
    state: t.expose('state', { type: TraceRunState, description: 'Whether it waits, is done, or was given up.' }),
    queuedAt: t.expose('queuedAt', { type: 'DateTime', description: 'When it was asked for.' }),
    finishedAt: t.expose('finishedAt', {
      type: 'DateTime',
      nullable: true,
      description: 'When all methods had answered or failed.',
    }),
    traces: t.relation('traces', {
      description: 'What each method said, failures among them.',
      query: { orderBy: { method: 'asc' } },
    }),
  }),
});

builder.prismaObjectField('Case', 'traceRuns', (t) =>
  t.relation('traceRuns', {
    description: 'The runs of the automatic methods, latest first, five at most.',
    query: { orderBy: { queuedAt: 'desc' }, take: 5 },
  }),
);

const Hosting = builder.objectRef<HostingShape>('Hosting').implement({
  description:
    'Where a case is hosted, all in all: by the latest word of each method in this episode, since it was last seen moved.',
  fields: (t) => ({
    placement: t.expose('placement', {
      type: HostPlacement,
      description: 'In a country, or in a place that has none.',
    }),
    country: t.expose('country', { type: 'CountryCode', nullable: true, description: 'The hosting country.' }),
    agreed: t.exposeBoolean('agreed', {
      description: 'False where two methods contradict each other: look at `traces`.',
    }),
    by: t.expose('by', {
      type: TraceMethod,
      nullable: true,
      description: 'The method that decides; null where none says anything.',
    }),
    at: t.expose('at', { type: 'DateTime', nullable: true, description: 'When that was found.' }),
    networks: t.exposeIntList('networks', { description: 'The numbers of the autonomous systems that carry it.' }),
    networkName: t.exposeString('networkName', {
      nullable: true,
      description: 'The network, as its registry names it.',
    }),
    abuseContacts: t.exposeStringList('abuseContacts', { description: 'Where the network takes complaints.' }),
    registrar: t.exposeString('registrar', { nullable: true, description: 'With whom the domain is registered.' }),
    registrarContacts: t.exposeStringList('registrarContacts', {
      description: 'Where the registrar takes complaints.',
    }),
  }),
});

builder.prismaObjectField('Case', 'hosting', (t) =>
  t.field({
    type: Hosting,
    description: 'Where it is hosted, by all that its traces say.',
    select: hostingSelection,
    resolve: hostingOf,
  }),
);

const RecordTraceInput = builder.inputType('RecordTraceInput', {
  description: 'Where a person found the host to be.',
  fields: (t) => ({
    ...caseInputFields(t),
    method: t.field({
      type: TraceMethod,
      required: true,
      description: 'By which method; PERSON overrules the others.',
    }),
    tool: t.string({ description: 'With which tool; by hand where left out.' }),
    placement: t.field({
      type: HostPlacement,
      required: true,
      description: 'In a country, or in a place that has none.',
    }),
    country: t.field({
      type: 'CountryCode',
      description: 'The country: needed when, and only when, the placement is COUNTRY.',
    }),
    network: t.string({ description: 'The network, as its registry names it.' }),
    reason: t.string({ required: true, description: 'Why.' }),
  }),
});

caseMutation(
  'traceHost',
  'Has the automatic methods run on the host, never on the page: look at `traceRuns` for what they say.',
  CaseInput,
  traceHost,
);
caseMutation('recordTrace', 'Records where a person found the host to be, and why.', RecordTraceInput, recordTrace);
