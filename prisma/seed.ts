import { setTimeout as sleep } from 'node:timers/promises';
import { v7 as uuidv7 } from 'uuid';
import type { BySystem } from '../src/account/viewer.ts';
import { recorded } from '../src/audit/recorded.ts';
import { prioritiseCases } from '../src/case/prioritise-cases.ts';
import { pool, prisma } from '../src/db.ts';
import { taxonomy } from '../src/domain/assessment.ts';
import type { Portal, Prisma } from '../src/generated/prisma/client.ts';
import { submitReport } from '../src/report/submit-report.ts';
import { publishStatistics } from '../src/statistics/publish-statistics.ts';
import { publishEdition } from '../src/url-list/publish-edition.ts';
import { seedAccountsAndPortals } from './seed-accounts.ts';
import { seedContacts } from './seed-contacts.ts';

const DAY_MS = 24 * 60 * 60 * 1000;
const HOUR_MS = 60 * 60 * 1000;
/** The months of history, by how many months ago they were: the last three, and that of a year before, to compare. */
const HISTORY = [13, 3, 2, 1] as const;
/** How many reports are submitted at once. */
const LANES = 8;
const LOOK_AGAIN_MS = 200;
const by: BySystem = { system: true, operation: 'seed' };

/** Reports a month in the months of history, in their order. Portals that are not here get none, so that the first start stays quick. */
const FEW = [2, 3, 5, 4];
const volumes: Record<string, readonly number[]> = {
  ke: [70, 95, 80, 120],
  ug: [35, 40, 55, 60],
  cd: FEW,
  mn: FEW,
  pk: FEW,
  world: FEW,
};

/** Becomes the case C-000001, of highest priority: GraphiQL's examples work on it and know its access code. */
export const firstReport = {
  portal: 'ke',
  address: 'hxxps://site[.]example/first-report',
  details: { inDanger: true },
  idempotencyKey: 'seed: the first report of the demonstration',
};

/**
 * Fills an empty database with demonstration data: portals, accounts, three months of history and one of a year before, all published, and
 * fresh cases in the queue. Goes on where an earlier process was killed at it, and does nothing on other data. All names are reserved
 * ones. Says whether it did.
 */
export async function seed(now: Date): Promise<boolean> {
  return oneAtATime(async () => {
    const steps = await prisma.auditEntry.findMany({ where: { stream: 'seed' }, select: { action: true } });
    const done = (step: string) => steps.some(({ action }) => action === step);
    if (done('SEED_FINISHED')) return false;
    if (!done('SEED')) {
      if ((await prisma.portal.count()) > 0) return false;
      await seedAccountsAndPortals();
    }
    await seedContacts(now);
    await seedReports(now);
    await publishEdition(by, now, { notWithinMinutes: 60 });
    await recorded(by, async ({ note }) => note({ stream: 'seed', action: 'SEED_FINISHED' }));
    return true;
  });
}

// The lock belongs to a connection of its own and ends with it, so a killed process leaves none.
async function oneAtATime<T>(work: () => Promise<T>): Promise<T> {
  const client = await pool.connect();
  try {
    const tryLock = "SELECT pg_try_advisory_lock(hashtext('seed')) AS locked";
    while (!(await client.query<{ locked: boolean }>(tryLock)).rows[0]?.locked) await sleep(LOOK_AGAIN_MS);
    return await work();
  } finally {
    client.release(true);
  }
}

async function seedReports(now: Date): Promise<void> {
  await submitReport({ viewer: null, operation: 'seed' }, firstReport, now);
  const portals = await prisma.portal.findMany({
    where: { code: { in: Object.keys(volumes) } },
    orderBy: { code: 'asc' },
  });
  for (const back of HISTORY) {
    const month = new Date(Date.UTC(now.getUTCFullYear(), now.getUTCMonth() - back, 1));
    await makeHistory(portals, month, back);
  }
  await makeFreshReports(portals, now);
  const waiting = await prisma.case.findMany({ where: { state: 'AWAITING_ASSESSMENT' }, select: { id: true } });
  await prioritiseCases(
    waiting.map(({ id }) => id),
    now,
  );
  // That was all the later work which these reports asked for; what a visitor reports need not wait behind it.
  await prisma.$executeRaw`
    SELECT graphile_worker.remove_job(key) FROM graphile_worker.jobs WHERE task_identifier = 'prioritise-case'`;
}

async function makeHistory(portals: Portal[], month: Date, back: (typeof HISTORY)[number]): Promise<void> {
  const random = seededRandom(2026 + back);
  const count = (portal: Portal) => volumes[portal.code]?.[HISTORY.indexOf(back)] ?? 0;
  await submitAll(
    eachOf(portals, count, (portal, n) => {
      const at = new Date(month.getTime() + (1 + random() * 26) * DAY_MS);
      // A fifth of all reports repeat an address of the same month.
      const page = random() < 0.2 ? Math.floor(n / 2) : n;
      const address = `https://host${page % 9}.example/${month.toISOString().slice(0, 7)}/${portal.code}/${page}`;
      return draftReport(portal, address, at, n, random);
    }),
  );
  const next = new Date(Date.UTC(month.getUTCFullYear(), month.getUTCMonth() + 1, 1));
  await workThrough(month, next, seededRandom(2126 + back));
  // A figure has changed only where an earlier process was killed at it and a day went by.
  const reason = 'The demonstration was interrupted, and went on.';
  await publishStatistics(by, month, { reason }, new Date(next.getTime() + 2 * DAY_MS));
}

async function makeFreshReports(portals: Portal[], now: Date): Promise<void> {
  const random = seededRandom(2026);
  const count = (portal: Portal) => (volumes[portal.code] === FEW ? 1 : 8);
  await submitAll(
    eachOf(portals, count, (portal, n) => {
      const at = new Date(now.getTime() - random() * 20 * HOUR_MS);
      return draftReport(portal, `https://host${n % 5}.example/fresh/${n % 6}`, at, n, random);
    }),
  );
}

function eachOf<T>(portals: Portal[], count: (portal: Portal) => number, make: (portal: Portal, n: number) => T): T[] {
  return portals.flatMap((portal) => Array.from({ length: count(portal) }, (_, n) => make(portal, n)));
}

type DraftReport = { at: Date; input: { portal: string; address: string } & Record<string, string | undefined> };

function draftReport(portal: Portal, address: string, at: Date, n: number, random: () => number): DraftReport {
  const input = {
    portal: portal.code,
    address,
    language: portal.languages[Math.floor(random() * portal.languages.length)],
    ...(portal.country ? {} : { country: 'TZ' }),
    ...(random() < 0.2 ? { contactEmail: 'reporter@mail.example' } : {}),
    // The same each time, so that going on after a kill files nothing twice.
    idempotencyKey: `seed ${address} ${n}`,
  };
  return { at, input };
}

// Several at a time, for a quick start, but the reports of one address one after another: so every demonstration is alike.
async function submitAll(drafts: DraftReport[]): Promise<void> {
  const inOrder = drafts.toSorted((a, b) => a.at.getTime() - b.at.getTime());
  const addresses = [...new Set(inOrder.map(({ input }) => input.address))];
  const submitLane = async (lane: number) => {
    for (const { at, input } of inOrder) {
      if (addresses.indexOf(input.address) % LANES === lane)
        await submitReport({ viewer: null, operation: 'seed' }, input, at);
    }
  };
  await Promise.all(Array.from({ length: LANES }, (_, lane) => submitLane(lane)));
}

// The history is written as it would stand, not worked through: no analyst spent those days.
async function workThrough(month: Date, next: Date, random: () => number): Promise<void> {
  const waiting = await prisma.case.findMany({
    where: { state: 'AWAITING_ASSESSMENT', firstReportedAt: { gte: month, lt: next } },
    orderBy: [{ firstReportedAt: 'asc' }, { address: 'asc' }],
    select: { id: true, firstReportedAt: true, episodes: { select: { id: true } } },
  });
  const analyst = await prisma.account.findUniqueOrThrow({ where: { subject: 'analyst' } });
  const worked = waiting.map((row) => workOne(row, analyst.id, random));
  await recorded(by, async ({ tx, note }) => {
    await tx.assessment.createMany({ data: worked.map(({ assessment }) => assessment) });
    await tx.hostTrace.createMany({ data: worked.flatMap(({ trace }) => trace ?? []) });
    await tx.$executeRaw`
      UPDATE cases c SET hosting_country = t.country FROM host_traces t WHERE t.case_id = c.id AND c.hosting_country IS NULL`;
    await tx.action.createMany({ data: worked.flatMap(({ action }) => action ?? []) });
    await tx.observation.createMany({ data: worked.flatMap(({ observations }) => observations ?? []) });
    const ends = JSON.stringify(worked.map(({ end }) => end));
    await tx.$executeRaw`
      UPDATE episodes e
      SET assessed = w.assessed, traced = w.told, host_told = w.told, first_seen_gone = w.gone,
          closed = CASE WHEN w.gone IS NULL THEN w.assessed END, outcome = CASE WHEN w.gone IS NULL THEN 'NOT_ACTIONABLE'::"CaseOutcome" END
      FROM jsonb_to_recordset(${ends}::jsonb) AS w("episodeId" uuid, assessed timestamptz, told timestamptz, gone timestamptz)
      WHERE e.id = w."episodeId"`;
    await tx.$executeRaw`
      UPDATE cases c
      SET state = CASE WHEN w.gone IS NULL THEN 'CLOSED' ELSE 'REMOVED' END::"CaseState", state_since = coalesce(w.gone, w.assessed),
          outcome = CASE WHEN w.gone IS NULL THEN 'NOT_ACTIONABLE'::"CaseOutcome" END, next_check_at = w.gone + interval '13 days'
      FROM jsonb_to_recordset(${ends}::jsonb) AS w("caseId" uuid, assessed timestamptz, gone timestamptz)
      WHERE c.id = w."caseId"`;
    note({ stream: 'seed', action: 'SEED_HISTORY', detail: { cases: waiting.length } });
  });
}

type WaitingCase = { id: string; firstReportedAt: Date; episodes: { id: string }[] };
type WorkedCase = {
  assessment: Prisma.AssessmentCreateManyInput;
  trace?: Prisma.HostTraceCreateManyInput;
  action?: Prisma.ActionCreateManyInput;
  observations?: Prisma.ObservationCreateManyInput[];
  end: { caseId: string; episodeId: string; assessed: Date; told?: Date; gone?: Date };
};

function workOne(
  { id: caseId, firstReportedAt, episodes }: WaitingCase,
  assessorId: string,
  random: () => number,
): WorkedCase {
  const episodeId = episodes[0]?.id ?? '';
  const after = (hours: number) => new Date(firstReportedAt.getTime() + hours * HOUR_MS);
  const pick = <T>(values: readonly [T, ...T[]]): T => values[Math.floor(random() * values.length)] ?? values[0];
  const of = () => ({ id: uuidv7(), caseId, episodeId });
  const assessed = after(1 + random() * 30);
  const opinion = {
    ...of(),
    round: 'FIRST',
    assessorId,
    at: assessed,
    taxonomyName: taxonomy.name,
    taxonomyVersion: taxonomy.version,
  } as const;

  if (random() < 0.45) {
    const reason = pick(['LEGAL_ADULT', 'OFF_REMIT', 'INACCESSIBLE', 'INSUFFICIENT_INFORMATION'] as const);
    return { assessment: { ...opinion, verdict: 'NOT_ACTIONABLE', reason }, end: { caseId, episodeId, assessed } };
  }

  const assessment: Prisma.AssessmentCreateManyInput = {
    ...opinion,
    verdict: 'ACTIONABLE',
    severity: pick(['A', 'B', 'C']),
    youngestAge: pick(['AGE_3_6', 'AGE_7_10', 'AGE_11_13', 'AGE_14_15']),
    sex: pick(['GIRLS', 'GIRLS', 'BOYS']),
    form: 'PHOTOGRAPHIC',
    siteType: pick(['IMAGE_HOST', 'FILE_HOST', 'FORUM', 'WEBSITE']),
    jurisdiction: 'BASELINE',
  };
  const told = after(32 + random() * 10);
  const gone = after(44 + random() * 120);
  const country = pick(['NL', 'US', 'DE']);
  const traced = { method: 'PERSON', tool: 'by hand', placement: 'COUNTRY', country } as const;
  return {
    assessment,
    trace: { ...of(), ...traced, reason: 'Demonstration data.', recordedById: assessorId, at: told },
    action: {
      ...of(),
      kind: 'HOST_NOTICE',
      recipient: 'abuse@host.example',
      sentById: assessorId,
      queuedAt: told,
      sentAt: told,
    },
    // Seen gone, and again a day later.
    observations: [gone, new Date(gone.getTime() + DAY_MS)].map((at) => ({
      ...of(),
      seen: 'GONE',
      observedById: assessorId,
      at,
    })),
    end: { caseId, episodeId, assessed, told, gone },
  };
}

/** Numbers in [0, 1) that are the same for the same seed (Lehmer's generator), so that every demonstration looks alike. */
function seededRandom(start: number): () => number {
  let state = start;
  return () => {
    state = (state * 48_271) % 2_147_483_647;
    return state / 2_147_483_647;
  };
}
