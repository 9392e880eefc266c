import {
  ChallengeRequiredError,
  IdempotencyConflictError,
  InvalidInputError,
  NotFoundError,
  PortalClosedError,
  TooManyReportsError,
} from '../domain/errors.ts';
import { builder } from '../graphql/builder.ts';
import { byOf } from '../graphql/context.ts';
import { HowFound, ReportCategory, ReportOutcome, ReportStage, SiteType } from '../graphql/enums.ts';
import { addReportDetails } from './add-report-details.ts';
import { reportStatus, type ReportStatus as Status } from './report-status.ts';
import { type Receipt, submitReport } from './submit-report.ts';
import { withdrawContact } from './withdraw-contact.ts';

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

const ReportStatus = builder.objectRef<Status>('ReportStatus').implement({
  description: 'How far a report has come.',
  fields: (t) => ({
    receivedOn: t.expose('receivedOn', { type: 'Date', description: 'The day on which it was received.' }),
    stage: t.expose('stage', { type: ReportStage, description: 'Received, in progress or completed.' }),
    outcome: t.expose('outcome', {
      type: ReportOutcome,
      nullable: true,
      description: 'What became of it, once it is completed.',
    }),
  }),
});

const ReportDetailsInput = builder.inputType('ReportDetailsInput', {
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

const SubmitReportInput = builder.inputType('SubmitReportInput', {
  description: 'A report: the portal and the address are enough.',
  fields: (t) => ({
    portal: t.string({ required: true, description: 'The code of the portal.' }),
    address: t.string({
      required: true,
      description: 'The address as it was pasted: at most 16,000 characters and 20 addresses.',
    }),
    details: t.field({ type: ReportDetailsInput, description: 'More about it.' }),
    contactEmail: t.string({
      description: 'An email address for questions. It is sealed, and deleted 90 days after the case closes.',
    }),
    country: t.field({ type: 'CountryCode', description: 'The reporter’s country, where the portal serves many.' }),
    language: t.field({
      type: 'LanguageTag',
      description: 'The language of the page; the portal’s default where left out.',
    }),
    idempotencyKey: t.string({
      description: 'A new UUID for each report: a retry with the same key and input gets the same receipt.',
    }),
    challenge: t.string({ description: 'The solved proof of work, where a ChallengeRequiredError asked for one.' }),
  }),
});

const AddReportDetailsInput = builder.inputType('AddReportDetailsInput', {
  description: 'What a reporter remembers later.',
  fields: (t) => ({
    accessCode: t.string({ required: true, description: 'The access code of the receipt; spaces do not matter.' }),
    details: t.field({
      type: ReportDetailsInput,
      required: true,
      description: 'What is new. A note follows the one before.',
    }),
    contactEmail: t.string({ description: 'An email address, in place of the one before.' }),
  }),
});

const accessCodeDescription = 'The access code of the receipt; spaces do not matter.';

builder.queryFields((t) => ({
  reportStatus: t.field({
    type: ReportStatus,
    nullable: true,
    description: 'The status behind an access code; null for unknown, expired and deleted codes alike.',
    args: { accessCode: t.arg.string({ required: true, description: accessCodeDescription }) },
    resolve: (_root, { accessCode }) => reportStatus(accessCode),
  }),
}));

builder.mutationFields((t) => ({
  submitReport: t.field({
    type: ReportReceipt,
    description: 'Reports an address. For anyone, without a name.',
    errors: {
      types: [
        InvalidInputError,
        PortalClosedError,
        IdempotencyConflictError,
        ChallengeRequiredError,
        TooManyReportsError,
      ],
    },
    args: { input: t.arg({ type: SubmitReportInput, required: true, description: 'The report.' }) },
    resolve: (_root, { input }, context) => submitReport(byOf(context), input, context.now, context.source),
  }),
  addReportDetails: t.field({
    type: ReportStatus,
    description: 'Adds details to a report. For whoever has its access code.',
    errors: { types: [InvalidInputError, NotFoundError] },
    args: {
      input: t.arg({ type: AddReportDetailsInput, required: true, description: 'The access code and the details.' }),
    },
    resolve: async (_root, { input }, context) => {
      await addReportDetails(byOf(context), input, context.now);
      return statusBehind(input.accessCode);
    },
  }),
  withdrawContact: t.field({
    type: ReportStatus,
    description: 'Deletes the reporter’s contact at once. For whoever has the access code.',
    errors: { types: [NotFoundError] },
    args: { accessCode: t.arg.string({ required: true, description: accessCodeDescription }) },
    resolve: async (_root, { accessCode }, context) => {
      await withdrawContact(byOf(context), accessCode, context.now);
      return statusBehind(accessCode);
    },
  }),
}));

async function statusBehind(accessCode: string): Promise<Status> {
  const status = await reportStatus(accessCode);
  if (!status) throw new NotFoundError('access code');
  return status;
}
