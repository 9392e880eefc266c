import { createHash, randomBytes } from 'node:crypto';
import { v7 as uuidv7 } from 'uuid';
import type { By } from '../account/viewer.ts';
import { recorded, recordedAtOnce } from '../audit/recorded.ts';
import { reopenReportedCases } from '../case/reopen-reported-cases.ts';
import { databaseCode, type Sql, sql } from '../db.ts';
import { ADDRESS_RULES_VERSION, type Address } from '../domain/address.ts';
import { casePriority } from '../domain/priority.ts';
import { referenceFrom } from '../domain/receipt.ts';
import type { CaseState, ReportSource } from '../generated/prisma/client.ts';
import { seal } from '../secrets.ts';
import { accessCodeHash } from './access-code.ts';
import { namesOfHost } from './host-names.ts';
import type { IntakePortal } from './intake-portal.ts';
import type { SubmissionInput } from './submission-input.ts';

/** A submission that has passed every check, ready to be filed. */
export type PreparedSubmission = {
  input: SubmissionInput;
  /** As it was read: where it has changed since, nothing is filed. */
  portal: IntakePortal;
  source: ReportSource;
  addresses: (Address & { reportId: string })[];
  /** Where these reports are to wait, if they are. */
  quarantineId: string | null;
  /** What opens it; only a keyed hash of it is kept. */
  accessCode: string;
  inputHash: Uint8Array<ArrayBuffer>;
  idempotencyKeyHash: Uint8Array<ArrayBuffer> | null;
};
type FiledReport = { caseId: string; number: string; state: CaseState; repeated: boolean };
type Given = ReturnType<typeof casesAndReports>;

/** The codes by which a filing undoes itself (`undo_statement`). */
const PORTAL_CHANGED = 'RP001';
const NEEDS_STEPS = 'RP002';

/**
 * Files a submission and its reports, each with its case, its audit entry and its job, or nothing; gives the reports in the order of
 * their addresses. Cases that had ended are opened again; what goes into quarantine moves nothing. Gives null where the portal is no
 * longer as it was read: nothing is filed then.
 */
export async function fileSubmission(
  by: By,
  prepared: PreparedSubmission,
  now: Date,
): Promise<{ reference: string; addressAsTyped: string }[] | null> {
  const given = casesAndReports(prepared.addresses);
  try {
    await fileAtOnce(by, prepared, filing(prepared, given, now)).catch((error: unknown) => {
      if (databaseCode(error) !== NEEDS_STEPS) throw error;
      return fileInSteps(by, prepared, filing(prepared, given, now), now);
    });
    return given.map(({ reference, raw }) => ({ reference, addressAsTyped: raw }));
  } catch (error) {
    if (databaseCode(error) === PORTAL_CHANGED) return null;
    throw error;
  }
}

// The one statement that nearly every report is. What a case that had ended needs is left to the way in steps, and so is the first
// report that counts of a case whose others wait in quarantine.
function fileAtOnce(by: By, { portal, quarantineId }: PreparedSubmission, filing: Sql): Promise<void> {
  return recordedAtOnce(
    by,
    quarantineId ? 'file-quarantined' : 'file-submission',
    sql`${filing}, settled AS (
      SELECT CASE WHEN bool_or(repeated AND (state IN ('REMOVED', 'CLOSED') OR report_count = 1)) THEN undo_statement(${NEEDS_STEPS}) END
      FROM known WHERE ${quarantineId}::uuid IS NULL
    ), noted AS (
      SELECT 'case:' || number AS stream, 'REPORT' AS action, ${JSON.stringify(reportDetail(portal, quarantineId))}::text AS detail
      FROM known, unchanged, settled
    ), queued AS (
      -- What waits in quarantine moves nothing: nothing rises, nobody is told.
      SELECT 'prioritise-case' AS task, json_build_object('caseId', id) AS payload, 'prioritise:' || id AS key
      FROM known WHERE ${quarantineId}::uuid IS NULL
    )`,
  );
}

// The same in a transaction of several statements, in which cases that had ended are opened again.
function fileInSteps(by: By, { portal }: PreparedSubmission, filing: Sql, now: Date): Promise<void> {
  return recorded(by, async (recorder) => {
    const filed = await recorder.tx.$queryRaw<FiledReport[]>(
      sql`WITH ${filing}, entered AS (
        UPDATE episodes e SET first_reported = ${now} FROM known k
        WHERE e.case_id = k.id AND e.number = 1 AND k.repeated AND k.report_count = 1
      ) SELECT id AS "caseId", number, state, repeated FROM known, unchanged`,
    );
    for (const { number } of filed) {
      recorder.note({ stream: `case:${number}`, action: 'REPORT', detail: reportDetail(portal, null) });
    }
    await reopenReportedCases(
      recorder,
      filed.filter(({ repeated }) => repeated),
      now,
    );
    for (const { caseId } of filed) {
      recorder.later({ task: 'prioritise-case', payload: { caseId }, key: `prioritise:${caseId}` });
    }
  });
}

function reportDetail({ code }: IntakePortal, quarantineId: string | null): Record<string, string> {
  return { portal: code, ...(quarantineId ? { quarantine: quarantineId } : {}) };
}

// Each address with its report, and with the case and the episode that it makes where there is none yet.
function casesAndReports(addresses: PreparedSubmission['addresses']) {
  return addresses.map((address) => ({
    ...address,
    ...namesOfHost(address.host),
    digest: `\\x${createHash('sha256').update(address.key).digest('hex')}`,
    reference: referenceFrom(randomBytes(8)),
    caseId: uuidv7(),
    episodeId: uuidv7(),
  }));
}

// What a new case keeps of its report, so that nobody who asked not to be given the like is given it in the second before that job.
function factsOf(details: PreparedSubmission['input']['details'] | null, country: string | null) {
  return {
    inDanger: details?.inDanger === true,
    categories: details?.category ? [details.category] : [],
    siteTypes: details?.foundOn ? [details.foundOn] : [],
    countries: country ? [country] : [],
  };
}

// The cases that are new, the counts of those that are not (`known` are both), the submission and its reports. A case's row is
// locked by its own update, which is what makes one case of many reports that arrive at once. `unchanged` undoes all of it where
// the portal is no longer as it was read.
function filing(
  { input, portal, source, quarantineId, accessCode, inputHash, idempotencyKeyHash }: PreparedSubmission,
  given: Given,
  now: Date,
): Sql {
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
  const quarantine = quarantineId
    ? sql`, quarantine AS (
      INSERT INTO quarantines (id, portal_id, opened_at) VALUES (${quarantineId}::uuid, ${portal.id}::uuid, ${now}) ON CONFLICT (id) DO NOTHING
    )`
    : sql``;
  return sql`given AS (
      SELECT * FROM jsonb_to_recordset(${JSON.stringify(given)}::jsonb)
        AS g(digest bytea, key text, kind "AddressKind", host text, "registrableDomain" text, "lookAlike" text, raw text, reference text,
             "caseId" uuid, "episodeId" uuid, "reportId" uuid)
    ), filed AS (
      INSERT INTO cases AS c (id, address_digest, address, address_kind, address_rules_version, host, registrable_domain, look_alike,
                              report_count, portal_ids, priority, first_reported_at, last_reported_at, state_since,
                              in_danger, categories, site_types, reporting_countries)
      SELECT g."caseId", g.digest, g.key, g.kind, ${ADDRESS_RULES_VERSION}, g.host, g."registrableDomain", g."lookAlike", ${counted}, ${portalIds}::uuid[], ${priority}, ${now}, ${now}, ${now},
             ${said.inDanger}, ${said.categories}::"ReportCategory"[], ${said.siteTypes}::"SiteType"[], ${said.countries}::text[]
      -- One order of locks for everybody, so that two submissions of the same addresses never wait for each other.
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
      SELECT f.*, g."episodeId", g."reportId", g.reference, g.raw, f.id <> g."caseId" AS repeated
      FROM filed f JOIN given g ON g.digest = f.address_digest
    ), episode AS (
      INSERT INTO episodes (id, case_id, number, first_reported)
      SELECT "episodeId", id, 1, ${now} FROM known WHERE NOT repeated
    )${quarantine}, submission AS (
      INSERT INTO submissions (id, portal_id, received_at, source, pasted_text, access_code_hash, idempotency_key_hash, input_hash,
                               language, stated_country, category, found_on, seen_on, how_found, in_danger, note, contact)
      VALUES (${submissionId}::uuid, ${portal.id}::uuid, ${now}, ${source}::"ReportSource", ${input.address}, ${accessCodeHash(accessCode)},
              ${idempotencyKeyHash}, ${inputHash}, ${input.language ?? portal.defaultLanguage}, ${input.country},
              ${details?.category ?? null}::"ReportCategory", ${details?.foundOn ?? null}::"SiteType", ${details?.seenOn?.toISOString().slice(0, 10) ?? null}::date,
              ${details?.howFound ?? null}::"HowFound", ${inDanger},
              ${details?.note ? seal(details.note) : null}, ${input.contactEmail ? seal(input.contactEmail) : null})
    ), report AS (
      INSERT INTO reports (id, reference, submission_id, case_id, portal_id, country, source, received_at, address_as_typed, repeated, standing, quarantine_id)
      SELECT "reportId", reference, ${submissionId}::uuid, id, ${portal.id}::uuid, ${country}, ${source}::"ReportSource", ${now}, raw,
             -- Not so the first that counts (see recountCases): what waits makes nobody's report a repetition.
             ${counted} = 0 OR report_count > 1,
             ${standing}::"ReportStanding", ${quarantineId}::uuid
      FROM known
    ), unchanged AS (
      SELECT CASE WHEN count(*) = 0 THEN undo_statement(${PORTAL_CHANGED}) END
      FROM portals WHERE id = ${portal.id}::uuid AND xmin::text = ${portal.version}
    )`;
}
