import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { AuditNote } from '../../src/audit/recorded.ts';
import type { TrailReport } from '../../src/audit/verify-trail.ts';
import { type DatabaseCopy, openDatabaseCopy } from '../support/database-copy.ts';
import { runCommand } from '../support/spawned.ts';

const folder = mkdtempSync(join(tmpdir(), 'anchors-test-'));
let database: DatabaseCopy;
let verifyTrail: () => Promise<TrailReport>;
let anchor: () => Promise<string>;
let write: (...notes: AuditNote[]) => Promise<void>;

beforeAll(async () => {
  database = await openDatabaseCopy({ AUDIT_ANCHORS_DIR: folder });
  ({ verifyTrail } = await import('../../src/audit/verify-trail.ts'));
  const { anchorTrail } = await import('../../src/audit/anchor-trail.ts');
  const { recorded } = await import('../../src/audit/recorded.ts');
  const by = { system: true, operation: 'Test' } as const;
  write = (...notes) => recorded(by, async ({ note }) => notes.forEach(note));
  anchor = () => anchorTrail(by, new Date());
  // Two anchors: after entry 3 of each chain, and after entry 5. Entry 6 of A is not signed yet.
  for (let n = 1; n <= 5; n += 1) {
    for (const stream of ['case:A', 'case:B']) await write({ stream, action: `STEP_${n}`, detail: { n } });
    if (n === 3) await anchor();
  }
  await anchor();
  await write({ stream: 'case:A', action: 'STEP_6' });
  await database.client.query(
    'CREATE TABLE kept_entries AS TABLE audit_entries; CREATE TABLE kept_heads AS TABLE audit_heads',
  );
});
afterAll(async () => {
  await database.close();
  rmSync(folder, { recursive: true });
});

const asSuperuser = (sql: string) =>
  database.client.query(`SET session_replication_role = replica; ${sql}; SET session_replication_role = origin`);
const restore = () =>
  asSuperuser(`
    DELETE FROM audit_entries; INSERT INTO audit_entries SELECT * FROM kept_entries;
    DELETE FROM audit_heads; INSERT INTO audit_heads SELECT * FROM kept_heads`);

const rehash = 'hash = audit_entry_hash(stream, seq, at, actor, operation, action, subjects, detail_digest, prev)';
/** Changes entry `seq` of case:A and computes every hash after it anew, the head's too: a history without a seam. */
const rewriteFrom = (seq: number) =>
  [
    `UPDATE audit_entries SET action = 'X' WHERE stream = 'case:A' AND seq = ${seq}`,
    ...[1, 2, 3, 4, 5, 6]
      .filter((n) => n >= seq)
      .map(
        (
          n,
        ) => `UPDATE audit_entries e SET prev = coalesce((SELECT hash FROM audit_entries p WHERE p.stream = e.stream AND p.seq = ${n} - 1), e.prev)
                  WHERE stream = 'case:A' AND seq = ${n};
                UPDATE audit_entries SET ${rehash} WHERE stream = 'case:A' AND seq = ${n}`,
      ),
    `UPDATE audit_heads SET hash = (SELECT hash FROM audit_entries WHERE stream = 'case:A' AND seq = 6) WHERE stream = 'case:A'`,
  ].join(';');
const headOfA = (seq: number) =>
  `UPDATE audit_heads SET (seq, hash) = (SELECT seq, hash FROM audit_entries WHERE stream = 'case:A' AND seq = ${seq}) WHERE stream = 'case:A'`;

describe('a trail with anchors', () => {
  it('is whole', async () => {
    expect(await verifyTrail()).toMatchObject({ anchors: 2, faults: [], anchorFaults: [] });
  });

  it('stays whole when retention forgets details', async () => {
    await database.client.query("UPDATE audit_entries SET detail = NULL, salt = NULL WHERE stream = 'case:A'");
    expect(await verifyTrail()).toMatchObject({ faults: [], anchorFaults: [] });
    await restore();
  });

  it('holds no more than numbers of cases and digests', () => {
    const [, payload = ''] = readFileSync(join(folder, 'anchor-000001.jws'), 'utf8').split('.');
    const said = JSON.parse(Buffer.from(payload, 'base64url').toString());
    expect(Object.keys(said).sort()).toEqual(['at', 'heads', 'number', 'previous', 'throughId']);
    expect(said.heads['case:A']).toEqual(['3', expect.stringMatching(/^[0-9a-f]{64}$/)]);
  });
});

describe('the first bad entry is named where a superuser', () => {
  afterEach(restore);

  it.each<[string, string, number, RegExp]>([
    ['edited an entry', `UPDATE audit_entries SET action = 'X' WHERE stream = 'case:A' AND seq = 2`, 2, /was changed/],
    ['deleted an entry', `DELETE FROM audit_entries WHERE stream = 'case:A' AND seq = 2`, 2, /is missing/],
    [
      'swapped two entries',
      `UPDATE audit_entries SET seq = 9 WHERE stream = 'case:A' AND seq = 2; UPDATE audit_entries SET seq = 2 WHERE stream = 'case:A' AND seq = 4; UPDATE audit_entries SET seq = 4 WHERE stream = 'case:A' AND seq = 9`,
      2,
      /does not follow/,
    ],
    [
      'cut the tail off together with its head',
      `DELETE FROM audit_entries WHERE stream = 'case:A' AND seq > 4; ${headOfA(4)}`,
      5,
      /at the end are missing/,
    ],
    [
      'removed a whole chain with its head',
      `DELETE FROM audit_entries WHERE stream = 'case:A'; DELETE FROM audit_heads WHERE stream = 'case:A'`,
      1,
      /all entries/,
    ],
    ['truncated everything', 'TRUNCATE audit_entries, audit_heads', 1, /all entries/],
    ['wrote all of it anew, with every hash', rewriteFrom(1), 1, /from here to 3 it is not what was signed/],
    ['wrote the end anew, with every hash', rewriteFrom(5), 4, /from here to 5 it is not what was signed/],
  ])('%s', async (what, sql, seq, fault) => {
    await asSuperuser(sql);
    const { faults, anchorFaults } = await verifyTrail();
    expect(faults.find(({ stream }) => stream === 'case:A')).toEqual({
      stream: 'case:A',
      seq: BigInt(seq),
      fault: expect.stringMatching(fault),
    });
    expect(faults.filter(({ stream }) => stream === 'case:B').length).toBe(what.includes('everything') ? 1 : 0);
    expect(anchorFaults).toEqual([]);
  });

  it('wrote anew only what no anchor reaches: that stays unseen, for an hour at most', async () => {
    await asSuperuser(rewriteFrom(6));
    expect((await verifyTrail()).faults).toEqual([]);
  });
});

describe('an anchor is named that somebody', () => {
  const [first, second] = [join(folder, 'anchor-000001.jws'), join(folder, 'anchor-000002.jws')];

  it.each<[string, () => void, object[]]>([
    ['took away', () => rmSync(first), [{ anchor: 1, fault: 'it is missing' }]],
    ['took away from the end', () => rmSync(second), [{ anchor: 2, fault: 'it is missing' }]],
    [
      'changed',
      () => writeFileSync(first, readFileSync(first, 'utf8').replace('.ey', '.ez')),
      [{ anchor: 1, fault: 'no key of ours signed it' }],
    ],
    [
      'put in the place of another',
      () => writeFileSync(second, readFileSync(first)),
      [{ anchor: 2, fault: 'no key of ours signed it' }],
    ],
  ])('%s', async (_what, tamper, expected) => {
    const kept = [first, second].map((path) => [path, readFileSync(path)] as const);
    for (const [path] of kept) rmSync(path);
    for (const [path, bytes] of kept) writeFileSync(path, bytes, { mode: 0o600 });
    tamper();
    const { faults, anchorFaults } = await verifyTrail();
    for (const [path, bytes] of kept) writeFileSync(path, bytes);
    expect(anchorFaults).toEqual(expect.arrayContaining(expected));
    expect(anchorFaults[0]).toEqual(expected[0]);
    expect(faults).toEqual([]);
  });
});

describe('many at once', () => {
  it('make one row of anchors, each after the other', async () => {
    const made = await Promise.all([1, 2, 3, 4].map(() => anchor()));
    expect(made.map((path) => basename(path)).sort()).toEqual(
      [3, 4, 5, 6].map((number) => `anchor-00000${number}.jws`),
    );
    expect(await verifyTrail()).toMatchObject({ anchors: 6, faults: [], anchorFaults: [] });
  });
});

describe('the commands', () => {
  it('make an anchor, and name what is broken', async () => {
    const settings = { DATABASE_URL: database.url, NODE_ENV: 'test', AUDIT_ANCHORS_DIR: folder };
    expect(await runCommand(['audit', 'anchor'], settings)).toMatchObject({
      code: 0,
      stdout: `${join(folder, 'anchor-000007.jws')}\n`,
    });
    rmSync(join(folder, 'anchor-000003.jws'));
    const { code, stdout } = await runCommand(['audit', 'verify'], settings);
    expect({ code, stdout }).toEqual({
      code: 1,
      stdout: expect.stringMatching(
        /^BROKEN anchor 3: it is missing\n\d+ entries in \d+ chains and 6 anchors checked, 1 broken\.\n$/,
      ),
    });
  });
});
