import { recordRead } from '../audit/recorded.ts';
import { prisma } from '../db.ts';
import { NotFoundError, UndoWindowOverError } from '../domain/errors.ts';
import { AssessmentInput } from '../graphql/assessment-input.ts';
import { builder } from '../graphql/builder.ts';
import { caseInputFields } from '../graphql/case-mutation.ts';
import { pageSize } from '../graphql/connection.ts';
import { byOf, signedIn } from '../graphql/context.ts';
import { caseWriteErrors } from '../graphql/errors.ts';
import { assessSimilarCases, MOST_OTHERS } from './assess-similar-cases.ts';
import { drawnForReview } from './draw-for-review.ts';
import { similarCases } from './similar-cases.ts';
import { type UndoneBulk as Undone, undoBulkAssessment } from './undo-bulk-assessment.ts';

/** The account of nobody: a stranger is refused before, and assessed nothing. */
const NOBODY = '00000000-0000-0000-0000-000000000000';

const SimilarCaseInput = builder.inputType('SimilarCaseInput', {
  description: 'One of the other cases, as similarCases gave it.',
  fields: (t) => ({
    case: t.string({ required: true, description: 'The case’s number.' }),
    version: t.int({ required: true, description: 'The version that was read.' }),
  }),
});

const AssessSimilarCasesInput = builder.inputType('AssessSimilarCasesInput', {
  description: 'One opinion on a case that you hold and on others of its host that are written alike.',
  fields: (t) => ({
    ...caseInputFields(t),
    assessment: t.field({ type: AssessmentInput, required: true, description: 'The answers, the same for all.' }),
    others: t.field({
      type: [SimilarCaseInput],
      required: true,
      description: `The others, of those that similarCases names: 1 to ${MOST_OTHERS}.`,
    }),
  }),
});

type Similar = Awaited<ReturnType<typeof similarCases>>;

const SimilarCases = builder.objectRef<Similar>('SimilarCases').implement({
  description: 'The cases that an opinion on one may be given on as well: what a bulk assessment would touch.',
  fields: (t) => ({
    cases: t.prismaField({
      type: ['Case'],
      description: 'Those cases, by priority.',
      resolve: (query, { cases }) =>
        casesByPriority(
          query,
          cases.map(({ id }) => id),
        ),
    }),
    more: t.exposeBoolean('more', { description: 'Whether there are more than were asked for.' }),
  }),
});

const BulkAssessment = builder.prismaObject('BulkAssessment', {
  description:
    'One opinion signed on several near-identical addresses of one host at once. Who signed it stands in each case.',
  fields: (t) => ({
    id: t.exposeID('id', { description: 'Its id, to undo it by.' }),
    at: t.expose('at', { type: 'DateTime', description: 'When it was signed.' }),
    undoUntil: t.expose('undoUntil', {
      type: 'DateTime',
      description: 'Until when it can be undone. Nothing goes out before.',
    }),
    undoneAt: t.expose('undoneAt', { type: 'DateTime', nullable: true, description: 'When it was undone, if it was.' }),
    cases: t.relation('cases', {
      description:
        'The cases that it is the latest of, for its author; none for others, whom one of them could tell what was said of all.',
      query: (_args, { viewer }) => ({
        where: { bulk: { is: { byId: viewer?.id ?? NOBODY } } },
        orderBy: { number: 'asc' },
      }),
    }),
  }),
});

const UndoneBulk = builder.objectRef<Undone>('UndoneBulk').implement({
  description: 'What became of a bulk assessment that was undone.',
  fields: (t) => ({
    undone: t.prismaField({
      type: ['Case'],
      description: 'The cases that wait for a first opinion again.',
      resolve: (query, { undone }) => casesByPriority(query, undone),
    }),
    left: t.prismaField({
      type: ['Case'],
      description: 'Those that had moved on (a colleague holds them, or something was done since), left as they are.',
      resolve: (query, { left }) => casesByPriority(query, left),
    }),
  }),
});

builder.prismaObjectFields('Case', (t) => ({
  undoUntil: t.expose('undoUntil', {
    type: 'DateTime',
    nullable: true,
    description: 'Assessed in bulk: until when that can be undone. Nothing of it goes out before.',
  }),
  bulk: t.relation('bulk', {
    type: BulkAssessment,
    nullable: true,
    description: 'The latest bulk assessment that it was part of.',
  }),
}));

builder.queryFields((t) => ({
  similarCases: t.field({
    type: SimilarCases,
    description:
      'Other cases of the same host whose addresses differ from this one’s in numbers and ids only, and that wait for a first opinion which you may give. Looking at them is recorded.',
    errors: { types: [NotFoundError] },
    args: {
      number: t.arg.string({ required: true, description: 'The number of the case that you hold.' }),
      first: t.arg.int({ defaultValue: MOST_OTHERS, description: `How many, 1 to ${MOST_OTHERS}.` }),
    },
    resolve: async (_root, { number, first }, context) => {
      const { viewer } = signedIn(context);
      const similar = await similarCases(viewer, number, pageSize(first, MOST_OTHERS, MOST_OTHERS));
      await recordRead(byOf(context), {
        stream: `account:${viewer.id}`,
        action: 'LIST_SIMILAR_CASES',
        subjects: [number, ...similar.cases.map((one) => one.number)],
      });
      return similar;
    },
  }),
}));

builder.mutationFields((t) => ({
  assessSimilarCases: t.prismaField({
    type: 'BulkAssessment',
    description: `Signs one first opinion on a case that you hold and on others of its host that are written alike: all or none. It can be undone for a quarter of an hour, and nothing goes out before.`,
    errors: { types: caseWriteErrors },
    args: {
      input: t.arg({ type: AssessSimilarCasesInput, required: true, description: 'The cases, and the answers.' }),
    },
    resolve: async (query, _root, { input }, context) => {
      const id = await assessSimilarCases(signedIn(context), input, context.now, drawnForReview());
      return prisma.bulkAssessment.findUniqueOrThrow({ ...query, where: { id } });
    },
  }),
  undoBulkAssessment: t.field({
    type: UndoneBulk,
    description: 'Takes a bulk assessment back while that is possible. For its author and for supervisors.',
    errors: { types: [NotFoundError, UndoWindowOverError] },
    args: { id: t.arg.id({ required: true, description: 'Its id.' }) },
    resolve: (_root, { id }, context) => undoBulkAssessment(signedIn(context), String(id), context.now),
  }),
}));

function casesByPriority(query: object, ids: string[]) {
  return prisma.case.findMany({
    ...query,
    where: { id: { in: ids } },
    orderBy: [{ priority: 'desc' }, { id: 'asc' }],
    relationLoadStrategy: 'join',
  });
}
