import { InvalidInputError, NotFoundError } from '../domain/errors.ts';
import { builder } from '../graphql/builder.ts';
import { byTurns } from '../graphql/by-turns.ts';
import { byOf } from '../graphql/context.ts';
import { ActionKind, HostAnswer } from '../graphql/enums.ts';
import { answerHostNotice, hostNotice, type HostNotice as Shown } from './host-answer.ts';
import { looksLikeLink } from './notice-token.ts';

const HostNoticeLine = builder.objectRef<Shown['lines'][number]>('HostNoticeLine').implement({
  description: 'One address of a message, as its recipient sees it.',
  fields: (t) => ({
    line: t.exposeID('line', { description: 'What to call it in an answer.' }),
    defangedAddress: t.exposeString('defangedAddress', {
      description: 'The address in a form that nothing turns into a link.',
    }),
    answer: t.expose('answer', { type: HostAnswer, nullable: true, description: 'What was answered so far.' }),
  }),
});

const HostNotice = builder.objectRef<Shown>('HostNotice').implement({
  description: 'What whoever has the link of a message may see of it.',
  fields: (t) => ({
    reference: t.exposeString('reference', { description: 'What the message’s subject calls it.' }),
    language: t.expose('language', { type: 'LanguageTag', description: 'The language that it was written in.' }),
    kind: t.expose('kind', { type: ActionKind, description: 'What it asks for.' }),
    sentOn: t.expose('sentOn', { type: 'Date', description: 'The day on which it was sent.' }),
    validUntil: t.expose('validUntil', { type: 'Date', description: 'The day until which it can be answered.' }),
    lines: t.field({ type: [HostNoticeLine], description: 'Its addresses.', resolve: ({ lines }) => lines }),
  }),
});

const HostAnswerInput = builder.inputType('HostAnswerInput', {
  description: 'What is answered for one address.',
  fields: (t) => ({
    line: t.id({ required: true, description: 'Which address.' }),
    answer: t.field({ type: HostAnswer, required: true, description: 'What became of it.' }),
  }),
});

const AnswerHostNoticeInput = builder.inputType('AnswerHostNoticeInput', {
  description: 'The answer of a message’s recipient.',
  fields: (t) => ({
    token: t.string({ required: true, description: 'The token of the link.' }),
    answers: t.field({
      type: [HostAnswerInput],
      required: true,
      description: 'The answers, one for each address: at most 100.',
    }),
  }),
});

builder.queryField('hostNotice', (t) =>
  t.field({
    type: HostNotice,
    nullable: true,
    description: 'The message behind a link’s token, for 90 days; null for unknown, altered and expired ones alike.',
    args: { token: t.arg.string({ required: true, description: 'The token of the link.' }) },
    resolve: (_root, { token }, context) =>
      byTurns(context, looksLikeLink(token), () => hostNotice(token, context.now)),
  }),
);

builder.mutationField('answerHostNotice', (t) =>
  t.field({
    type: HostNotice,
    description: 'Answers a message by its link, without signing in. A later answer takes the place of an earlier one.',
    errors: { types: [InvalidInputError, NotFoundError] },
    args: { input: t.arg({ type: AnswerHostNoticeInput, required: true, description: 'The token and the answers.' }) },
    resolve: (_root, { input }, context) =>
      byTurns(context, looksLikeLink(input.token), async () => {
        await answerHostNotice(byOf(context), input, context.now);
        const answered = await hostNotice(input.token, context.now);
        if (!answered) throw new NotFoundError('link');
        return answered;
      }),
  }),
);
