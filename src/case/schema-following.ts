import { type EpisodeTimes, episodeClock } from '../domain/clock.ts';
import { type InputIssue, InvalidInputError } from '../domain/errors.ts';
import { builder } from '../graphql/builder.ts';
import { pageSize } from '../graphql/connection.ts';
import { signedIn } from '../graphql/context.ts';
import * as enums from '../graphql/enums.ts';
import { InputIssue as InputIssueType } from '../graphql/errors.ts';
import { checksDue, type CheckDue as Due } from './checks-due.ts';
import { type ObservationResult as Result, recordObservations } from './record-observations.ts';

const times = {
  firstReported: true,
  assessed: true,
  traced: true,
  policeTold: true,
  hostTold: true,
  hotlineTold: true,
  firstSeenGone: true,
} as const satisfies Record<keyof EpisodeTimes, true>;

const minutes = {
  minutesToAssess: 'Whole minutes from first reported to assessed.',
  minutesToNotify: 'Whole minutes from first reported until the first of host, police and hotline was told.',
  minutesToRemove: 'Whole minutes from first reported to first seen gone.',
  minutesFromNoticeToRemoval:
    'Whole minutes from the first of host, police and hotline told to first seen gone; null where it went before.',
} as const;

for (const name of Object.keys(minutes) as (keyof typeof minutes)[]) {
  builder.prismaObjectField('Episode', name, (t) =>
    t.int({
      nullable: true,
      description: minutes[name],
      select: times,
      resolve: (episode) => episodeClock(episode)[name],
    }),
  );
}

builder.prismaObjectFields('Case', (t) => ({
  clocks: t.relation('episodes', {
    description: 'The raw times of every episode, oldest first, and how long each step took.',
    query: { orderBy: { number: 'asc' } },
  }),
  nextCheckAt: t.expose('nextCheckAt', {
    type: 'DateTime',
    nullable: true,
    description: 'When somebody should look again whether the content is up; null where nobody needs to.',
  }),
}));

const CheckDue = builder.objectRef<Due>('CheckDue').implement({
  description: 'That somebody, or a tool, should look whether content is still up.',
  fields: (t) => ({
    number: t.exposeString('number', { description: 'The number of the case: what to send the observation for.' }),
    address: t.exposeString('address', { description: 'The canonical address. Never to be shown as a link.' }),
    dueSince: t.expose('dueSince', { type: 'DateTime', description: 'Since when it is due.' }),
    lastSeen: t.expose('lastSeen', {
      type: enums.Seen,
      nullable: true,
      description: 'What was seen at the last look; null before the first.',
    }),
  }),
});

const ObservationFault = builder.objectRef<NonNullable<Result['fault']>>('ObservationFault').implement({
  description: 'Why an observation of a batch was not taken.',
  fields: (t) => ({
    code: t.exposeString('code', { description: 'A stable code, such as NOT_FOUND.' }),
    message: t.exposeString('message', { description: 'What went wrong, in English.' }),
    issues: t.field({
      type: [InputIssueType],
      description: 'Every fault of its input.',
      resolve: ({ issues }): InputIssue[] => issues,
    }),
  }),
});

const ObservationResult = builder.objectRef<Result>('ObservationResult').implement({
  description: 'What came of one observation of a batch.',
  fields: (t) => ({
    case: t.exposeString('case', { description: 'The case’s number, as it was sent.' }),
    taken: t.boolean({ description: 'Whether it was taken.', resolve: ({ fault }) => fault === null }),
    fault: t.field({
      type: ObservationFault,
      nullable: true,
      description: 'Why it was not; null where it was.',
      resolve: ({ fault }) => fault,
    }),
  }),
});

const ObservationBatch = builder.objectRef<{ results: Result[] }>('ObservationBatch').implement({
  description: 'What came of a batch of observations.',
  fields: (t) => ({
    results: t.field({
      type: [ObservationResult],
      description: 'What came of each, in the order of the batch.',
      resolve: ({ results }) => results,
    }),
  }),
});

const ObservationLineInput = builder.inputType('ObservationLineInput', {
  description: 'One observation of a batch.',
  fields: (t) => ({
    case: t.string({ required: true, description: 'The case’s number.' }),
    seen: t.field({ type: enums.Seen, required: true, description: 'Up, gone or moved.' }),
    movedTo: t.field({ type: 'CountryCode', description: 'Where it moved to: needed when, and only when, moved.' }),
    at: t.field({ type: 'DateTime', description: 'When it was seen; now where left out.' }),
  }),
});

const RecordObservationsInput = builder.inputType('RecordObservationsInput', {
  description: 'What was seen of several cases.',
  fields: (t) => ({
    observations: t.field({ type: [ObservationLineInput], required: true, description: 'The observations: 1 to 100.' }),
    idempotencyKey: t.string({
      required: true,
      description: 'A new UUID for each batch: a retry with the same key and observations records none twice.',
    }),
  }),
});

builder.queryFields((t) => ({
  checksDue: t.field({
    type: [CheckDue],
    description: 'The looks that are due now, the longest due first. Reading them is recorded.',
    args: { first: t.arg.int({ defaultValue: 100, description: 'How many, 1 to 500.' }) },
    resolve: (_root, { first }, context) => checksDue(signedIn(context), pageSize(first, 100, 500), context.now),
  }),
}));

builder.mutationFields((t) => ({
  recordObservations: t.field({
    type: ObservationBatch,
    description: 'Records what was seen of up to 100 cases, each by itself. For tools with a key, and for analysts.',
    errors: { types: [InvalidInputError] },
    args: { input: t.arg({ type: RecordObservationsInput, required: true, description: 'The batch.' }) },
    resolve: async (_root, { input }, context) => ({
      results: await recordObservations(signedIn(context), input, context.now),
    }),
  }),
}));
