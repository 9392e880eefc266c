import { isForeign, messagesOf, type PageContext, respond, type Site, takeForm } from '../portal/visit.tsx';
import { AnswerNotice, NoticeOfLink } from './documents.ts';
import { ANSWERS, HostAnswerPage, NoNoticePage } from './page.tsx';

/** Shows a message to whoever has its link. Nothing changes by looking: mail programs open links by themselves. */
export async function showNotice(c: PageContext, site: Site): Promise<Response> {
  const token = tokenOf(c);
  const { hostNotice } = await site.ask(NoticeOfLink, { token }, site.visitOf(c));
  if (!hostNotice) return noNotice(c);
  return respond(c, <HostAnswerPage notice={hostNotice} token={token} said="NOTHING" />);
}

/** Takes the answers of a message's form. */
export async function takeAnswers(c: PageContext, site: Site): Promise<Response> {
  const token = tokenOf(c);
  const form = await takeForm(c);
  if (form instanceof Response) return form;
  if (isForeign(c, site)) return showNotice(c, site);
  const answers = form.entries.flatMap(([name, value]) => {
    const answer = ANSWERS.find((known) => known === value);
    return name.startsWith('answer-') && answer ? [{ line: name.slice('answer-'.length), answer }] : [];
  });
  if (answers.length > 0) {
    const { answerHostNotice } = await site.ask(AnswerNotice, { input: { token, answers } }, site.visitOf(c));
    if (answerHostNotice.__typename === 'HostNotice')
      return respond(c, <HostAnswerPage notice={answerHostNotice} token={token} said="SAVED" />);
  }
  const { hostNotice } = await site.ask(NoticeOfLink, { token }, site.visitOf(c));
  if (!hostNotice) return noNotice(c);
  return respond(c, <HostAnswerPage notice={hostNotice} token={token} said="EMPTY" />, 422);
}

function noNotice(c: PageContext): Response {
  return respond(c, <NoNoticePage m={messagesOf(c)} />, 404);
}

// What is longer than any token of ours need not be looked up as it is.
function tokenOf(c: PageContext): string {
  return (c.req.param('token') ?? '').slice(0, 100);
}
