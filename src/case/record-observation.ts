import { v7 as uuidv7 } from 'uuid';
import type { BySignedIn } from '../account/viewer.ts';
import { unlist } from '../action/url-list.ts';
import type { Happening } from '../domain/case-lifecycle.ts';
import { InvalidInputError } from '../domain/errors.ts';
import type { Seen } from '../generated/prisma/enums.ts';
import { type CaseInput, type CaseStep, changeCase } from './change-case.ts';

export type RecordObservationInput = CaseInput & {
  seen: Seen;
  movedTo?: string | null | undefined;
  at?: Date | null | undefined;
};

const MINUTE_MS = 60_000;

/**
 * Records that somebody saw the content up, gone, or moved to another country, and moves the case accordingly. Nothing is
 * fetched: a person looked. Gives the case's id. Throws `InvalidInputError` and what `changeCase` throws.
 */
export function recordObservation(by: BySignedIn, input: RecordObservationInput, now: Date): Promise<string> {
  const at = input.at ?? now;
  refuseFaults(input, at, now);
  return changeCase(by, input, now, { action: 'OBSERVE', claimed: false }, async (step) => {
    const { tx, case: opened } = step;
    const transition = await step.happen(await happeningOf(step, input));
    await tx.observation.create({
      data: {
        id: uuidv7(),
        caseId: opened.id,
        episodeId: opened.episode.id,
        seen: input.seen,
        movedTo: input.movedTo ?? null,
        observedById: by.viewer.id,
        at,
      },
    });
    if (transition.state === 'REMOVED' && opened.state !== 'REMOVED') {
      await tx.episode.update({ where: { id: opened.episode.id }, data: { firstSeenGone: at } });
      await unlist(step, now);
    }
    return { seen: input.seen };
  });
}

async function happeningOf(
  { tx, case: opened }: CaseStep,
  { seen, movedTo }: RecordObservationInput,
): Promise<Happening> {
  if (seen === 'UP') return { event: 'SEE_UP' };
  if (seen === 'GONE') return { event: 'SEE_GONE' };
  const last = await tx.hostTrace.findFirst({
    where: { episodeId: opened.episode.id },
    orderBy: { at: 'desc' },
    select: { country: true },
  });
  return { event: 'SEE_MOVED', countryChanged: last?.country !== movedTo };
}

function refuseFaults({ seen, movedTo }: RecordObservationInput, at: Date, now: Date): void {
  const issues: InvalidInputError['issues'] = [];
  if ((seen === 'MOVED') !== Boolean(movedTo)) {
    issues.push({
      path: ['input', 'movedTo'],
      code: 'MISMATCH',
      message: 'Name the country that the content moved to when, and only when, it was seen moved.',
    });
  }
  if (at.getTime() > now.getTime() + MINUTE_MS) {
    issues.push({
      path: ['input', 'at'],
      code: 'IN_THE_FUTURE',
      message: 'Give the time at which it was seen, not a later one.',
    });
  }
  if (issues.length > 0) throw new InvalidInputError(issues);
}
