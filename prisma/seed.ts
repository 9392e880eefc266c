import { randomUUID } from 'node:crypto';
import { v7 as uuidv7 } from 'uuid';
import { demonstrationAccounts } from '../src/account/demonstration-accounts.ts';
import type { BySystem } from '../src/account/viewer.ts';
import { recorded } from '../src/audit/recorded.ts';
import { prioritiseWaitingCases } from '../src/case/prioritise-cases.ts';
import { prisma, type Tx } from '../src/db.ts';
import { taxonomy } from '../src/domain/assessment.ts';
import type { Portal, Prisma } from '../src/generated/prisma/client.ts';
import { submitReport } from '../src/report/submit-report.ts';
import { publishStatistics } from '../src/statistics/publish-statistics.ts';
import { demonstrationPortals } from './demonstration-portals.ts';

const DAY_MS = 24 * 60 * 60 * 1000;
const HOUR_MS = 60 * 60 * 1000;
const MONTHS_OF_HISTORY = 3;
const by: BySystem = { system: true, operation: 'seed' };

/** Reports a month in the months of history, newest last; what is not here gets a few. */
const volumes: Record<string, readonly number[]> = { ke: [95, 80, 120], ug: [40, 55, 60] };
const FEW = [3, 5, 4];

/**
 * Fills an empty database with demonstration data: portals, accounts, three months of history that is published, and fresh
 * cases in the queue. Does nothing where there is a portal already. All names are reserved ones. Says whether it did.
 */
export async function seed(now: Date): Promise<boolean> {
  if (!(await seedAccountsAndPortals())) return false;
  const portals = await prisma.portal.findMany({ where: { stage: { in: ['LIVE', 'SOFT_LAUNCH'] } } });
  const random = seededRandom(2026);
  for (let back = MONTHS_OF_HISTORY; back >= 1; back -= 1) {
    const month = new Date(Date.UTC(now.getUTCFullYear(), now.getUTCMonth() - back, 1));
    await makeHistory(portals, month, back, random);
  }
  await makeFreshReports(portals, now, random);
  await prioritiseWaitingCases(new Date(now.getTime() + 2 * HOUR_MS));
  return true;
}

/** Makes the demonstration's accounts and portals and no report, unless there is a portal already. Says whether it did. */
export function seedAccountsAndPortals(): Promise<boolean> {
  return recorded(by, async ({ tx, note }) => {
    note({ stream: 'seed', action: 'SEED' });
    // One process seeds; the others wait here and then find it done.
    await tx.$executeRaw`SELECT pg_advisory_xact_lock(hashtext('seed'))`;
    if ((await tx.portal.count()) > 0) return false;
    await makeAccounts(tx);
    await tx.portal.createMany({ data: demonstrationPortals.map((portal) => ({ id: uuidv7(), ...portal })) });
    return true;
  });
}

async function makeAccounts(tx: Tx): Promise<void> {
  for (const { subject, name, role, partner } of demonstrationAccounts) {
    const partnerId = partner ? uuidv7() : null;
    if (partner && partnerId)
      await tx.partner.create({ data: { id: partnerId, ...partner, agreementFrom: new Date('2020-01-01') } });
    await tx.account.create({ data: { id: uuidv7(), subject, name, role, partnerId } });
  }
}

async function makeHistory(portals: Portal[], month: Date, back: number, random: () => number): Promise<void> {
  for (const portal of portals) {
    const count = (volumes[portal.code] ?? FEW)[MONTHS_OF_HISTORY - back] ?? 0;
    for (let n = 0; n < count; n += 1) {
      const at = new Date(month.getTime() + (1 + random() * 26) * DAY_MS);
      // A fifth of all reports repeat an address of the same month.
      const page = random() < 0.2 ? Math.floor(n / 2) : n;
      await report(
        portal,
        `https://host${page % 9}.example/${month.toISOString().slice(0, 7)}/${portal.code}/${page}`,
        at,
        random,
      );
    }
  }
  await workThrough(month, random);
  const over = new Date(Date.UTC(month.getUTCFullYear(), month.getUTCMonth() + 1, 3));
  await publishStatistics(by, month, over);
}

async function makeFreshReports(portals: Portal[], now: Date, random: () => number): Promise<void> {
  for (const portal of portals) {
    for (let n = 0; n < (volumes[portal.code] ? 8 : 1); n += 1) {
      const at = new Date(now.getTime() - random() * 20 * HOUR_MS);
      await report(portal, `https://host${n % 5}.example/fresh/${n % 6}`, at, random);
    }
  }
}

async function report(portal: Portal, address: string, at: Date, random: () => number): Promise<void> {
  const input = {
    portal: portal.code,
    address,
    language: portal.languages[Math.floor(random() * portal.languages.length)],
    ...(portal.country ? {} : { country: 'TZ' }),
    ...(random() < 0.2 ? { contactEmail: 'reporter@mail.example' } : {}),
    idempotencyKey: randomUUID(),
  };
  await submitReport({ viewer: null, operation: 'seed' }, input, at);
}

type WaitingCase = { id: string; firstReportedAt: Date; episodes: { id: string }[] };

// The history is written as it would stand, not worked through: no analyst spent those days.
async function workThrough(month: Date, random: () => number): Promise<void> {
  const waiting = await prisma.case.findMany({
    where: { state: 'AWAITING_ASSESSMENT', firstReportedAt: { gte: month } },
    select: { id: true, firstReportedAt: true, episodes: { select: { id: true } } },
  });
  const analyst = await prisma.account.findUniqueOrThrow({ where: { subject: 'analyst' } });
  await recorded(by, async ({ tx, note }) => {
    for (const row of waiting) await workOne(tx, row, analyst.id, random);
    note({ stream: 'seed', action: 'SEED_HISTORY', detail: { cases: waiting.length } });
  });
}

async function workOne(
  tx: Tx,
  { id, firstReportedAt, episodes }: WaitingCase,
  assessorId: string,
  random: () => number,
): Promise<void> {
  const [episode] = episodes;
  if (!episode) return;
  const after = (hours: number) => new Date(firstReportedAt.getTime() + hours * HOUR_MS);
  const assessed = after(1 + random() * 30);
  const pick = <T>(values: readonly [T, ...T[]]): T => values[Math.floor(random() * values.length)] ?? values[0];
  const common = {
    id: uuidv7(),
    caseId: id,
    episodeId: episode.id,
    round: 'FIRST',
    assessorId,
    at: assessed,
    taxonomyName: taxonomy.name,
    taxonomyVersion: taxonomy.version,
  } as const;

  if (random() < 0.45) {
    await tx.assessment.create({
      data: {
        ...common,
        verdict: 'NOT_ACTIONABLE',
        reason: pick(['LEGAL_ADULT', 'OFF_REMIT', 'INACCESSIBLE', 'INSUFFICIENT_INFORMATION']),
      },
    });
    await tx.episode.update({
      where: { id: episode.id },
      data: { assessed, closed: assessed, outcome: 'NOT_ACTIONABLE' },
    });
    await tx.case.update({ where: { id }, data: { state: 'CLOSED', outcome: 'NOT_ACTIONABLE', stateSince: assessed } });
    return;
  }

  const answers: Omit<Prisma.AssessmentUncheckedCreateInput, keyof typeof common> = {
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
  await tx.assessment.create({ data: { ...common, ...answers } });
  await tx.hostTrace.create({
    data: {
      id: uuidv7(),
      caseId: id,
      episodeId: episode.id,
      method: 'PERSON',
      tool: 'by hand',
      placement: 'COUNTRY',
      country: pick(['NL', 'US', 'DE']),
      reason: 'Demonstration data.',
      recordedById: assessorId,
      at: told,
    },
  });
  await tx.action.create({
    data: {
      id: uuidv7(),
      caseId: id,
      episodeId: episode.id,
      kind: 'HOST_NOTICE',
      recipient: 'abuse@host.example',
      sentById: assessorId,
      sentAt: told,
    },
  });
  await tx.observation.create({
    data: { id: uuidv7(), caseId: id, episodeId: episode.id, seen: 'GONE', observedById: assessorId, at: gone },
  });
  await tx.episode.update({
    where: { id: episode.id },
    data: { assessed, traced: told, hostTold: told, firstSeenGone: gone },
  });
  await tx.case.update({ where: { id }, data: { state: 'REMOVED', stateSince: gone } });
}

/** Numbers in [0, 1) that are the same for the same seed (Lehmer's generator), so that every demonstration looks alike. */
function seededRandom(start: number): () => number {
  let state = start;
  return () => {
    state = (state * 48_271) % 2_147_483_647;
    return state / 2_147_483_647;
  };
}
