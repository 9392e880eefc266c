import { InvalidInputError, NotFoundError } from '../domain/errors.ts';
import { readAccessCode } from '../domain/receipt.ts';
import { builder } from '../graphql/builder.ts';
import { byTurns } from '../graphql/by-turns.ts';
import { byOf, type Context } from '../graphql/context.ts';
import { HowFound, ReportCategory, ReportOutcome, ReportStage, SiteType } from '../graphql/enums.ts';
import { ReportDetailsInput, SubmitReportResult } from '../graphql/submit-report-result.ts';
import { addReportDetails } from './add-report-details.ts';
import { type ProvenReport, provenReport } from './receipt-proof.ts';
import { type ReportAnswers as Answers, reportStatus, type ReportStatus as Status } from './report-status.ts';
import { submitReport } from './submit-report.ts';
import { withdrawContact } from './withdraw-contact.ts';

const ReportAnswers = builder.objectRef<Answers>('ReportAnswers').implement({
  description: 'What the reporter has answered so far. No text of theirs comes back, only whether there is any.',
  fields: (t) => ({
    category: t.expose('category', {
      type: ReportCategory,
      nullable: true,
      description: 'What it seems to be.',
    }),
    foundOn: t.expose('foundOn', { type: SiteType, nullable: true, description: 'On what kind of site it was.' }),
    seenOn: t.expose('seenOn', { type: 'Date', nullable: true, description: 'The day on which it was seen.' }),
    howFound: t.expose('howFound', { type: HowFound, nullable: true, description: 'How it was found.' }),
    inDanger: t.exposeBoolean('inDanger', {
      nullable: true,
      description: 'Whether a child was said to be in danger now; null where they said neither yes nor no.',
    }),
    hasNote: t.exposeBoolean('hasNote', { description: 'Whether there is a note.' }),
    hasContact: t.exposeBoolean('hasContact', { description: 'Whether there is an email address to withdraw.' }),
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
    answers: t.field({
      type: ReportAnswers,
      description: 'What the reporter has answered so far.',
      resolve: ({ answers }) => answers,
    }),
  }),
});

const ProofOfReport = builder.objectRef<ProvenReport>('ProofOfReport').implement({
  description: 'What a proof of report says, and all that it says.',
  fields: (t) => ({
    receivedOn: t.expose('receivedOn', { type: 'Date', description: 'The day on which the report was received.' }),
    references: t.exposeStringList('references', {
      description: 'The references of the receipt, one for each address.',
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
    challenge: t.string({
      description:
        'The solved proof of work, or the ticket after its wait, where a ChallengeRequiredError asked for one.',
    }),
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
    description: 'The status behind an access code, for two years; null for unknown, expired and deleted codes alike.',
    args: { accessCode: t.arg.string({ required: true, description: accessCodeDescription }) },
    resolve: (_root, { accessCode }, context) =>
      withCode(context, accessCode, () => reportStatus(accessCode, context.now)),
  }),
  proofOfReport: t.field({
    type: ProofOfReport,
    nullable: true,
    description: 'What a proof of report says; null for a text that is not a proof of ours, or was altered.',
    args: {
      proof: t.arg.string({
        required: true,
        description: 'The proof of a receipt; spaces and line breaks do not matter.',
      }),
    },
    resolve: (_root, { proof }) => provenReport(proof),
  }),
}));

builder.mutationFields((t) => ({
  submitReport: t.field({
    type: SubmitReportResult,
    description: 'Reports an address. For anyone, without a name.',
    args: { input: t.arg({ type: SubmitReportInput, required: true, description: 'The report.' }) },
    resolve: (_root, { input }, context) =>
      submitReport(byOf(context), input, context.now, context.source(), context.origin),
  }),
  addReportDetails: t.field({
    type: ReportStatus,
    description: 'Adds details to a report. For whoever has its access code.',
    errors: { types: [InvalidInputError, NotFoundError] },
    args: {
      input: t.arg({ type: AddReportDetailsInput, required: true, description: 'The access code and the details.' }),
    },
    resolve: (_root, { input }, context) =>
      withCode(context, input.accessCode, async () => {
        await addReportDetails(byOf(context), input, context.now);
        return statusBehind(input.accessCode, context.now);
      }),
  }),
  withdrawContact: t.field({
    type: ReportStatus,
    description: 'Deletes the reporter’s contact at once. For whoever has the access code.',
    errors: { types: [NotFoundError] },
    args: { accessCode: t.arg.string({ required: true, description: accessCodeDescription }) },
    resolve: (_root, { accessCode }, context) =>
      withCode(context, accessCode, async () => {
        await withdrawContact(byOf(context), accessCode, context.now);
        return statusBehind(accessCode, context.now);
      }),
  }),
}));

async function statusBehind(accessCode: string, now: Date): Promise<Status> {
  const status = await reportStatus(accessCode, now);
  if (!status) throw new NotFoundError('access code');
  return status;
}

// Whoever guesses codes has to take turns.
function withCode<T>(context: Context, accessCode: string, open: () => Promise<T>): Promise<T> {
  return byTurns(context, readAccessCode(accessCode) !== null, open);
}
