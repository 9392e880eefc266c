import { v7 as uuidv7 } from 'uuid';
import type { BySignedIn } from '../account/viewer.ts';
import type { Happening } from '../domain/case-lifecycle.ts';
import { type InputIssue, InvalidInputError, NotFoundError } from '../domain/errors.ts';
import type { Seen } from '../generated/prisma/enums.ts';
import { queueTrace } from '../trace/trace-host.ts';
import { unlist } from '../url-list/url-list.ts';
import { type CaseInput, type CaseStep, changeCase, type OpenCase } from './change-case.ts';
import { scheduleCheck } from './schedule-check.ts';

/** What somebody saw, and when: `at` is now where it is left out. */
export type Sight = { seen: Seen; movedTo?: string | null | undefined; at?: Date | null | undefined };
export type RecordObservationInput = CaseInput & Sight;

const MINUTE_MS = 60_000;

/**
 * Records that somebody saw the content up, gone, or moved to another country, and moves the case accordingly. Nothing is
 * fetched: a person looked. Gives the case's id. Throws `InvalidInputError` and what `changeCase` throws.
 */
export function recordObservation(by: BySignedIn, input: RecordObservationInput, now: Date): Promise<string> {
  refuseFaults(input, now);
  return changeCase(by, input, now, { action: 'OBSERVE', claimed: false }, (step) => observe(step, by, input, now));
}

/**
 * Records what was seen as a step on its case, moves the case, and sets when to look next. A TOOL may say so of cases that are due.
 * Throws as `recordObservation` does, and a `NotFoundError` for a tool.
 */
export async function observe(step: CaseStep, by: BySignedIn, sight: Sight, now: Date): Promise<{ seen: Seen }> {
  const { tx, case: opened } = step;
  const at = sight.at ?? now;
  if (isTool(by)) refuseNotDue(opened, now);
  if (sight.at) await refuseTooEarly(step, sight.seen, at);
  const { state, newEpisode, episodeId } = await step.happen(await happeningOf(step, sight));
  await tx.observation.create({
    data: {
      id: uuidv7(),
      caseId: opened.id,
      episodeId,
      seen: sight.seen,
      movedTo: sight.movedTo ?? null,
      observedById: by.viewer.id,
      at,
    },
  });
  // The clock of the new stretch starts when the content was seen, not when that was entered.
  if (newEpisode) await tx.episode.update({ where: { id: episodeId }, data: { firstReported: at } });
  if (state === 'REMOVED' && opened.state !== 'REMOVED') {
    // Closed because nothing could be done, it is not at its end any more: it went.
    const firstSeenGone = opened.episode.firstSeenGone ?? at;
    await tx.episode.update({ where: { id: episodeId }, data: { firstSeenGone, closed: null, outcome: null } });
  }
  // A program's word takes nothing off the list until its second look, so that a key that was stolen can't empty it.
  if (sight.seen === 'GONE' && (!isTool(by) || opened.episode.firstSeenGone !== null)) await unlist(step, now);
  // Whoever hosted it may not any more.
  if (sight.seen === 'MOVED') await queueTrace(step, opened, now);
  await scheduleCheck(tx, opened.id);
  return { seen: sight.seen };
}

function isTool(by: BySignedIn): boolean {
  return by.viewer.role === 'TOOL';
}

// A program says what it was asked to look at, and learns nothing of any other case.
function refuseNotDue({ nextCheckAt }: OpenCase, now: Date): void {
  if (nextCheckAt === null || nextCheckAt > now) throw new NotFoundError('case that is due');
}

/** Throws an `InvalidInputError` for what can be told without the case: where it moved to, and a time that is yet to come. */
export function refuseFaults({ seen, movedTo, at }: Sight, now: Date): void {
  const issues: InputIssue[] = [];
  if ((seen === 'MOVED') !== Boolean(movedTo)) {
    issues.push({
      path: ['input', 'movedTo'],
      code: 'MISMATCH',
      message: 'Name the country that the content moved to when, and only when, it was seen moved.',
    });
  }
  if (at && at.getTime() > now.getTime() + MINUTE_MS) {
    issues.push({
      path: ['input', 'at'],
      code: 'IN_THE_FUTURE',
      message: 'Give the time at which it was seen, not a later one.',
    });
  }
  if (issues.length > 0) throw new InvalidInputError(issues);
}

async function happeningOf({ tx, case: opened }: CaseStep, { seen, movedTo }: Sight): Promise<Happening> {
  if (seen === 'UP') return { event: 'SEE_UP' };
  if (seen === 'GONE') return { event: 'SEE_GONE' };
  const last = await tx.hostTrace.findFirst({
    where: { episodeId: opened.episode.id, country: { not: null } },
    orderBy: { at: 'desc' },
    select: { country: true },
  });
  return { event: 'SEE_MOVED', countryChanged: last?.country !== movedTo };
}

// What was seen before the episode began is of no concern to it, nor what somebody saw otherwise since: "up" before it was
// gone does not bring it back, and "gone" before it was up does not remove it.
async function refuseTooEarly({ tx, case: { episode } }: CaseStep, seen: Seen, at: Date): Promise<void> {
  const later = await tx.observation.findFirst({
    where: { episodeId: episode.id, seen: { not: seen }, at: { gt: at } },
    orderBy: { at: 'desc' },
    select: { at: true },
  });
  const earliest = later?.at ?? (seen === 'UP' ? episode.firstSeenGone : null) ?? episode.firstReported;
  if (at >= earliest) return;
  throw new InvalidInputError([
    {
      path: ['input', 'at'],
      code: 'TOO_EARLY',
      message: `This was before ${earliest.toISOString()}, from when on it counts. Add a note instead.`,
    },
  ]);
}
