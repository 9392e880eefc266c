import { GraphQLError } from 'graphql';
import { InvalidInputError, NotFoundError } from '../domain/errors.ts';
import type { WorkingHours as WorkingHoursShape } from '../domain/working-hours.ts';
import { builder, refOf } from '../graphql/builder.ts';
import { type Context, signedIn } from '../graphql/context.ts';
import { BreakReason, ClaimRefusalReason, ReportCategory } from '../graphql/enums.ts';
import { endBreak, startBreak } from './breaks.ts';
import { type Care as CareShape, careOf } from './care-of.ts';
import { type ExposureDay as ExposureDayShape, exposureTotals } from './exposure-totals.ts';
import { type MyWork as MyWorkShape, myWork } from './my-work.ts';
import { saveCarePreferences } from './save-care-preferences.ts';

const DAY_MS = 24 * 60 * 60 * 1000;
const LONGEST_DAYS = 92;

builder.prismaObject('Break', {
  description: 'A stretch in which somebody takes no case. Its reason is for themselves.',
  fields: (t) => ({
    reason: t.expose('reason', { type: BreakReason, description: 'What for.' }),
    startedAt: t.expose('startedAt', { type: 'DateTime', description: 'Since when.' }),
  }),
});

const WorkingHours = builder.objectRef<WorkingHoursShape>('WorkingHours').implement({
  description: 'When somebody works: outside of these hours they are handed no case.',
  fields: (t) => ({
    timeZone: t.exposeString('timeZone', { description: 'The time zone of the clock, such as Africa/Nairobi.' }),
    days: t.field({ type: ['Int'], description: '1 is Monday, 7 Sunday.', resolve: ({ days }) => [...days] }),
    from: t.exposeString('from', { description: 'When they begin, such as 09:00.' }),
    until: t.exposeString('until', { description: 'When they end; before `from`, it is the next morning.' }),
  }),
});

const Care = builder.objectRef<CareShape>('Care').implement({
  description: 'Your own figures and wishes. Nobody else can read them: supervisors see sums of the team.',
  fields: (t) => ({
    minutesToday: t.int({
      description: 'Minutes with a claimed case today, in whole ones; several at once count once.',
      resolve: ({ minutesToday }) => Math.floor(minutesToday),
    }),
    dailyMinutes: t.exposeInt('dailyMinutes', {
      description: 'How many one day should hold: the hotline’s 240, or fewer if you asked so.',
    }),
    minutesSinceBreak: t.int({
      description: 'Minutes with a claimed case since you last had ten without one.',
      resolve: ({ minutesSinceBreak }) => Math.floor(minutesSinceBreak),
    }),
    breakDueAt: t.expose('breakDueAt', {
      type: 'DateTime',
      nullable: true,
      description: 'When a break will be due if you go on; null while you hold no case.',
    }),
    refusal: t.field({
      type: ClaimRefusalReason,
      nullable: true,
      description: 'Why you can claim no case now; null where you can.',
      resolve: ({ refusal }) => refusal?.reason ?? null,
    }),
    nextClaimAt: t.field({
      type: 'DateTime',
      nullable: true,
      description: 'When you can claim again; null where you can now, and during a break, which you end yourself.',
      resolve: ({ refusal }) => refusal?.until ?? null,
    }),
    onBreak: t.expose('onBreak', { type: refOf('Break'), nullable: true, description: 'The break that you are on.' }),
    workingHours: t.expose('workingHours', {
      type: WorkingHours,
      nullable: true,
      description: 'When you work; at any time where null.',
    }),
    avoids: t.expose('avoids', {
      type: [ReportCategory],
      description: 'What claimNextCase never hands to you, as far as reporters have said what it is.',
    }),
  }),
});

const MyWork = builder.objectRef<MyWorkShape>('MyWork').implement({
  description: 'What you did in a period. Nobody else can read it.',
  fields: (t) => ({
    casesHeld: t.exposeInt('casesHeld', { description: 'Different cases that you held.' }),
    minutes: t.int({
      description: 'Minutes with a claimed case, in whole ones.',
      resolve: ({ minutes }) => Math.floor(minutes),
    }),
    firstOpinions: t.exposeInt('firstOpinions', { description: 'First opinions that you signed.' }),
    secondOpinions: t.exposeInt('secondOpinions', { description: 'Second opinions that you signed.' }),
    rulings: t.exposeInt('rulings', { description: 'Disputes that you ruled on.' }),
    traces: t.exposeInt('traces', { description: 'Findings on hosts that you recorded.' }),
    actions: t.exposeInt('actions', { description: 'Notices and referrals that you decided.' }),
    observations: t.exposeInt('observations', { description: 'Times that you looked whether content was still up.' }),
    notes: t.exposeInt('notes', { description: 'Notes that you wrote.' }),
    breaks: t.exposeInt('breaks', { description: 'Breaks that you took.' }),
  }),
});

const BreakCount = builder.objectRef<{ reason: CareBreakReason; count: number }>('BreakCount').implement({
  description: 'How many breaks were taken for a reason.',
  fields: (t) => ({
    reason: t.expose('reason', { type: BreakReason, description: 'What for.' }),
    count: t.exposeInt('count', { description: 'How many.' }),
  }),
});
type CareBreakReason = NonNullable<ExposureDayShape['breaks']>[number]['reason'];

const ExposureDay = builder.objectRef<ExposureDayShape>('ExposureDay').implement({
  description:
    'How much a day (UTC) held for the team. Never a name, never a ranking: nothing is said of a day with fewer than three people at work.',
  fields: (t) => ({
    day: t.expose('day', { type: 'Date', description: 'Which day.' }),
    minutes: t.int({
      nullable: true,
      description: 'Minutes with a claimed case, of all together.',
      resolve: ({ minutes }) => (minutes === null ? null : Math.floor(minutes)),
    }),
    people: t.exposeInt('people', { nullable: true, description: 'How many held a case.' }),
    reachedBudget: t.exposeInt('reachedBudget', {
      nullable: true,
      description: 'How many of them had all that their day should hold.',
    }),
    breaks: t.expose('breaks', {
      type: [BreakCount],
      nullable: true,
      description: 'The breaks that were begun, by reason.',
    }),
  }),
});

const WorkingHoursInput = builder.inputType('WorkingHoursInput', {
  description: 'When somebody works.',
  fields: (t) => ({
    timeZone: t.string({ required: true, description: 'The time zone of the clock, such as Africa/Nairobi.' }),
    days: t.intList({ required: true, description: '1 is Monday, 7 Sunday.' }),
    from: t.string({ required: true, description: 'When they begin, such as 09:00.' }),
    until: t.string({ required: true, description: 'When they end; before `from`, it is the next morning.' }),
  }),
});

const SaveCarePreferencesInput = builder.inputType('SaveCarePreferencesInput', {
  description: 'What you ask for yourself, in place of all that you asked before.',
  fields: (t) => ({
    avoids: t.field({ type: [ReportCategory], required: true, description: 'What you ask not to be handed.' }),
    workingHours: t.field({ type: WorkingHoursInput, description: 'When you work; at any time where left out.' }),
    dailyMinutes: t.int({ description: 'Minutes with cases a day, 10 to 240; the hotline’s 240 where left out.' }),
  }),
});

const period = {
  from: { type: 'Date', required: true, description: 'The first day, in UTC.' },
  to: { type: 'Date', required: true, description: 'The last day: at most 92 in all.' },
} as const;

builder.queryFields((t) => ({
  care: t.field({
    type: Care,
    description: 'How your day is going.',
    resolve: (_root, _args, context) => ownCare(context),
  }),
  myWork: t.field({
    type: MyWork,
    description: 'What you did from one day to another. Only you can read it.',
    args: { from: t.arg(period.from), to: t.arg(period.to) },
    resolve: (_root, { from, to }, context) => myWork(signedIn(context).viewer.id, from, endOf(from, to), context.now),
  }),
  exposureTotals: t.field({
    type: [ExposureDay],
    description: 'How much each day held for the team, day by day. For supervisors.',
    args: { from: t.arg(period.from), to: t.arg(period.to) },
    resolve: (_root, { from, to }, { now }) => exposureTotals(from, endOf(from, to), now),
  }),
}));

builder.mutationFields((t) => ({
  startBreak: t.field({
    type: Care,
    description:
      'Begins a break: what you hold is kept for you for an hour, and you can claim nothing until you end it.',
    errors: { types: [InvalidInputError] },
    args: { reason: t.arg({ type: BreakReason, required: true, description: 'What for. Nobody else is told.' }) },
    resolve: async (_root, { reason }, context) => {
      await startBreak(signedIn(context), reason, context.now);
      return ownCare(context);
    },
  }),
  endBreak: t.field({
    type: Care,
    description: 'Ends your break.',
    errors: { types: [NotFoundError] },
    resolve: async (_root, _args, context) => {
      await endBreak(signedIn(context), context.now);
      return ownCare(context);
    },
  }),
  saveCarePreferences: t.field({
    type: Care,
    description: 'Keeps what you ask for yourself: what you would rather not see, when you work, how much a day.',
    errors: { types: [InvalidInputError] },
    args: { input: t.arg({ type: SaveCarePreferencesInput, required: true, description: 'All of it.' }) },
    resolve: async (_root, { input }, context) => {
      await saveCarePreferences(signedIn(context), input);
      return ownCare(context);
    },
  }),
}));

function ownCare(context: Context): Promise<CareShape> {
  return careOf(signedIn(context).viewer.id, context.now);
}

// The first moment after the last day.
function endOf(from: Date, to: Date): Date {
  const end = new Date(to.getTime() + DAY_MS);
  const days = (end.getTime() - from.getTime()) / DAY_MS;
  if (days >= 1 && days <= LONGEST_DAYS) return end;
  throw new GraphQLError(`Ask for 1 to ${LONGEST_DAYS} days, the first one first.`, {
    extensions: { code: 'BAD_USER_INPUT' },
  });
}
