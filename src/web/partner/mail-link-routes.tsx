import type { Hono } from 'hono';
import { bestLanguage } from '../messages.ts';
import { ButtonForm } from '../portal/parts.tsx';
import { type Env, type PageContext, respond, type Site } from '../portal/visit.tsx';
import { PartnerLayout } from './layout.tsx';
import { ConfirmMail, LinkOfMail, StopMail } from './mail-link-documents.ts';
import { partnerLocales, partnerMessagesIn } from './messages.ts';
import { type View, viewOf } from './view.ts';

type Words = 'confirm' | 'confirmed' | 'stop' | 'stopped' | 'gone';

/**
 * Mounts the page that the links of a monthly mail lead to. Looking changes nothing, since mail programs open links by themselves: it needs a press, there
 * or in the mail program (RFC 8058). The link alone is the right, so that it matters not where the press comes from, and nothing of the form is read.
 */
export function mountMailLinks(app: Hono<Env>, site: Site): void {
  const path = '/briefing/:token{[\\w-]{43}}';
  app.get(path, async (c) => {
    const { briefingLink } = await site.ask(LinkOfMail, { token: c.req.param('token') }, site.visitOf(c));
    if (!briefingLink) return show(c, null, 'gone', 404);
    return show(c, briefingLink.language, briefingLink.purpose === 'CONFIRM' ? 'confirm' : 'stop');
  });
  app.post(path, async (c) => {
    const token = c.req.param('token');
    const { briefingLink } = await site.ask(LinkOfMail, { token }, site.visitOf(c));
    if (!briefingLink) return show(c, null, 'gone', 404);
    const isConfirm = briefingLink.purpose === 'CONFIRM';
    const { result } = await site.ask(isConfirm ? ConfirmMail : StopMail, { token }, site.visitOf(c));
    if (result.__typename === 'NotFoundError') return show(c, null, 'gone', 404);
    return show(c, briefingLink.language, isConfirm ? 'confirmed' : 'stopped');
  });
}

function show(c: PageContext, language: string | null, words: Words, status = 200): Response {
  const page = <MailLinkPage view={inLanguage(viewOf(c, null), language)} words={words} />;
  return respond(c, page, status, { 'cache-control': 'no-store' });
}

// In the language of the mail, unless the address names another.
function inLanguage(view: View, language: string | null): View {
  if (language === null || view.href('/') !== '/') return view;
  const tags = partnerLocales.map(({ tag }) => tag);
  return { ...view, m: partnerMessagesIn(bestLanguage(language, tags, view.m.tag)) };
}

function MailLinkPage({ view, words }: { view: View; words: Words }) {
  const { m, path, href } = view;
  const title = m.text(`mail.page.${words}.title`);
  const asks = words === 'confirm' || words === 'stop';
  return (
    <PartnerLayout view={view} title={title} isAnswer={!asks}>
      <h1>{title}</h1>
      <p>{m.text(`mail.page.${words}.text`)}</p>
      {asks && <ButtonForm action={href(path)} values={{}} label={m.text(`mail.page.${words}.button`)} />}
      {!asks && (
        <p>
          <a href={href('/partner')}>{m.text('frame.site')}</a>
        </p>
      )}
    </PartnerLayout>
  );
}
