import { ask, sql } from '../db.ts';
import type { Portal } from '../generated/prisma/client.ts';

/** More portals than any installation has: past it the process forgets all of them and reads them anew. */
const MOST_KNOWN = 1_000;

/** What intake asks of a portal, and `version`, by which the write that files a report knows it for unchanged. */
export type IntakePortal = Pick<
  Portal,
  'id' | 'code' | 'country' | 'stage' | 'defaultLanguage' | 'languages' | 'origins' | 'sandbox' | 'transferredTo'
> & { version: string };

// Open ones only, and by no means their last word: no report is filed through one that has changed, and none is refused
// before its portal was read anew.
const known = new Map<string, IntakePortal>();

/** The open portal of a code as this process last read it, or null: it may have changed since. */
export function knownPortal(typed: string): IntakePortal | null {
  return known.get(codeOf(typed)) ?? null;
}

/** The portal of a code as it is, or null where there is none or it is only planned. */
export async function readPortal(typed: string): Promise<IntakePortal | null> {
  const code = codeOf(typed);
  // A code that no portal can have is not looked up: Postgres takes no U+0000, for one.
  if (!/^[a-z0-9-]{1,32}$/.test(code)) return null;
  const [portal] = await ask<IntakePortal>(
    'intake-portal',
    sql`SELECT id, code, country, stage::text, default_language AS "defaultLanguage", languages, origins, sandbox,
               transferred_to AS "transferredTo", xmin::text AS version
        FROM portals WHERE code = ${code} AND stage <> 'PLANNED'`,
  );
  known.delete(code);
  if (!portal) return null;
  if (known.size >= MOST_KNOWN) known.clear();
  if (isOpen(portal) && !portal.sandbox) known.set(code, portal);
  return portal;
}

/** Whether a portal takes reports. */
export function isOpen({ stage }: IntakePortal): boolean {
  return stage === 'SOFT_LAUNCH' || stage === 'LIVE';
}

function codeOf(typed: string): string {
  return typed.trim().toLowerCase();
}
