import type { BySignedIn } from '../account/viewer.ts';
import { type Recorder, recorded } from '../audit/recorded.ts';
import type { Tx } from '../db.ts';
import {
  allowedEvents,
  type CaseFacts,
  type CaseState,
  type Happening,
  nextState,
  type Transition,
} from '../domain/case-lifecycle.ts';
import {
  IdempotencyConflictError,
  InvalidTransitionError,
  NotClaimedError,
  NotFoundError,
  StaleCaseError,
} from '../domain/errors.ts';
import { isFollowed } from '../domain/recheck.ts';
import type { Assessment, Case, Episode, Prisma } from '../generated/prisma/client.ts';
import { keyedHash } from '../secrets.ts';
import { endClaim, holdsClaim, renewLease } from './lease.ts';
import { queueChanged } from './queue-summary.ts';
import { startEpisode } from './start-episode.ts';

/** What every write on a case names: the case, the version that was read, and a key if the sender may repeat it. */
export type CaseInput = { case: string; version: number; idempotencyKey?: string | null | undefined };

/** A case that is being changed: its row is locked until the transaction ends. */
export type OpenCase = Case & { episode: Episode; firstOpinion: Assessment | null };

/** Where a case went, and in which episode it is then. */
export type Move = Transition & { episodeId: string };

export type CaseStep = Recorder & {
  case: OpenCase;
  /** Moves the case by the state machine; throws an `InvalidTransitionError` where the table has no such path. */
  happen: (happening: Happening, changes?: Prisma.CaseUncheckedUpdateInput) => Promise<Move>;
  /** Changes facts that the state machine does not know. */
  set: (changes: Prisma.CaseUncheckedUpdateInput) => Promise<void>;
};

/** Moved to one of these states a case waits for others than the one who held it, so the claim ends. */
const CLAIM_ENDS_IN: readonly CaseState[] = ['AWAITING_REVIEW', 'DISPUTED', 'ON_HOLD', 'REMOVED', 'CLOSED'];

/** What a step does to the case; gives what its audit entry says besides from where to where. */
type Work = (step: CaseStep) => Promise<Record<string, string | null> | undefined>;

type Options = {
  /** What the audit entry calls it. */
  action: string;
  /** Whether the case must be claimed by the one who writes. */
  claimed: boolean;
  /** Whether it holds whatever was changed since the case was read: what a tool saw stays seen. */
  anyVersion?: boolean;
};

/**
 * The one way to write on a case: locks it, checks version, claim and repetition, lets `work` change it, raises its version
 * and leaves the audit entry. Gives the case's id. Throws `NotFoundError`, `StaleCaseError`, `NotClaimedError`,
 * `IdempotencyConflictError`, and what `work` throws; then nothing is kept.
 */
export function changeCase(by: BySignedIn, input: CaseInput, now: Date, options: Options, work: Work): Promise<string> {
  return recorded(by, (recorder) => takeStep(recorder, by, input, now, options, work));
}

/** The same within a transaction that writes on more than this case. Throws what `changeCase` throws. */
export async function takeStep(
  recorder: Recorder,
  by: BySignedIn,
  input: CaseInput,
  now: Date,
  { action, claimed, anyVersion = false }: Options,
  work: Work,
): Promise<string> {
  const { tx, note } = recorder;
  const opened = await openCase(tx, input.case);
  const leave = (detail: Record<string, string | null>) => note({ stream: `case:${opened.number}`, action, detail });
  if (await isRepeated(tx, by, input, action, opened.id, now)) {
    leave({ repeated: 'yes' });
    return opened.id;
  }
  if (!anyVersion && opened.version !== input.version) throw new StaleCaseError(opened.version);
  if (claimed && !(await holdsClaim(tx, opened.id, by.viewer.id))) throw new NotClaimedError();

  let state: CaseState = opened.state;
  const set = async (changes: Prisma.CaseUncheckedUpdateInput) => {
    await tx.case.update({ where: { id: opened.id }, data: changes });
  };
  const happen = async (happening: Happening, changes: Prisma.CaseUncheckedUpdateInput = {}) => {
    const transition = await moveCase(tx, opened, happening, now, changes);
    state = transition.state;
    return transition;
  };
  const detail = await work({ ...recorder, case: opened, happen, set });

  await set({ version: { increment: 1 } });
  if (state !== opened.state && CLAIM_ENDS_IN.includes(state)) await endClaim(tx, opened.id);
  else await renewLease(tx, opened.id, by.viewer.id);
  if (state !== opened.state) await queueChanged(tx);
  leave({ from: opened.state, to: state, ...detail });
  return opened.id;
}

/** Reads a case and locks its row until the transaction ends. Throws a `NotFoundError`. */
export async function openCase(tx: Tx, number: string): Promise<OpenCase> {
  const [locked] = await tx.$queryRaw<{ id: string }[]>`SELECT id FROM cases WHERE number = ${number} FOR UPDATE`;
  if (!locked) throw new NotFoundError('case');
  const { episodes, assessments, ...row } = await tx.case.findUniqueOrThrow({
    where: { id: locked.id },
    include: {
      episodes: { orderBy: { number: 'desc' }, take: 1 },
      assessments: { where: { round: 'FIRST' }, orderBy: { at: 'desc' }, take: 1 },
    },
    relationLoadStrategy: 'join',
  });
  const [episode] = episodes;
  if (!episode) throw new Error(`Case ${number} has no episode.`);
  const ofThisRound = ({ episodeId, at }: Assessment) =>
    episodeId === episode.id && (row.roundSince === null || at >= row.roundSince);
  const firstOpinion = assessments.find(ofThisRound) ?? null;
  return { ...row, episode, firstOpinion };
}

/** What the state machine knows of a case. */
export function factsOf(row: Pick<Case, 'state' | 'outcome' | 'heldFrom'>, firstOpinion: Assessment | null): CaseFacts {
  return {
    state: row.state,
    outcome: row.outcome,
    heldFrom: row.heldFrom,
    firstVerdict: firstOpinion?.verdict ?? null,
  };
}

/** Moves a locked case by the state machine and keeps what follows from it: since when, the end of its episode, a new one from `returned` on. */
export async function moveCase(
  tx: Tx,
  opened: OpenCase,
  happening: Happening,
  now: Date,
  changes: Prisma.CaseUncheckedUpdateInput = {},
  returned = now,
): Promise<Move> {
  const facts = factsOf(opened, opened.firstOpinion);
  const transition = nextState(facts, happening);
  if (!transition) throw new InvalidTransitionError(opened.state, allowedEvents(facts));

  const { state, outcome, heldFrom, newEpisode } = transition;
  const moved = state !== opened.state;
  await tx.case.update({
    where: { id: opened.id },
    data: {
      state,
      outcome,
      heldFrom,
      ...(heldFrom ? {} : { heldUntil: null }),
      ...(moved ? { stateSince: now } : {}),
      ...(isFollowed(state) ? {} : { nextCheckAt: null }),
      ...changes,
    },
  });
  if (moved && outcome) await tx.episode.update({ where: { id: opened.episode.id }, data: { closed: now, outcome } });
  const episodeId = newEpisode
    ? await startEpisode(tx, opened.id, opened.episodeNumber + 1, returned)
    : opened.episode.id;
  return { ...transition, episodeId };
}

// The key belongs to the person: two people may use the same one.
async function isRepeated(
  tx: Tx,
  by: BySignedIn,
  input: CaseInput,
  action: string,
  caseId: string,
  now: Date,
): Promise<boolean> {
  if (!input.idempotencyKey) return false;
  const keyHash = keyedHash('idempotency', `${by.viewer.id}\n${input.idempotencyKey}`);
  const inputHash = keyedHash('idempotency', JSON.stringify([action, input]));
  const first = await tx.repeatableWrite.createMany({
    data: [{ keyHash, inputHash, caseId, at: now }],
    skipDuplicates: true,
  });
  if (first.count > 0) return false;
  const earlier = await tx.repeatableWrite.findUniqueOrThrow({ where: { keyHash } });
  if (!Buffer.from(earlier.inputHash).equals(inputHash)) throw new IdempotencyConflictError();
  return true;
}
