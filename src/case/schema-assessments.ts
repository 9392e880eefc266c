import { InvalidInputError, InvalidTransitionError, NotClaimedError, NotFoundError } from '../domain/errors.ts';
import { AssessmentDraftInput, AssessmentInput } from '../graphql/assessment-input.ts';
import { builder } from '../graphql/builder.ts';
import { caseAfter, caseInputFields, caseMutation } from '../graphql/case-mutation.ts';
import { signedIn } from '../graphql/context.ts';
import * as enums from '../graphql/enums.ts';
import { assessCase, reviewCase, ruleOnCase } from './assess-case.ts';
import { type DraftAnswers, draftAnswers, saveAssessmentDraft } from './assessment-draft.ts';
import { drawnForReview } from './draw-for-review.ts';

/** The account of nobody: a stranger is refused before, and would find no draft. */
const NOBODY = '00000000-0000-0000-0000-000000000000';

const AssessCaseInput = builder.inputType('AssessCaseInput', {
  description: 'An opinion on a case.',
  fields: (t) => ({
    ...caseInputFields(t),
    assessment: t.field({ type: AssessmentInput, required: true, description: 'The answers.' }),
  }),
});

const SaveAssessmentDraftInput = builder.inputType('SaveAssessmentDraftInput', {
  description: 'What to keep of an opinion that is not signed yet.',
  fields: (t) => ({
    case: t.string({ required: true, description: 'The number of a case that you hold.' }),
    assessment: t.field({ type: AssessmentDraftInput, required: true, description: 'The answers so far.' }),
  }),
});

const AssessmentDraft = builder.objectRef<DraftAnswers & { savedAt: Date }>('AssessmentDraft').implement({
  description: 'Your own answers so far of an opinion that you have not signed. Nobody else sees them.',
  fields: (t) => ({
    savedAt: t.expose('savedAt', { type: 'DateTime', description: 'When they were kept.' }),
    verdict: t.expose('verdict', { type: enums.Verdict, nullable: true, description: 'Actionable or not.' }),
    reason: t.expose('reason', { type: enums.NotActionableReason, nullable: true, description: 'Why not, if not.' }),
    severity: t.expose('severity', {
      type: enums.Severity,
      nullable: true,
      description: 'The most severe category seen.',
    }),
    youngestAge: t.expose('youngestAge', {
      type: enums.AgeBand,
      nullable: true,
      description: 'The youngest child seen.',
    }),
    sex: t.expose('sex', { type: enums.SexSeen, nullable: true, description: 'The sex of the children seen.' }),
    form: t.expose('form', {
      type: enums.ImageForm,
      nullable: true,
      description: 'Photographic, AI-generated or non-photographic.',
    }),
    selfGenerated: t.exposeBoolean('selfGenerated', { nullable: true, description: 'Whether a child made it.' }),
    coerced: t.exposeBoolean('coerced', { nullable: true, description: 'Whether the child was coerced.' }),
    commercial: t.expose('commercial', {
      type: enums.Commerciality,
      nullable: true,
      description: 'Whether money is asked for.',
    }),
    disguised: t.exposeBoolean('disguised', {
      nullable: true,
      description: 'Whether the site shows it only to those who come a certain way.',
    }),
    siteType: t.expose('siteType', { type: enums.SiteType, nullable: true, description: 'What kind of site it is.' }),
    jurisdiction: t.expose('jurisdiction', {
      type: enums.Jurisdiction,
      nullable: true,
      description: 'Where it is illegal.',
    }),
    requestReview: t.exposeBoolean('requestReview', {
      nullable: true,
      description: 'Whether a second opinion is asked for.',
    }),
    requestListing: t.exposeBoolean('requestListing', {
      nullable: true,
      description: 'Whether it is to go on the URL list.',
    }),
    note: t.exposeString('note', { nullable: true, description: 'Your words.' }),
  }),
});

builder.prismaObjectField('Case', 'draft', (t) =>
  t.field({
    type: AssessmentDraft,
    nullable: true,
    description: 'What you have kept of an opinion on it that you have not signed. Others’ are theirs alone.',
    select: (_args, { viewer }) => ({ drafts: { where: { accountId: viewer?.id ?? NOBODY }, take: 1 } }),
    resolve: ({ drafts: [own] }) => (own ? { ...draftAnswers(own.answers), savedAt: own.savedAt } : null),
  }),
);

caseMutation('assessCase', 'Signs the first opinion on a case that you hold.', AssessCaseInput, (by, input, now) =>
  assessCase(by, input, now, drawnForReview()),
);
caseMutation(
  'reviewCase',
  'Signs the second opinion, blind to the first, on a case that you hold.',
  AssessCaseInput,
  reviewCase,
);
caseMutation(
  'ruleOnCase',
  'Rules where two opinions differ. For supervisors who gave neither.',
  AssessCaseInput,
  ruleOnCase,
);

builder.mutationField('saveAssessmentDraft', (t) =>
  t.prismaField({
    type: 'Case',
    description:
      'Keeps the answers that you have so far on a case that you hold, in place of those kept before. Its version stays.',
    errors: { types: [InvalidInputError, NotFoundError, NotClaimedError, InvalidTransitionError] },
    args: {
      input: t.arg({ type: SaveAssessmentDraftInput, required: true, description: 'The case and the answers.' }),
    },
    resolve: async (query, _root, { input }, context, info) => {
      const id = await saveAssessmentDraft(signedIn(context), input, context.now);
      return caseAfter({ id, number: input.case }, query, info);
    },
  }),
);
