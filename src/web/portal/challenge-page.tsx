import type { Challenge } from './documents.ts';
import type { Typed } from './first-page.tsx';
import { PortalLayout } from './layout.tsx';
import { Danger, Hidden } from './parts.tsx';
import type { View } from './view.ts';

/** How often a script may solve and send by itself, before a person has to press. */
const MOST_TRIES = 3;

type ChallengePageProps = { view: View; typed: Typed; challenge: Challenge; tries: number };

/** The proof of work: solved and sent by script, or, without one, a wait and another press. */
export function ChallengePage({ view, typed, challenge, tries }: ChallengePageProps) {
  const { m, home } = view;
  const solvable = tries < MOST_TRIES ? { 'data-challenge': challenge.challenge } : {};
  return (
    <PortalLayout view={view} title={m.text('step.title')}>
      <h1>{m.text('step.title')}</h1>
      <p>{m.text('step.why')}</p>
      <form method="post" action={home} {...solvable}>
        <p data-wait>
          <strong>{m.text('step.wait', { seconds: challenge.waitSeconds })}</strong>
        </p>
        <p data-working hidden role="status">
          <strong>{m.text('step.working')}</strong>
        </p>
        <Hidden values={{ ...typed, challenge: challenge.ticket, tries: String(tries + 1) }} />
        <button type="submit">{m.text('step.send')}</button>
      </form>
      <Danger view={view} alone />
    </PortalLayout>
  );
}
