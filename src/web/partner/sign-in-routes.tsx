import type { Hono } from 'hono';
import { log, traceOf } from '../../log.ts';
import { type Env, isForeign, type PageContext, respond } from '../portal/visit.tsx';
import { ownPath } from './own-path.ts';
import { sealedCookie } from './sealed-cookie.ts';
import { type SignedIn, SignInUnavailableError, type SignInUnderWay } from './sign-in.ts';
import { viewOf } from './view.ts';
import { type PartnerSite, session, welcome } from './visit.tsx';
import { ProblemPage } from './welcome-page.tsx';

/** For how long somebody may take to sign in, in milliseconds. */
const SIGN_IN_MS = 15 * 60_000;

const underWay = sealedCookie<SignInUnderWay>('partner-sign-in');

/** Signing in at the identity provider, coming back from it, and signing out. */
export function mountSignIn(app: Hono<Env>, site: PartnerSite): void {
  app.get('/partner/sign-in', async (c) => {
    const { location, underWay: begun } = await site.signIn.begin(ownPath(c.req.query('next'), site.publicUrl));
    const until = new Date(Date.now() + SIGN_IN_MS);
    return redirect(location, [underWay.set(begun, until)]);
  });
  app.get('/partner/callback', (c) => comeBack(c, site));
  app.post('/partner/sign-out', (c) => (isForeign(c, site) ? welcomeBack(c, site) : welcome(c, 'SIGNED_OUT')));
}

async function comeBack(c: PageContext, site: PartnerSite): Promise<Response> {
  const now = new Date();
  const begun = underWay.read(c, now);
  if (!begun) return signInFailed(c);
  const signedIn = await tokenOf(c, site, begun, now);
  if (!signedIn) return signInFailed(c);
  return redirect(begun.next, [session.set({ token: signedIn.token }, signedIn.until), underWay.clear()]);
}

// Somebody who pressed "Cancel" and an answer that somebody made up are told the same.
async function tokenOf(c: PageContext, site: PartnerSite, begun: SignInUnderWay, now: Date): Promise<SignedIn | null> {
  try {
    return await site.signIn.end(new URL(c.req.url).search, begun, now);
  } catch (error) {
    if (error instanceof SignInUnavailableError) throw error;
    log.warn('A partner’s sign-in failed.', traceOf(error));
    return null;
  }
}

function signInFailed(c: PageContext): Response {
  const headers = { 'set-cookie': underWay.clear() };
  return respond(c, <ProblemPage view={viewOf(c, null)} problem="signIn.failed" />, 400, headers);
}

// A page of somebody else's must not sign anybody out.
function welcomeBack(c: PageContext, site: PartnerSite): Response {
  return redirect(ownPath(viewOf(c, null).href('/partner'), site.publicUrl), []);
}

function redirect(location: string, cookies: readonly string[]): Response {
  const headers = new Headers({ location });
  for (const cookie of cookies) headers.append('set-cookie', cookie);
  return new Response(null, { status: 303, headers });
}
