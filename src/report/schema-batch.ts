import { InvalidInputError } from '../domain/errors.ts';
import { builder } from '../graphql/builder.ts';
import { signedIn } from '../graphql/context.ts';
import { ReportDetailsInput, SubmitReportResult } from '../graphql/submit-report-result.ts';
import { type ReportBatch as Batch, submitReports } from './submit-reports.ts';

const ReportBatch = builder.objectRef<Batch>('ReportBatch').implement({
  description: 'What came of a batch of reports.',
  fields: (t) => ({
    results: t.field({
      type: [SubmitReportResult],
      description: 'What came of each report, in the order of the batch: a receipt, or an error of its own.',
      resolve: ({ results }) => results,
    }),
  }),
});

const BatchReportInput = builder.inputType('BatchReportInput', {
  description: 'One report of a batch.',
  fields: (t) => ({
    address: t.string({ required: true, description: 'The address, or several that belong together: at most 20.' }),
    details: t.field({ type: ReportDetailsInput, description: 'More about it.' }),
    country: t.field({ type: 'CountryCode', description: 'The country it concerns, where the portal serves many.' }),
    language: t.field({ type: 'LanguageTag', description: 'The language of the note; one that the portal speaks.' }),
  }),
});

const SubmitReportsInput = builder.inputType('SubmitReportsInput', {
  description: 'A batch of reports through one portal.',
  fields: (t) => ({
    portal: t.string({ required: true, description: 'The code of the portal.' }),
    reports: t.field({
      type: [BatchReportInput],
      required: true,
      description: 'The reports: 1 to 100, in 64 KiB.',
    }),
    idempotencyKey: t.string({
      required: true,
      description: 'A new UUID for each batch: a retry with the same key and reports gets the same receipts.',
    }),
  }),
});

builder.mutationFields((t) => ({
  submitReports: t.field({
    type: ReportBatch,
    description: 'Reports up to 100 times at once. For members with a key, and for analysts.',
    errors: { types: [InvalidInputError] },
    args: { input: t.arg({ type: SubmitReportsInput, required: true, description: 'The batch.' }) },
    resolve: (_root, { input }, context) => submitReports(signedIn(context), input, context.now),
  }),
}));
