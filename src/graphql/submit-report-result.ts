import {
  ChallengeRequiredError,
  IdempotencyConflictError,
  InvalidInputError,
  PortalClosedError,
  TooManyReportsError,
} from '../domain/errors.ts';
import type { Receipt } from '../report/submit-report.ts';
import { builder } from './builder.ts';
import { HowFound, ReportCategory, SiteType } from './enums.ts';

/** What a reporter may say besides the address: of one report, of one in a batch, and of what is added later. */
export const ReportDetailsInput = builder.inputType('ReportDetailsInput', {
  description: 'What a reporter may say besides the address. All of it is optional.',
  fields: (t) => ({
    category: t.field({ type: ReportCategory, description: 'What it seems to be.' }),
    foundOn: t.field({ type: SiteType, description: 'On what kind of site it was.' }),
    seenOn: t.field({ type: 'Date', description: 'The day on which it was seen.' }),
    howFound: t.field({ type: HowFound, description: 'How it was found.' }),
    note: t.string({ description: 'Anything else, in words: at most 4,000 characters, never a file.' }),
    inDanger: t.boolean({
      description: 'Whether a child seems to be in danger now. Call the emergency number as well.',
    }),
  }),
});

const ReceiptLine = builder.objectRef<Receipt['reports'][number]>('ReceiptLine').implement({
  description: 'One report of a receipt.',
  fields: (t) => ({
    reference: t.exposeString('reference', {
      description: 'What to quote when you speak of this report; it opens nothing.',
    }),
    address: t.exposeString('address', { description: 'The address as it was typed.' }),
  }),
});

const ReportReceipt = builder.objectRef<Receipt>('ReportReceipt').implement({
  description: 'What the reporter keeps. Only this answer holds the access code: it is stored nowhere.',
  fields: (t) => ({
    accessCode: t.exposeString('accessCode', {
      description: '16 digits that open the status. Whoever has them can add details and withdraw the contact.',
    }),
    receivedOn: t.expose('receivedOn', { type: 'Date', description: 'The day on which it was received.' }),
    reports: t.field({
      type: [ReceiptLine],
      description: 'One report for each address.',
      resolve: ({ reports }) => reports,
    }),
    proof: t.exposeString('proof', {
      description:
        'A signed statement (JWS, EdDSA) that a report was made on this day; keys at /.well-known/jwks.json.',
    }),
  }),
});

/** What comes of a report, whether it was sent alone or in a batch. A `DomainError` of these kinds, thrown or given, becomes a member. */
export const SubmitReportResult = builder.errorUnion('SubmitReportResult', {
  description: 'What came of it: the thing itself, or one of the errors that are to be expected.',
  types: [
    ReportReceipt,
    InvalidInputError,
    PortalClosedError,
    IdempotencyConflictError,
    ChallengeRequiredError,
    TooManyReportsError,
  ],
  resolveType: () => ReportReceipt,
});
