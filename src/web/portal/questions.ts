import type { VariablesOf } from 'gql.tada';
import type { MessageKey } from '../messages.ts';
import type { AddAnswer, Answers } from './documents.ts';
import type { Form } from './form.ts';

/** The questions that follow a report, in their order: the most urgent first, the most personal last. */
export const questions = ['inDanger', 'category', 'foundOn', 'seenOn', 'howFound', 'note', 'contactEmail'] as const;
export type Question = (typeof questions)[number];

type Input = Omit<VariablesOf<typeof AddAnswer>['input'], 'accessCode'>;
type Details = NonNullable<Input['details']>;
export type Category = NonNullable<Details['category']>;
export type SiteType = NonNullable<Details['foundOn']>;
export type HowFound = NonNullable<Details['howFound']>;

const categories = [
  'CHILD_SEXUAL_ABUSE_MATERIAL',
  'SELF_GENERATED_MATERIAL',
  'AI_GENERATED_MATERIAL',
  'NON_PHOTOGRAPHIC_MATERIAL',
  'GROOMING_OR_EXTORTION',
  'OTHER',
  'UNSURE',
] as const satisfies Category[];

// The kinds of site that people know by sight; analysts tell the others apart.
const sites = [
  'WEBSITE',
  'SOCIAL',
  'CHAT',
  'FORUM',
  'IMAGE_HOST',
  'IMAGE_BOARD',
  'FILE_HOST',
  'SEARCH',
  'HIDDEN_SERVICE',
  'OTHER',
] as const satisfies SiteType[];

const ways = ['SEARCH', 'MESSAGE', 'ADVERT', 'APP', 'LINK', 'OTHER'] as const satisfies HowFound[];

/** A question that is answered by one of several choices: their values, and the messages that name them. */
export const choices = {
  inDanger: [
    { value: 'yes', label: 'answer.yes' },
    { value: 'no', label: 'answer.no' },
    { value: 'unsure', label: 'answer.unsure' },
  ],
  category: categories.map((value) => ({ value, label: `category.${value}` as const })),
  foundOn: sites.map((value) => ({ value, label: `siteType.${value}` as const })),
  howFound: ways.map((value) => ({ value, label: `howFound.${value}` as const })),
} satisfies Partial<Record<Question, { value: string; label: MessageKey }[]>>;

/** The question of a name, or null. */
export const questionOf = (name: string): Question | null => questions.find((question) => question === name) ?? null;

/** Whether something is saved for a question already. That nobody said "in danger" and that somebody said "no" look alike. */
export function isAnswered(question: Question, answers: Answers): boolean {
  if (question === 'note') return answers.hasNote;
  if (question === 'contactEmail') return answers.hasContact;
  return answers[question] !== null;
}

/** The next question behind one (null: the first) that has no answer yet, or null. */
export function nextQuestion(after: Question | null, answers: Answers): Question | null {
  const rest = questions.slice(after === null ? 0 : questions.indexOf(after) + 1);
  return rest.find((question) => !isAnswered(question, answers)) ?? null;
}

/** The question before one, or null before the first. */
export function questionBefore(question: Question): Question | null {
  return questions[questions.indexOf(question) - 1] ?? null;
}

/** What a form answers to a question: what to save (null: nothing), or the key of a fault. */
export function readAnswer(question: Question, form: Form): { save: Input | null } | { fault: MessageKey } {
  const typed = form.text(question).trim();
  if (question === 'seenOn') return readDay(form);
  if (question === 'note') return typed ? { save: { details: { note: typed } } } : { fault: 'fault.NO_WORDS' };
  if (question === 'contactEmail')
    return typed ? { save: { details: {}, contactEmail: typed } } : { fault: 'fault.EMAIL' };
  if (!choices[question].some(({ value }) => value === typed)) return { fault: 'fault.CHOOSE' };
  if (question !== 'inDanger') return { save: { details: { [question]: typed } } };
  return { save: typed === 'unsure' ? null : { details: { inDanger: typed === 'yes' } } };
}

function readDay(form: Form): { save: Input } | { fault: MessageKey } {
  const [day, month, year] = dayFields.map((field) => westernDigits(form.text(field).trim()));
  if (!day && !month && !year) return { fault: 'fault.NO_DATE' };
  if (!/^\d{1,2}$/.test(day ?? '') || !/^\d{1,2}$/.test(month ?? '') || !/^\d{4}$/.test(year ?? ''))
    return { fault: 'fault.NOT_A_DATE' };
  const seenOn = `${year}-${month?.padStart(2, '0')}-${day?.padStart(2, '0')}`;
  const date = new Date(`${seenOn}T00:00:00Z`);
  const isReal = !Number.isNaN(date.getTime()) && date.toISOString().startsWith(seenOn) && Number(year) >= 1990;
  return isReal ? { save: { details: { seenOn } } } : { fault: 'fault.NOT_A_DATE' };
}

/** The names of the three fields of a day, in the order in which they are shown. */
export const dayFields = ['seenOn-day', 'seenOn-month', 'seenOn-year'] as const;

/** Digits of any script as 0 to 9: Unicode keeps the ten of each together, zero first (The Unicode Standard, §4.6). */
function westernDigits(text: string): string {
  return text.replace(/\p{Nd}/gu, (digit) => {
    const own = digit.codePointAt(0) ?? 0;
    let zero = own;
    while (zero > 0 && /\p{Nd}/u.test(String.fromCodePoint(zero - 1))) zero--;
    return String((own - zero) % 10);
  });
}

/** A day that cannot be read in another order. */
export const EXAMPLE_DAY = { day: '27', month: '3', year: '2026' };
