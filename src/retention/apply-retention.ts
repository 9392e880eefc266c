import type { BySystem } from '../account/viewer.ts';
import { recorded } from '../audit/recorded.ts';
import { prisma, type Tx } from '../db.ts';
import { type RetentionRule, retentionRules } from './retention-rules.ts';

const DAY_MS = 24 * 60 * 60 * 1000;
const PAGE = 500;
/** More than this a dry run does not count. */
const COUNTED_AT_MOST = 1_000_000;

/** How much of each kind was forgotten, or would be. */
type Forgotten = { name: string; count: number }[];

/**
 * Forgets what is no longer needed: contacts, free text and access codes, each after its days. Every page of 500 leaves an audit
 * entry with its count; the trail itself, which holds no free text, stays whole. With `dryRun` it only counts.
 */
export async function applyRetention(by: BySystem, now: Date, { dryRun = false } = {}): Promise<Forgotten> {
  const forgotten: Forgotten = [];
  for (const rule of retentionRules) {
    const until = new Date(now.getTime() - rule.days * DAY_MS);
    const count = dryRun ? await countDue(rule, until) : await forgetAll(by, rule, until, now);
    forgotten.push({ name: rule.name, count });
  }
  return forgotten;
}

async function countDue(rule: RetentionRule, until: Date): Promise<number> {
  const due = await prisma.$transaction((tx) => rule.due(tx, until, COUNTED_AT_MOST));
  return due.length;
}

async function forgetAll(by: BySystem, rule: RetentionRule, until: Date, now: Date): Promise<number> {
  for (let total = 0; ; ) {
    const due = await prisma.$transaction((tx: Tx) => rule.due(tx, until, 1));
    if (due.length === 0) return total;
    const count = await forgetPage(by, rule, until, now);
    if (count === 0) return total;
    total += count;
  }
}

function forgetPage(by: BySystem, rule: RetentionRule, until: Date, now: Date): Promise<number> {
  return recorded(by, async ({ tx, note }) => {
    const due = await rule.due(tx, until, PAGE);
    if (due.length > 0)
      await rule.forget(
        tx,
        due.map(({ id }) => id),
        now,
      );
    note({ stream: 'retention', action: 'FORGET', detail: { what: rule.name, days: rule.days, count: due.length } });
    return due.length;
  });
}
