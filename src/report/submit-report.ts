import { randomBytes } from 'node:crypto';
import { v7 as uuidv7 } from 'uuid';
import type { By, Viewer } from '../account/viewer.ts';
import { ask, sql, violatedUnique } from '../db.ts';
import { IdempotencyConflictError, InvalidInputError, PortalClosedError } from '../domain/errors.ts';
import { groupAccessCode } from '../domain/receipt.ts';
import type { PartnerKind, ReportSource } from '../generated/prisma/client.ts';
import { log, traceOf } from '../log.ts';
import { keyedHash } from '../secrets.ts';
import { accessCodeOf } from './access-code.ts';
import { fileSubmission } from './file-submission.ts';
import { admit, type Burst, countTry, remember, spareTry } from './intake-limit.ts';
import { type IntakePortal, isOpen, knownPortal, readPortal } from './intake-portal.ts';
import { proveReport } from './receipt-proof.ts';
import { tryReport } from './sandbox.ts';
import { setAsideEarlier } from './set-aside-earlier.ts';
import { readSubmission } from './submission-input.ts';

/** How often a report is filed anew because its portal was changed at that very moment. */
const ATTEMPTS = 5;

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
  // Once, also where its portal is read anew: a challenge that was solved is used up.
  let admission: Promise<Burst | null> | undefined;
  const admitOnce = (reports: number) => {
    admission ??= admit(limited, reports, given.challenge, now);
    return admission;
  };

  let read = readThroughKnown(given, now, origin) ?? (await readAnew(given, limited, now, origin));
  for (let attempt = 1; attempt <= ATTEMPTS; attempt += 1) {
    const receipt = await take(by, read, { limited, challenge: given.challenge, admitOnce }, now);
    if (receipt) return receipt;
    // The portal has changed since it was read, and nothing was filed.
    read = await readAnew(given, limited, now, origin);
  }
  throw new Error('A portal changed each time that a report was to be filed.');
}

type Read = ReturnType<typeof readSubmission> & { portal: IntakePortal | null };

// Through the portal as this process knows it. What is faulty there is judged again by the portal as it is.
function readThroughKnown(given: Given, now: Date, origin: string | null): Read | null {
  const portal = knownPortal(given.portal);
  if (!portal) return null;
  try {
    return { portal, ...readSubmission(given, portal, now, origin) };
  } catch (error) {
    if (error instanceof InvalidInputError) return null;
    throw error;
  }
}

async function readAnew(given: Given, limited: string | null, now: Date, origin: string | null): Promise<Read> {
  const portal = await readPortal(given.portal);
  if (portal?.sandbox) spareTry(limited, now);
  return { portal, ...readSubmission(given, portal, now, origin) };
}

type Sending = {
  limited: string | null;
  challenge: Given['challenge'];
  admitOnce: (reports: number) => Promise<Burst | null>;
};

// Gives null where the portal is no longer as it was read.
async function take(
  by: By,
  { portal, input, addresses }: Read,
  { limited, challenge, admitOnce }: Sending,
  now: Date,
): Promise<Receipt | null> {
  if (portal?.sandbox) return tryReport(addresses, challenge, now);
  const idempotencyKeyHash = input.idempotencyKey
    ? keyedHash('idempotency', `${input.portal}\n${input.idempotencyKey}`)
    : null;
  const inputHash = keyedHash('idempotency', JSON.stringify(input));
  const accessCode = accessCodeOf(
    idempotencyKeyHash ? Buffer.concat([idempotencyKeyHash, inputHash]) : randomBytes(32),
  );

  // Looked for first: a retry is not held up by a challenge, nor by a portal that has closed.
  const earlier = await findEarlier(idempotencyKeyHash);
  if (earlier) return receiptOfEarlier(earlier, inputHash, accessCode);

  const opened = open(portal);
  const burst = await admitOnce(addresses.length);
  if (burst) await setAsideEarlier(by, burst, now);

  const prepared = {
    input,
    portal: opened,
    source: reportSource(by.viewer),
    addresses: addresses.map((address) => ({ ...address, reportId: uuidv7() })),
    quarantineId: burst?.quarantineOf(opened.id) ?? null,
    accessCode,
    inputHash,
    idempotencyKeyHash,
  };
  try {
    const reports = await fileSubmission(by, prepared, now);
    if (!reports) return null;
    const filed = prepared.addresses.map(({ reportId }) => ({ id: reportId, portalId: opened.id }));
    const knownByNow = burst ? null : remember(limited, filed, now);
    // It is filed, so its receipt is given whatever comes of this; the burst's next report tries again.
    if (knownByNow) await setAsideEarlier(by, knownByNow, now).catch(logFailure);
    return receipt(accessCode, now, reports);
  } catch (error) {
    // Two retries at once: the other one was first, so its receipt is ours.
    const winner = violatedUnique(error) === null ? null : await findEarlier(idempotencyKeyHash);
    if (!winner) throw error;
    return receiptOfEarlier(winner, inputHash, accessCode);
  }
}

function logFailure(error: unknown): void {
  log.error('A burst could not be set aside.', traceOf(error));
}

type Filed = { reference: string; addressAsTyped: string };

async function findEarlier(idempotencyKeyHash: Uint8Array | null): Promise<Earlier | null> {
  if (!idempotencyKeyHash) return null;
  const [earlier] = await ask<Earlier>(
    'earlier-submission',
    sql`SELECT s.received_at AS "receivedAt", s.input_hash AS "inputHash", (
          SELECT jsonb_agg(jsonb_build_object('reference', r.reference, 'addressAsTyped', r.address_as_typed) ORDER BY r.id)
          FROM reports r WHERE r.submission_id = s.id) AS reports
        FROM submissions s WHERE s.idempotency_key_hash = ${idempotencyKeyHash}`,
  );
  return earlier ?? null;
}

type Earlier = { receivedAt: Date; inputHash: Uint8Array; reports: Filed[] };

function receiptOfEarlier(earlier: Earlier, inputHash: Uint8Array, accessCode: string): Promise<Receipt> {
  if (!Buffer.from(earlier.inputHash).equals(inputHash)) throw new IdempotencyConflictError();
  return receipt(accessCode, earlier.receivedAt, earlier.reports);
}

async function receipt(accessCode: string, receivedAt: Date, reports: Filed[]): Promise<Receipt> {
  const day = receivedAt.toISOString().slice(0, 10);
  return {
    accessCode: groupAccessCode(accessCode),
    receivedOn: new Date(day),
    reports: reports.map(({ reference, addressAsTyped }) => ({ reference, address: addressAsTyped })),
    proof: await proveReport(
      day,
      reports.map(({ reference }) => reference),
    ),
  };
}

function open(portal: IntakePortal | null): IntakePortal {
  if (!portal) throw new Error('A submission without a portal was let through.');
  if (!isOpen(portal)) throw new PortalClosedError(portal.transferredTo);
  return portal;
}

/** From whom a report comes (domain.md §4), by the account that sends it. */
function reportSource(viewer: Viewer | null): ReportSource {
  if (!viewer) return 'PUBLIC';
  if (viewer.partner) return partnerSources[viewer.partner.kind] ?? 'OTHER';
  return viewer.role === 'ANALYST' || viewer.role === 'SUPERVISOR' ? 'ANALYST' : 'OTHER';
}

const partnerSources: Partial<Record<PartnerKind, ReportSource>> = { POLICE: 'POLICE', INDUSTRY: 'MEMBER' };
