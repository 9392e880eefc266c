import { PartnerLayout } from './layout.tsx';
import type { PartnerKey } from './messages.ts';
import type { View } from './view.ts';

type Said = 'NOTHING' | 'ENDED' | 'SIGNED_OUT';
const words: Record<Said, PartnerKey | null> = {
  NOTHING: null,
  ENDED: 'welcome.ended',
  SIGNED_OUT: 'welcome.signedOut',
};

/** What whoever has not signed in sees, on every page. */
export function WelcomePage({ view, said }: { view: View; said: Said }) {
  const { m, path, query, href } = view;
  const word = words[said];
  return (
    <PartnerLayout view={view} title={m.text('welcome.title')} isAnswer={said === 'SIGNED_OUT'}>
      {word && (
        <div class="box" role="status">
          <p>{m.text(word)}</p>
        </div>
      )}
      <h1>{m.text('welcome.title')}</h1>
      <p>{m.text('welcome.text')}</p>
      <p>{m.text('welcome.how')}</p>
      <p>
        <a class="button" href={href('/partner/sign-in', said === 'SIGNED_OUT' ? {} : { next: href(path, query) })}>
          {m.text('frame.signIn')}
        </a>
      </p>
    </PartnerLayout>
  );
}

type Problem = 'signIn.failed' | 'signIn.unavailable' | 'refused' | 'refused.country';

/** What could not be, and what to do about it. */
export function ProblemPage({ view, problem }: { view: View; problem: Problem }) {
  const { m, href } = view;
  const title = m.text(`${problem}.title`);
  const isSignIn = problem.startsWith('signIn');
  return (
    <PartnerLayout view={view} title={title} isAnswer>
      <h1>{title}</h1>
      <p>{m.text(`${problem}.text`)}</p>
      <p>
        <a href={href(isSignIn ? '/partner/sign-in' : '/partner')}>
          {m.text(isSignIn ? 'frame.signIn' : 'frame.overview')}
        </a>
      </p>
    </PartnerLayout>
  );
}
