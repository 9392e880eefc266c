import { RefusedQuestionError } from '../ask.ts';
import { type PageContext, respond, type Site } from '../portal/visit.tsx';
import { sealedCookie } from './sealed-cookie.ts';
import type { SignIn } from './sign-in.ts';
import { type PartnerView, viewOf, WhoReads } from './view.ts';
import { WelcomePage } from './welcome-page.tsx';

/** What the partners' pages need of the server. */
export type PartnerSite = Site & { signIn: SignIn };

/** The session: the access token, sealed. Nothing of it is kept on the server. */
export const session = sealedCookie<{ token: string }>('partner');

/** Shows a page to whoever has signed in, and to anybody else where to do it. */
export async function signedIn(
  c: PageContext,
  site: PartnerSite,
  show: (view: PartnerView) => Response | Promise<Response>,
): Promise<Response> {
  const kept = session.read(c, new Date());
  if (!kept) return welcome(c, c.req.path === '/partner' ? 'NOTHING' : 'ENDED');
  const visit = { ...site.visitOf(c), authorization: `Bearer ${kept.token}` };
  try {
    const { viewer } = await site.ask(WhoReads, {}, visit);
    if (!viewer) return welcome(c, 'ENDED');
    return await show({ ...viewOf(c, viewer), reader: viewer, visit });
  } catch (error) {
    if (error instanceof RefusedQuestionError && error.code === 'UNAUTHENTICATED') return welcome(c, 'ENDED');
    throw error;
  }
}

/** The page that leads to the sign-in, and back to where somebody wanted to go. */
export function welcome(c: PageContext, said: 'NOTHING' | 'ENDED' | 'SIGNED_OUT'): Response {
  const status = said === 'ENDED' ? 401 : 200;
  const headers = said === 'NOTHING' ? {} : { 'set-cookie': session.clear() };
  return respond(c, <WelcomePage view={viewOf(c, null)} said={said} />, status, headers);
}
