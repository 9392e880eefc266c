import { builder } from '../graphql/builder.ts';
import { CaseInput, caseInputFields, caseMutation } from '../graphql/case-mutation.ts';
import { Colleague } from '../graphql/colleague.ts';
import { HostPlacement, TraceMethod } from '../graphql/enums.ts';
import { recordTrace } from './record-trace.ts';
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
  'Runs the automatic methods on the host, never on the page. Only what the address itself tells, so far.',
  CaseInput,
  traceHost,
);
caseMutation('recordTrace', 'Records where a person found the host to be, and why.', RecordTraceInput, recordTrace);
