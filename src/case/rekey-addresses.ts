import { createHash } from 'node:crypto';
import type { BySystem } from '../account/viewer.ts';
import { recorded } from '../audit/recorded.ts';
import { prisma } from '../db.ts';
import { ADDRESS_RULES_VERSION, canonicalAddress, readAddresses } from '../domain/address.ts';
import type { AddressKind } from '../generated/prisma/enums.ts';
import { namesOfHost } from '../report/host-names.ts';
import { type NewAddress, rekeyCase } from './rekey-case.ts';

type Row = {
  id: string;
  number: string;
  address: string;
  kind: AddressKind;
  host: string | null;
  registrableDomain: string | null;
  lookAlike: string | null;
  rulesVersion: number;
  typed: string;
  pasted: string;
};

/** How many cases were looked at, and of how many what was done, or would be. */
type Tally = { cases: number; refreshed: number; rekeyed: number; joined: number; left: number };

type Options = { dryRun: boolean; tell: (line: string) => void; pageSize?: number };

const FIRST = '00000000-0000-0000-0000-000000000000';

/**
 * Computes the key of every case anew, a page at a time, from what its first reporter typed: after a change of the rules, of
 * the Public Suffix List, or of Node (whose releases read a few international names differently). Where a key is new, the
 * case takes it or is joined with the case that has it (`rekeyCase`). A case is never parted. Safe to run twice, to break
 * off and to run beside a server; servers of older rules may add old keys until they are gone, so run it once more then.
 * `tell` gets lines without any address.
 */
export async function rekeyAddresses(by: BySystem, now: Date, options: Options): Promise<Tally> {
  const { dryRun, tell, pageSize = 200 } = options;
  const tally: Tally = { cases: 0, refreshed: 0, rekeyed: 0, joined: 0, left: 0 };
  for (let after = FIRST; ; ) {
    const page = await pageOfCases(after, pageSize);
    const last = page.at(-1);
    if (!last) return tally;
    after = last.id;

    const fresh = page.map((row) => ({ row, address: newAddress(row) }));
    const stale = fresh.filter(({ row, address }) => address.key === row.address && !isFresh(row, address));
    if (stale.length > 0 && !dryRun) await refresh(by, stale);
    tally.cases += page.length;
    tally.refreshed += stale.length;

    for (const { row, address } of fresh) {
      if (address.key === row.address) continue;
      const outcome = await rekeyCase(by, row.id, address, now, dryRun);
      if (outcome === null) continue;
      tally[outcome.done] += 1;
      tell(`${row.number} ${outcome.text}`);
    }
  }
}

// A case without any report was emptied by an earlier run: its address is history.
function pageOfCases(after: string, size: number): Promise<Row[]> {
  return prisma.$queryRaw<Row[]>`
    SELECT c.id, c.number, c.address, c.address_kind::text AS kind, c.host, c.registrable_domain AS "registrableDomain",
           c.look_alike AS "lookAlike", c.address_rules_version AS "rulesVersion", r.typed, r.pasted
    FROM cases c
    JOIN LATERAL (
      SELECT r.address_as_typed AS typed, s.pasted_text AS pasted
      FROM reports r JOIN submissions s ON s.id = r.submission_id
      WHERE r.case_id = c.id ORDER BY r.received_at, r.id LIMIT 1
    ) r ON true
    WHERE c.id > ${after}::uuid ORDER BY c.id LIMIT ${size}`;
}

/**
 * What the present rules make of a case's address. What was typed is read in its place in the pasted text, which may have said
 * where it ends; where the rules no longer find it there, the stored address is read.
 */
function newAddress({ address, kind, host, typed, pasted }: Row): NewAddress {
  const read = readAddresses(pasted).addresses.find(({ raw }) => raw === typed) ?? canonicalAddress(address);
  const found = read ?? { key: address, kind, host };
  return {
    key: found.key,
    digest: createHash('sha256').update(found.key).digest(),
    kind: found.kind,
    host: found.host,
    ...namesOfHost(found.host),
  };
}

function isFresh(row: Row, address: NewAddress): boolean {
  return (
    row.rulesVersion === ADDRESS_RULES_VERSION &&
    row.kind === address.kind &&
    row.host === address.host &&
    row.registrableDomain === address.registrableDomain &&
    row.lookAlike === address.lookAlike
  );
}

/** Writes what follows from unchanged keys: one entry of the trail for the page, in a chain of its own. */
async function refresh(by: BySystem, stale: { row: Row; address: NewAddress }[]): Promise<void> {
  const changes = stale.map(({ row, address: { key: _key, digest: _digest, ...rest } }) => ({ id: row.id, ...rest }));
  await recorded(by, async ({ tx, note }) => {
    // Rows are locked in the order in which submissions lock them, so that nobody waits in a circle.
    await tx.$executeRaw`
      WITH fresh AS (
        SELECT * FROM jsonb_to_recordset(${JSON.stringify(changes)}::jsonb)
          AS f(id uuid, kind text, host text, "registrableDomain" text, "lookAlike" text)
      ), locked AS (
        SELECT c.id FROM cases c WHERE c.id IN (SELECT id FROM fresh) ORDER BY c.address_digest FOR UPDATE
      )
      UPDATE cases c SET address_kind = f.kind::"AddressKind", host = f.host, registrable_domain = f."registrableDomain",
                         look_alike = f."lookAlike", address_rules_version = ${ADDRESS_RULES_VERSION}
      FROM fresh f JOIN locked l ON l.id = f.id WHERE c.id = f.id`;
    const subjects = stale.map(({ row }) => row.number);
    note({ stream: 'addresses', action: 'REFRESH', subjects, detail: { rules: ADDRESS_RULES_VERSION } });
  });
}
