import type { MessageKey } from '../messages.ts';
import { CheckPage, DonePage } from './check-page.tsx';
import { AddAnswer, type Answers, StatusOfReport } from './documents.ts';
import type { Form } from './form.ts';
import { QuestionPage } from './question-page.tsx';
import {
  dayFields,
  EXAMPLE_DAY,
  nextQuestion,
  type Question,
  questionBefore,
  questionOf,
  questions,
  readAnswer,
} from './questions.ts';
import { NoSuchReport, StatusForm } from './status-page.tsx';
import type { View } from './view.ts';
import { isForeign, type PageContext, respond, type Site } from './visit.tsx';

/** What submission-input.ts takes at once. */
const MAX_NOTE_LENGTH = 4_000;

type Asked = { c: PageContext; site: Site; view: View; form: Form; accessCode: string; changing: boolean };

/** Saves the answer to a question and shows the next page: another question, all answers, or the end. */
export async function answerQuestion(c: PageContext, site: Site, view: View, form: Form): Promise<Response> {
  if (isForeign(c, site)) return respond(c, <StatusForm view={view} />);
  const accessCode = form.text('accessCode');
  const asked = { c, site, view, form, accessCode, changing: form.text('changing') === 'yes' };
  const question = questionOf(form.text('question'));
  const action = form.text('action');
  if (action === 'done') return respond(c, <DonePage view={view} />);
  if (action === 'save' && question) return save(asked, question);

  const { reportStatus } = await site.ask(StatusOfReport, { accessCode }, site.visitOf(c));
  if (!reportStatus) return respond(c, <NoSuchReport view={view} />, 404);
  const { answers } = reportStatus;
  if (action === 'change' && question) return showQuestion({ ...asked, changing: true }, question, answers);
  if (action === 'back') return goBack(asked, question, answers);
  return goOn(asked, action === 'skip' ? question : null, answers);
}

async function save(asked: Asked, question: Question): Promise<Response> {
  const { c, site, view, form, accessCode } = asked;
  const read = readAnswer(question, form);
  if ('fault' in read) return showFault(asked, question, read.fault);
  const saved = { accessCode, ...(read.save ?? { details: {} }) };
  const { addReportDetails: added } = await site.ask(AddAnswer, { input: saved }, site.visitOf(c));
  if (added.__typename === 'NotFoundError') return respond(c, <NoSuchReport view={view} />, 404);
  if (added.__typename === 'InvalidInputError')
    return showFault(asked, question, faultOf(question, added.issues, form.text('note')));
  return goOn(asked, question, added.answers, saved.details.inDanger === true);
}

function goOn(asked: Asked, from: Question | null, answers: Answers, danger = false): Response {
  const next = asked.changing ? null : nextQuestion(from, answers);
  return next ? showQuestion(asked, next, answers, danger) : showCheck(asked, answers);
}

function goBack(asked: Asked, from: Question | null, answers: Answers): Response {
  if (asked.changing) return showCheck(asked, answers);
  const before = from ? questionBefore(from) : questions[questions.length - 1];
  return showQuestion(asked, before ?? questions[0], answers);
}

function showCheck({ c, view, accessCode }: Asked, answers: Answers): Response {
  return respond(c, <CheckPage view={view} accessCode={accessCode} answers={answers} />);
}

function showQuestion(asked: Asked, question: Question, answers: Answers, danger = false): Response {
  const { c, view, accessCode, changing } = asked;
  const page = { view, question, accessCode, answers, changing, danger };
  return respond(c, <QuestionPage {...page} />);
}

async function showFault(asked: Asked, question: Question, key: MessageKey): Promise<Response> {
  const { c, site, view, form, accessCode, changing } = asked;
  const { reportStatus } = await site.ask(StatusOfReport, { accessCode }, site.visitOf(c));
  if (!reportStatus) return respond(c, <NoSuchReport view={view} />, 404);
  const field = question === 'seenOn' ? dayFields[0] : question;
  const faults = [{ field, text: view.m.text(key, EXAMPLE_DAY) }];
  const { answers } = reportStatus;
  const page = { view, question, accessCode, answers, changing, typed: form, faults };
  return respond(c, <QuestionPage {...page} danger={answers.inDanger === true && question === 'inDanger'} />, 422);
}

// A note that is short enough by itself is too long only together with those before it.
function faultOf(question: Question, issues: readonly { code: string }[], note: string): MessageKey {
  const codes = issues.map(({ code }) => code);
  if (question === 'contactEmail') return 'fault.EMAIL';
  if (codes.includes('IN_THE_FUTURE')) return 'fault.IN_THE_FUTURE';
  if (codes.includes('ENCODED_BLOB') || codes.includes('DATA_ADDRESS')) return 'fault.ENCODED_BLOB';
  if (!codes.includes('TOO_LONG')) return 'fault.general';
  return note.length > MAX_NOTE_LENGTH ? 'fault.TOO_LONG' : 'fault.NOTES_FULL';
}
