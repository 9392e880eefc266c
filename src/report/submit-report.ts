import { randomBytes } from 'node:crypto';
import { v7 as uuidv7 } from 'uuid';
import type { By, Viewer } from '../account/viewer.ts';
import { recorded } from '../audit/recorded.ts';
import { prisma, violatedUnique } from '../db.ts';
import { IdempotencyConflictError, PortalClosedError } from '../domain/errors.ts';
import { groupAccessCode } from '../domain/receipt.ts';
import type { PartnerKind, Portal, ReportSource } from '../generated/prisma/client.ts';
import { log, traceOf } from '../log.ts';
import { keyedHash } from '../secrets.ts';
import { accessCodeOf } from './access-code.ts';
import { fileSubmission } from './file-submission.ts';
import { admit, countTry, remember, spareTry } from './intake-limit.ts';
import { proveReport } from './receipt-proof.ts';
import { tryReport } from './sandbox.ts';
import { setAsideEarlier } from './set-aside-earlier.ts';
import { readSubmission } from './submission-input.ts';

/** What the reporter keeps: a reference for each address, and the access code that opens all of them. */
export type Receipt = {
  accessCode: string;
  receivedOn: Date;
  reports: { reference: string; address: string }[];
  proof: string;
};

type Given = Parameters<typeof readSubmission>[0] & { portal: string; challenge?: string | null | undefined };

/**
 * Files one report for each address in what a person pasted and gives the receipt. A retry under the same idempotency key
 * gets the same receipt. `sender` is the hash of where it comes from (null: not limited), `origin` that of another site's
 * page which sends it. Through the sandbox portal nothing is filed. Throws `InvalidInputError` (every fault at once),
 * `PortalClosedError`, `IdempotencyConflictError`, `ChallengeRequiredError`, `TooManyReportsError`.
 */
export async function submitReport(
  by: By,
  given: Given,
  now: Date,
  sender: string | null = null,
  origin: string | null = null,
): Promise<Receipt> {
  // Whoever signed in is known, and sends in bulk by agreement.
  const limited = by.viewer ? null : sender;
  countTry(limited, now);

  const portal = await findPortal(given.portal);
  if (portal?.sandbox) spareTry(limited, now);
  const { input, addresses } = readSubmission(given, portal, now, origin);
  if (portal?.sandbox) return tryReport(addresses, given.challenge, now);
  const idempotencyKeyHash = input.idempotencyKey
    ? keyedHash('idempotency', `${input.portal}\n${input.idempotencyKey}`)
    : null;
  const inputHash = keyedHash('idempotency', JSON.stringify(input));
  const seed = idempotencyKeyHash ? Buffer.concat([idempotencyKeyHash, inputHash]) : randomBytes(32);

  const earlier = await findEarlier(idempotencyKeyHash);
  if (earlier) return receiptOfEarlier(earlier, inputHash, seed);

  const opened = open(portal);
  const burst = await admit(limited, addresses.length, given.challenge, now);
  if (burst) await setAsideEarlier(by, burst, now);

  const prepared = {
    input,
    portal: opened,
    source: reportSource(by.viewer),
    addresses: addresses.map((address) => ({ ...address, reportId: uuidv7() })),
    quarantineId: burst?.quarantineOf(opened.id) ?? null,
    seed,
    inputHash,
    idempotencyKeyHash,
  };
  try {
    const reports = await recorded(by, (recorder) => fileSubmission(recorder, prepared, now));
    const filed = prepared.addresses.map(({ reportId }) => ({ id: reportId, portalId: opened.id }));
    const knownByNow = burst ? null : remember(limited, filed, now);
    // It is filed, so its receipt is given whatever comes of this; the burst's next report tries again.
    if (knownByNow) await setAsideEarlier(by, knownByNow, now).catch(logFailure);
    return receipt(seed, now, reports);
  } catch (error) {
    // Two retries at once: the other one was first, so its receipt is ours.
    const winner = violatedUnique(error) === null ? null : await findEarlier(idempotencyKeyHash);
    if (!winner) throw error;
    return receiptOfEarlier(winner, inputHash, seed);
  }
}

function logFailure(error: unknown): void {
  log.error('A burst could not be set aside.', traceOf(error));
}

function findEarlier(idempotencyKeyHash: Uint8Array<ArrayBuffer> | null) {
  if (!idempotencyKeyHash) return null;
  return prisma.submission.findUnique({
    where: { idempotencyKeyHash },
    include: { reports: { orderBy: { id: 'asc' } } },
    relationLoadStrategy: 'join',
  });
}

type Earlier = NonNullable<Awaited<ReturnType<typeof findEarlier>>>;

function receiptOfEarlier(earlier: Earlier, inputHash: Uint8Array, seed: Uint8Array): Promise<Receipt> {
  if (!Buffer.from(earlier.inputHash).equals(inputHash)) throw new IdempotencyConflictError();
  return receipt(seed, earlier.receivedAt, earlier.reports);
}

async function receipt(
  seed: Uint8Array,
  receivedAt: Date,
  reports: { reference: string; addressAsTyped: string }[],
): Promise<Receipt> {
  const day = receivedAt.toISOString().slice(0, 10);
  return {
    accessCode: groupAccessCode(accessCodeOf(seed)),
    receivedOn: new Date(day),
    reports: reports.map(({ reference, addressAsTyped }) => ({ reference, address: addressAsTyped })),
    proof: await proveReport(
      day,
      reports.map(({ reference }) => reference),
    ),
  };
}

// A code that no portal can have is not looked up: Postgres takes no U+0000, for one.
async function findPortal(typed: string): Promise<Portal | null> {
  const code = typed.trim().toLowerCase();
  if (!/^[a-z0-9-]{1,32}$/.test(code)) return null;
  const portal = await prisma.portal.findUnique({ where: { code } });
  return portal?.stage === 'PLANNED' ? null : portal;
}

function open(portal: Portal | null): Portal {
  if (!portal) throw new Error('A submission without a portal was let through.');
  if (portal.stage === 'SUSPENDED' || portal.stage === 'TRANSFERRED') throw new PortalClosedError(portal.transferredTo);
  return portal;
}

/** From whom a report comes (domain.md §4), by the account that sends it. */
function reportSource(viewer: Viewer | null): ReportSource {
  if (!viewer) return 'PUBLIC';
  if (viewer.partner) return partnerSources[viewer.partner.kind] ?? 'OTHER';
  return viewer.role === 'ANALYST' || viewer.role === 'SUPERVISOR' ? 'ANALYST' : 'OTHER';
}

const partnerSources: Partial<Record<PartnerKind, ReportSource>> = { POLICE: 'POLICE', INDUSTRY: 'MEMBER' };
