import { recordRead } from '../audit/recorded.ts';
import { InvalidInputError, NotFoundError } from '../domain/errors.ts';
import { builder, refOf } from '../graphql/builder.ts';
import { Colleague } from '../graphql/colleague.ts';
import { byOf, signedIn } from '../graphql/context.ts';
import { markQuarantineMalicious, releaseQuarantine } from './decide-quarantine.ts';
import { listQuarantines, type Pattern, type QuarantineView, quarantineById } from './list-quarantines.ts';

const QuarantinePattern = builder.objectRef<Pattern>('QuarantinePattern').implement({
  description: 'The reports of a quarantine that wait and have the registered domain of their address in common.',
  fields: (t) => ({
    host: t.exposeString('host', {
      description:
        'The registered domain; the host, or the kind of address such as MAGNET, where there is none. Send it back as `host` to decide this part alone.',
    }),
    reports: t.exposeInt('reports', { description: 'How many of them wait.' }),
    sampleAddresses: t.exposeStringList('sampleAddresses', {
      description: 'Up to two of their canonical addresses, in a form that nothing turns into a link.',
    }),
  }),
});

const Quarantine = builder.objectRef<QuarantineView>('Quarantine').implement({
  description:
    'Reports that came faster than people report, set aside for one look in bulk: those of one burst through one portal. Nobody knows who sent them.',
  fields: (t) => ({
    id: t.exposeID('id', { description: 'Its id.' }),
    portal: t.field({
      type: refOf('Portal'),
      description: 'The portal that they came through.',
      resolve: ({ portal }) => portal,
    }),
    openedAt: t.expose('openedAt', { type: 'DateTime', description: 'When the first of them was set aside.' }),
    decidedAt: t.expose('decidedAt', {
      type: 'DateTime',
      nullable: true,
      description: 'When the last of them was decided; null while any waits.',
    }),
    decidedBy: t.field({
      type: Colleague,
      nullable: true,
      description: 'Who decided the last of them; null while any waits.',
      resolve: ({ decidedBy }) => decidedBy,
    }),
    reports: t.exposeInt('reports', { description: 'How many wait.' }),
    released: t.exposeInt('released', { description: 'How many were released and count since.' }),
    malicious: t.exposeInt('malicious', { description: 'How many were marked as malicious.' }),
    inDanger: t.exposeInt('inDanger', {
      description: 'How many of those that wait say that a child is in danger now.',
    }),
    firstReceivedAt: t.expose('firstReceivedAt', { type: 'DateTime', description: 'When the first was received.' }),
    lastReceivedAt: t.expose('lastReceivedAt', { type: 'DateTime', description: 'When the last was received.' }),
    patterns: t.field({
      type: [QuarantinePattern],
      description: 'Those that wait by what their addresses have in common, largest first: at most 20.',
      resolve: ({ patterns }) => patterns,
    }),
  }),
});

const DecideQuarantineInput = builder.inputType('DecideQuarantineInput', {
  description: 'What to decide of a quarantine: all reports in it that wait, or those of one pattern.',
  fields: (t) => ({
    quarantine: t.id({ required: true, description: 'The quarantine’s id.' }),
    host: t.string({ description: 'The `host` of a pattern: only the reports of it.' }),
    reason: t.string({ description: 'Why, in at most 200 characters: kept as a note on each case.' }),
  }),
});

builder.queryFields((t) => ({
  quarantines: t.field({
    type: [Quarantine],
    description: 'The quarantines, newest first: at most 100. Looking at them is recorded.',
    args: {
      open: t.arg.boolean({ description: 'True: in which reports wait. False: in which none waits any more.' }),
      portal: t.arg.string({ description: 'Of the portal of this code.' }),
    },
    resolve: async (_root, filter, context) => {
      const found = await listQuarantines(filter);
      await recordRead(byOf(context), {
        stream: `account:${context.viewer?.id}`,
        action: 'LIST_QUARANTINES',
        detail: { quarantines: found.map(({ id }) => id) },
      });
      return found;
    },
  }),
}));

builder.mutationFields((t) => ({
  releaseQuarantine: t.field({
    type: Quarantine,
    description:
      'Lets reports that wait count, from when they came in: their cases enter the queue or rise in it. Repeating it changes nothing.',
    errors: { types: [InvalidInputError, NotFoundError] },
    args: { input: t.arg({ type: DecideQuarantineInput, required: true, description: 'Which reports.' }) },
    resolve: async (_root, { input }, context) =>
      quarantineById(await releaseQuarantine(signedIn(context), input, context.now)),
  }),
  markQuarantineMalicious: t.field({
    type: Quarantine,
    description:
      'Closes reports that wait as malicious: they stay kept and counted as received, and never weigh in a case. Repeating it changes nothing.',
    errors: { types: [InvalidInputError, NotFoundError] },
    args: { input: t.arg({ type: DecideQuarantineInput, required: true, description: 'Which reports.' }) },
    resolve: async (_root, { input }, context) =>
      quarantineById(await markQuarantineMalicious(signedIn(context), input, context.now)),
  }),
}));
