import { builder } from '../graphql/builder.ts';
import { caseInputFields, caseMutation } from '../graphql/case-mutation.ts';
import { connectionOf, fromCursor, pageOf, pageSize, WHOLE_NUMBER } from '../graphql/connection.ts';
import { type HistoryEvent as Event, tellEntry } from './history-sentence.ts';
import { setLegalHold } from './legal-hold.ts';

const HistoryEvent = builder.objectRef<Event>('HistoryEvent').implement({
  description: 'One thing that happened to a case, from the audit trail.',
  fields: (t) => ({
    at: t.expose('at', { type: 'DateTime', description: 'When.' }),
    who: t.exposeString('who', {
      description: 'The name of a colleague, or: The platform, A partner, Somebody (the public).',
    }),
    what: t.exposeString('what', { description: 'The audit trail’s word for it, such as CLAIM.' }),
    sentence: t.exposeString('sentence', { description: 'The same as a sentence in English, to read as a story.' }),
    from: t.exposeString('from', { nullable: true, description: 'The state before, where the step has one.' }),
    to: t.exposeString('to', { nullable: true, description: 'The state after; the same where it did not move.' }),
    detail: t.exposeString('detail', {
      nullable: true,
      description:
        'More facts, as JSON. Null while a second opinion is owed, since they could tell the first, and once retention removed them.',
    }),
  }),
});

const HistoryConnection = connectionOf('History', HistoryEvent, 'things that happened to a case');

builder.prismaObjectFields('Case', (t) => ({
  legalHold: t.exposeBoolean('legalHold', {
    description: 'Whether retention may delete nothing of it: neither contacts nor words.',
  }),
  history: t.field({
    type: HistoryConnection,
    description: 'What happened to it, oldest first: who, what, when, from which state to which.',
    args: {
      first: t.arg.int({ defaultValue: 50, description: 'How many, 1 to 100.' }),
      after: t.arg.string({ description: 'The cursor to go on after.' }),
      includeReads: t.arg.boolean({ defaultValue: false, description: 'Whether to tell also who only looked at it.' }),
    },
    resolve: async ({ number, state }, { first, after, includeReads }, { loaders, viewer }) => {
      const size = pageSize(first, 50);
      const [id] = fromCursor(after, [WHOLE_NUMBER]) ?? [];
      const from = id ? BigInt(id) : null;
      const entries = await loaders.historyOfCase.load({
        number,
        first: size,
        after: from,
        includeReads: includeReads ?? false,
      });
      const page = pageOf(entries, size, (entry) => [String(entry.id)]);
      const isBlind = (actor: string) => state === 'AWAITING_REVIEW' && actor !== `account:${viewer?.id}`;
      return {
        ...page,
        edges: page.edges.map(({ key, node }) => ({ key, node: tellEntry(node, isBlind(node.actor)) })),
      };
    },
  }),
}));

const LegalHoldInput = builder.inputType('LegalHoldInput', {
  description: 'Whether a case is under a legal hold, and why.',
  fields: (t) => ({
    ...caseInputFields(t),
    on: t.boolean({ required: true, description: 'True to begin it, false to end it.' }),
    reason: t.string({
      required: true,
      description:
        'Why, in at most 1,000 characters: such as the court and its file number. Kept as a note on the case.',
    }),
  }),
});

caseMutation(
  'setLegalHold',
  'Begins or ends a legal hold: while it lasts, retention deletes nothing of the case. For supervisors.',
  LegalHoldInput,
  setLegalHold,
);
