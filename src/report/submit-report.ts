import { createHash, randomBytes } from 'node:crypto';
import { v7 as uuidv7 } from 'uuid';
import type { By, Viewer } from '../account/viewer.ts';
import { type Recorder, recorded } from '../audit/recorded.ts';
import { reopenReportedCases } from '../case/reopen-reported-cases.ts';
import { prisma, violatedUnique } from '../db.ts';
import { ADDRESS_RULES_VERSION, type Address } from '../domain/address.ts';
import { IdempotencyConflictError, PortalClosedError } from '../domain/errors.ts';
import { casePriority } from '../domain/priority.ts';
import { groupAccessCode, referenceFrom } from '../domain/receipt.ts';
import type { CaseState, PartnerKind, Portal, ReportSource } from '../generated/prisma/client.ts';
import { log, traceOf } from '../log.ts';
import { keyedHash, seal } from '../secrets.ts';
import { accessCodeHash, accessCodeOf } from './access-code.ts';
import { namesOfHost } from './host-names.ts';
import { admit, countTry, remember, spareTry } from './intake-limit.ts';
import { proveReport } from './receipt-proof.ts';
import { tryReport } from './sandbox.ts';
import { setAsideEarlier } from './set-aside-earlier.ts';
import { readSubmission, type SubmissionInput } from './submission-input.ts';

/** What the reporter keeps: a reference for each address, and the access code that opens all of them. */
export type Receipt = {
  accessCode: string;
  receivedOn: Date;
  reports: { reference: string; address: string }[];
  proof: string;
};

type Given = Parameters<typeof readSubmission>[0] & { portal: string; challenge?: string | null | undefined };

type Prepared = {
  input: SubmissionInput;
  portal: Portal;
  source: ReportSource;
  addresses: (Address & { reportId: string })[];
  /** Where these reports are to wait, if they are. */
  quarantineId: string | null;
  seed: Uint8Array;
  inputHash: Uint8Array<ArrayBuffer>;
  idempotencyKeyHash: Uint8Array<ArrayBuffer> | null;
};
type FiledReport = { caseId: string; number: string; state: CaseState; repeated: boolean };

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
    const receipt = await recorded(by, (recorder) => file(recorder, prepared, now));
    const filed = prepared.addresses.map(({ reportId }) => ({ id: reportId, portalId: opened.id }));
    const knownByNow = burst ? null : remember(limited, filed, now);
    // It is filed, so its receipt is given whatever comes of this; the burst's next report tries again.
    if (knownByNow) await setAsideEarlier(by, knownByNow, now).catch(logFailure);
    return receipt;
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

async function file(recorder: Recorder, prepared: Prepared, now: Date): Promise<Receipt> {
  const { portal, addresses, seed, quarantineId } = prepared;
  const rows = addresses
    .map((address) => ({ ...address, digest: createHash('sha256').update(address.key).digest('hex') }))
    // One order of locks for everybody, so that two submissions of the same addresses never wait for each other.
    .sort((a, b) => (a.digest < b.digest ? -1 : 1))
    .map((address) => ({ ...address, ...namesOfHost(address.host), caseId: uuidv7(), episodeId: uuidv7() }));
  const reports = addresses.map((address) => ({
    id: address.reportId,
    reference: referenceFrom(randomBytes(8)),
    digest: rows.find((row) => row.key === address.key)?.digest ?? '',
    addressAsTyped: address.raw,
  }));

  const filed = await insertSubmission(recorder, prepared, rows, reports, now);
  for (const { number } of filed) {
    const detail = { portal: portal.code, ...(quarantineId ? { quarantine: quarantineId } : {}) };
    recorder.note({ stream: `case:${number}`, action: 'REPORT', detail });
  }
  // What waits in quarantine moves nothing: no case is opened again, none rises, nobody is told.
  if (quarantineId) return receipt(seed, now, reports);

  await reopenReportedCases(
    recorder,
    filed.filter(({ repeated }) => repeated),
    now,
  );
  for (const { caseId } of filed) {
    recorder.later({ task: 'prioritise-case', payload: { caseId }, key: `prioritise:${caseId}` });
  }
  return receipt(seed, now, reports);
}

// What a new case keeps of its report, so that nobody who asked not to be given the like is given it in the second before that job.
function factsOf(details: Prepared['input']['details'] | null, country: string | null) {
  return {
    inDanger: details?.inDanger === true,
    categories: details?.category ? [details.category] : [],
    siteTypes: details?.foundOn ? [details.foundOn] : [],
    countries: country ? [country] : [],
  };
}

// One statement: the cases that are new, the counts of those that are not, the submission and its reports. A case's row is
// locked by its own update, which is what makes one case of many reports that arrive at once.
function insertSubmission(
  { tx }: Recorder,
  { input, portal, source, quarantineId, seed, inputHash, idempotencyKeyHash }: Prepared,
  cases: { digest: string; key: string; kind: string; host: string | null; caseId: string; episodeId: string }[],
  reports: { id: string; reference: string; digest: string; addressAsTyped: string }[],
  now: Date,
): Promise<FiledReport[]> {
  const submissionId = uuidv7();
  const country = portal.country ?? input.country;
  const { details } = input;
  // Of a new case; the job that each report queues knows the rest. Somebody in danger is first in the queue at once.
  const inDanger = details?.inDanger ?? null;
  const standing = quarantineId ? 'QUARANTINED' : 'COUNTED';
  const counted = quarantineId ? 0 : 1;
  const portalIds = quarantineId ? [] : [portal.id];
  const said = quarantineId ? factsOf(null, null) : factsOf(details, country);
  const priority =
    counted *
    casePriority({
      inDanger: inDanger === true,
      reports: 1,
      portals: 1,
      oldestReportHours: 0,
      actionableCasesOnHost: 0,
      sources: new Set([source]),
    });
  return tx.$queryRaw<FiledReport[]>`
    WITH given AS (
      SELECT * FROM jsonb_to_recordset(${JSON.stringify(cases)}::jsonb)
        AS c(digest text, key text, kind text, host text, "registrableDomain" text, "lookAlike" text, "caseId" uuid, "episodeId" uuid)
    ), filed AS (
      INSERT INTO cases AS c (id, address_digest, address, address_kind, address_rules_version, host, registrable_domain, look_alike,
                              report_count, portal_ids, priority, first_reported_at, last_reported_at, state_since,
                              in_danger, categories, site_types, reporting_countries)
      SELECT g."caseId", decode(g.digest, 'hex'), g.key, g.kind::"AddressKind", ${ADDRESS_RULES_VERSION}, g.host, g."registrableDomain", g."lookAlike", ${counted}, ${portalIds}::uuid[], ${priority}, ${now}, ${now}, ${now},
             ${said.inDanger}, ${said.categories}::"ReportCategory"[], ${said.siteTypes}::"SiteType"[], ${said.countries}::text[]
      FROM given g ORDER BY g.digest
      ON CONFLICT (address_digest) DO UPDATE SET
        report_count = c.report_count + excluded.report_count,
        portal_ids = CASE WHEN excluded.portal_ids <@ c.portal_ids THEN c.portal_ids ELSE c.portal_ids || excluded.portal_ids END,
        categories = CASE WHEN excluded.categories <@ c.categories THEN c.categories ELSE c.categories || excluded.categories END,
        last_reported_at = CASE WHEN excluded.report_count > 0 THEN greatest(c.last_reported_at, excluded.last_reported_at) ELSE c.last_reported_at END,
        priority = CASE WHEN c.report_count = 0 THEN excluded.priority ELSE c.priority END,
        first_reported_at = CASE WHEN c.report_count = 0 AND excluded.report_count > 0 THEN excluded.first_reported_at ELSE c.first_reported_at END,
        state_since = CASE WHEN c.report_count = 0 AND excluded.report_count > 0 THEN excluded.state_since ELSE c.state_since END
      RETURNING c.id, c.number, c.state, c.address_digest, c.report_count
    ), known AS (
      SELECT f.*, g."episodeId", f.id <> g."caseId" AS repeated FROM filed f JOIN given g ON decode(g.digest, 'hex') = f.address_digest
    ), episode AS (
      INSERT INTO episodes (id, case_id, number, first_reported)
      SELECT "episodeId", id, 1, ${now} FROM known WHERE NOT repeated
    ), entered AS (
      UPDATE episodes e SET first_reported = ${now} FROM known k
      WHERE e.case_id = k.id AND e.number = 1 AND k.repeated AND k.report_count = 1 AND ${counted} = 1
    ), quarantine AS (
      INSERT INTO quarantines (id, portal_id, opened_at) SELECT ${quarantineId}::uuid, ${portal.id}::uuid, ${now} WHERE ${counted} = 0
      ON CONFLICT (id) DO NOTHING
    ), submission AS (
      INSERT INTO submissions (id, portal_id, received_at, source, pasted_text, access_code_hash, idempotency_key_hash, input_hash,
                               language, stated_country, category, found_on, seen_on, how_found, in_danger, note, contact)
      VALUES (${submissionId}::uuid, ${portal.id}::uuid, ${now}, ${source}::"ReportSource", ${input.address}, ${accessCodeHash(accessCodeOf(seed))},
              ${idempotencyKeyHash}, ${inputHash}, ${input.language ?? portal.defaultLanguage}, ${input.country},
              ${details?.category ?? null}::"ReportCategory", ${details?.foundOn ?? null}::"SiteType", ${details?.seenOn ?? null}::date,
              ${details?.howFound ?? null}::"HowFound", ${inDanger},
              ${details?.note ? seal(details.note) : null}, ${input.contactEmail ? seal(input.contactEmail) : null})
    ), report AS (
      INSERT INTO reports (id, reference, submission_id, case_id, portal_id, country, source, received_at, address_as_typed, repeated, standing, quarantine_id)
      SELECT r.id, r.reference, ${submissionId}::uuid, k.id, ${portal.id}::uuid, ${country}, ${source}::"ReportSource", ${now}, r."addressAsTyped",
             -- Not so the first that counts (see recountCases): what waits makes nobody's report a repetition.
             ${counted} = 0 OR k.report_count > 1,
             ${standing}::"ReportStanding", ${quarantineId}::uuid
      FROM jsonb_to_recordset(${JSON.stringify(reports)}::jsonb) AS r(id uuid, reference text, digest text, "addressAsTyped" text)
      JOIN known k ON k.address_digest = decode(r.digest, 'hex')
    )
    SELECT id AS "caseId", number, state, repeated FROM known`;
}
