import { v7 as uuidv7 } from 'uuid';
import type { BySignedIn } from '../account/viewer.ts';
import { unlist } from '../action/url-list.ts';
import type { Happening } from '../domain/case-lifecycle.ts';
import { InvalidInputError } from '../domain/errors.ts';
import type { Seen } from '../generated/prisma/enums.ts';
import { type CaseInput, type CaseStep, changeCase, type OpenCase } from './change-case.ts';

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
    if (input.at) refuseTooEarly(opened, input.seen, at);
    const { state, newEpisode, episodeId } = await step.happen(await happeningOf(step, input));
    await tx.observation.create({
      data: {
        id: uuidv7(),
        caseId: opened.id,
        episodeId,
        seen: input.seen,
        movedTo: input.movedTo ?? null,
        observedById: by.viewer.id,
        at,
      },
    });
    // The clock of the new stretch starts when the content was seen, not when that was entered.
    if (newEpisode) await tx.episode.update({ where: { id: episodeId }, data: { firstReported: at } });
    if (state === 'REMOVED' && opened.state !== 'REMOVED') {
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

// What was seen before the episode began is of no concern to it, and "up" before it was gone does not bring it back.
function refuseTooEarly({ episode }: OpenCase, seen: Seen, at: Date): void {
  const earliest = (seen === 'UP' ? episode.firstSeenGone : null) ?? episode.firstReported;
  if (at >= earliest) return;
  throw new InvalidInputError([
    {
      path: ['input', 'at'],
      code: 'TOO_EARLY',
      message: `This was before ${earliest.toISOString()}, from when on it counts. Add a note instead.`,
    },
  ]);
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
