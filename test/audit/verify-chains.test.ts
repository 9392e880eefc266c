import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { AuditNote } from '../../src/audit/recorded.ts';
import type { AuditReport } from '../../src/audit/verify-chains.ts';
import { type DatabaseCopy, openDatabaseCopy } from '../support/database-copy.ts';
import { runCommand } from '../support/spawned.ts';

const by = { viewer: null, operation: 'Test' };
let database: DatabaseCopy;
let verifyChains: () => Promise<AuditReport>;
let write: (...notes: AuditNote[]) => Promise<void>;

beforeAll(async () => {
  database = await openDatabaseCopy();
  ({ verifyChains } = await import('../../src/audit/verify-chains.ts'));
  const { recorded } = await import('../../src/audit/recorded.ts');
  write = (...notes) => recorded(by, async ({ note }) => notes.forEach(note));
  for (let n = 1; n <= 5; n += 1) {
    await write({ stream: 'case:A', action: `STEP_${n}`, subjects: ['C-000001', 'C-000002'], detail: { n } });
    await write({ stream: 'case:B', action: `STEP_${n}`, detail: { n } });
  }
  await database.client.query(
    'CREATE TABLE kept_entries AS TABLE audit_entries; CREATE TABLE kept_heads AS TABLE audit_heads',
  );
});
afterAll(async () => {
  await database.close();
});

/** What a superuser can do: triggers are off, constraints of rows stay. */
const asSuperuser = (sql: string) =>
  database.client.query(`SET session_replication_role = replica; ${sql}; SET session_replication_role = origin`);

async function restore(): Promise<void> {
  await asSuperuser(`
    DELETE FROM audit_entries; INSERT INTO audit_entries SELECT * FROM kept_entries;
    DELETE FROM audit_heads; INSERT INTO audit_heads SELECT * FROM kept_heads`);
}

describe('a trail that nobody has touched', () => {
  it('is whole', async () => {
    const { entries, streams, faults } = await verifyChains();
    const { rows } = await database.client.query(
      'SELECT count(*)::int AS entries, count(DISTINCT stream)::int AS streams FROM audit_entries',
    );
    expect({ entries, streams }).toEqual(rows[0]);
    expect(streams).toBeGreaterThanOrEqual(2);
    expect(faults).toEqual([]);
  });

  it('refuses what is not appending, unless by somebody who turns its triggers off', async () => {
    for (const sql of [
      "UPDATE audit_entries SET action = 'NOTHING'",
      'UPDATE audit_entries SET detail = NULL',
      'DELETE FROM audit_entries',
      'TRUNCATE audit_entries',
      'DELETE FROM audit_heads',
      'TRUNCATE audit_heads',
    ])
      await expect(database.client.query(sql), sql).rejects.toThrow(/never allowed/);
    expect((await verifyChains()).faults).toEqual([]);
  });

  it('stays whole when retention forgets details', async () => {
    await database.client.query(
      "UPDATE audit_entries SET detail = NULL, salt = NULL WHERE stream = 'case:A' AND seq IN (1, 3, 5)",
    );
    expect((await verifyChains()).faults).toEqual([]);
    await restore();
  });
});

const digest = "sha256(coalesce(salt, '') || convert_to(coalesce(detail, ''), 'UTF8'))";
const rehash = 'hash = audit_entry_hash(stream, seq, at, actor, operation, action, subjects, detail_digest, prev)';
const ofA = "stream = 'case:A'";

describe('the first bad link is named, and no other chain is blamed, where somebody', () => {
  afterEach(restore);

  it.each<[string, string, number, RegExp]>([
    ['changed an action', `UPDATE audit_entries SET action = 'X' WHERE ${ofA} AND seq = 3`, 3, /was changed/],
    ['changed an actor', `UPDATE audit_entries SET actor = 'system' WHERE ${ofA} AND seq = 2`, 2, /was changed/],
    ['changed a reason', `UPDATE audit_entries SET operation = 'X' WHERE ${ofA} AND seq = 2`, 2, /was changed/],
    [
      'changed a time by a microsecond',
      `UPDATE audit_entries SET at = at + interval '1 microsecond' WHERE ${ofA} AND seq = 4`,
      4,
      /was changed/,
    ],
    [
      'moved a time before Christ',
      `UPDATE audit_entries SET at = (to_char(at AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24:MI:SS.US') || '+00 BC')::timestamptz WHERE ${ofA} AND seq = 4`,
      4,
      /was changed/,
    ],
    [
      'changed a detail',
      `UPDATE audit_entries SET detail = '{"n":9}' WHERE ${ofA} AND seq = 3`,
      3,
      /detail was changed/,
    ],
    [
      'changed a detail and its digest',
      `UPDATE audit_entries SET detail = '{"n":9}' WHERE ${ofA} AND seq = 3; UPDATE audit_entries SET detail_digest = ${digest} WHERE ${ofA} AND seq = 3`,
      3,
      /was changed/,
    ],
    [
      'took a detail and left its salt',
      `UPDATE audit_entries SET detail = NULL WHERE ${ofA} AND seq = 3`,
      3,
      /detail was changed/,
    ],
    [
      'took a subject away',
      `UPDATE audit_entries SET subjects = '{C-000001}' WHERE ${ofA} AND seq = 3`,
      3,
      /was changed/,
    ],
    [
      'made two subjects one',
      `UPDATE audit_entries SET subjects = '{"C-000001,C-000002"}' WHERE ${ofA} AND seq = 3`,
      3,
      /was changed/,
    ],
    [
      'changed an entry and made its hash again',
      `UPDATE audit_entries SET action = 'X' WHERE ${ofA} AND seq = 3; UPDATE audit_entries SET ${rehash} WHERE ${ofA} AND seq = 3`,
      4,
      /does not follow/,
    ],
    [
      'changed the last entry and made its hash again',
      `UPDATE audit_entries SET action = 'X' WHERE ${ofA} AND seq = 5; UPDATE audit_entries SET ${rehash} WHERE ${ofA} AND seq = 5`,
      5,
      /head does not say/,
    ],
    ['deleted an entry', `DELETE FROM audit_entries WHERE ${ofA} AND seq = 3`, 3, /is missing/],
    ['deleted the first entry', `DELETE FROM audit_entries WHERE ${ofA} AND seq = 1`, 1, /is missing/],
    [
      'deleted an entry and closed the gap',
      `DELETE FROM audit_entries WHERE ${ofA} AND seq = 3; UPDATE audit_entries SET seq = 3 WHERE ${ofA} AND seq = 4; UPDATE audit_entries SET seq = 4 WHERE ${ofA} AND seq = 5`,
      3,
      /does not follow/,
    ],
    ['cut the tail off', `DELETE FROM audit_entries WHERE ${ofA} AND seq > 3`, 4, /at the end are missing/],
    ['deleted a whole chain', `DELETE FROM audit_entries WHERE ${ofA}`, 1, /all entries/],
    [
      'swapped two entries',
      `UPDATE audit_entries SET seq = 9 WHERE ${ofA} AND seq = 2; UPDATE audit_entries SET seq = 2 WHERE ${ofA} AND seq = 4; UPDATE audit_entries SET seq = 4 WHERE ${ofA} AND seq = 9`,
      2,
      /does not follow/,
    ],
    [
      'swapped two entries in the order of the whole trail',
      `UPDATE audit_entries SET id = -id WHERE ${ofA} AND seq = 4`,
      4,
      /place in the whole trail/,
    ],
    [
      'moved an entry to another chain',
      `UPDATE audit_entries SET stream = 'case:B', seq = 6 WHERE ${ofA} AND seq = 5`,
      5,
      /at the end are missing/,
    ],
    ['forged a head', `UPDATE audit_heads SET hash = sha256('x') WHERE ${ofA}`, 5, /head does not say/],
    [
      'put a head back',
      `UPDATE audit_heads SET (seq, hash) = (SELECT seq, hash FROM audit_entries WHERE ${ofA} AND seq = 4) WHERE ${ofA}`,
      5,
      /head does not say/,
    ],
    ['put a head forward', `UPDATE audit_heads SET seq = 6 WHERE ${ofA}`, 6, /at the end are missing/],
    ['took a head away', `DELETE FROM audit_heads WHERE ${ofA}`, 5, /head of this chain is missing/],
    [
      'appended an entry by hand',
      `INSERT INTO audit_entries (stream, seq, at, actor, operation, action, subjects, detail_digest, prev, hash) SELECT stream, 6, now(), 'system', 'X', 'X', '{}', sha256('x'), hash, sha256('x') FROM audit_entries WHERE ${ofA} AND seq = 5`,
      6,
      /was changed/,
    ],
  ])('%s', async (what, sql, seq, fault) => {
    await asSuperuser(sql);
    const { faults } = await verifyChains();
    const [first, ...others] = faults.filter(({ stream }) => stream === 'case:A');
    expect(first).toMatchObject({ seq: BigInt(seq), fault: expect.stringMatching(fault) });
    expect(others).toEqual([]);
    const innocent = faults.filter(
      ({ stream }) => stream !== 'case:A' && !(what.includes('another chain') && stream === 'case:B'),
    );
    expect(innocent).toEqual([]);
  });

  it('broke several chains, each by its own first link', async () => {
    await asSuperuser(`UPDATE audit_entries SET action = 'X' WHERE seq IN (2, 4) AND stream IN ('case:A', 'case:B')`);
    const { faults } = await verifyChains();
    expect(faults.map(({ stream, seq }) => [stream, seq])).toEqual([
      ['case:A', 2n],
      ['case:B', 2n],
    ]);
  });
});

describe('many writers at once', () => {
  it('make no fork, and a check that runs meanwhile finds nothing wrong', async () => {
    const writing = Promise.all(
      Array.from({ length: 16 }, async (_, writer) => {
        for (let n = 0; n < 10; n += 1)
          await write(
            { stream: 'case:BUSY', action: 'STEP', detail: { writer, n } },
            { stream: writer % 2 ? 'case:AHEAD' : 'case:LATER', action: 'STEP' },
          );
      }),
    );
    let done = false;
    writing.finally(() => {
      done = true;
    });
    let checks = 0;
    while (!done) {
      expect((await verifyChains()).faults).toEqual([]);
      checks += 1;
    }
    await writing;
    expect(checks).toBeGreaterThan(1);
    const { rows } = await database.client.query(
      "SELECT count(*)::int AS count, max(seq)::int AS last, count(DISTINCT prev)::int AS links FROM audit_entries WHERE stream = 'case:BUSY'",
    );
    expect(rows[0]).toEqual({ count: 160, last: 160, links: 160 });
    expect((await verifyChains()).faults).toEqual([]);
  });
});

describe('the command', () => {
  const settings = () => ({
    DATABASE_URL: database.url,
    NODE_ENV: 'test',
    AUDIT_ANCHORS_DIR: mkdtempSync(join(tmpdir(), 'anchors-')),
  });
  const verify = () => runCommand(['audit', 'verify'], settings());

  it('exits with 0 on a whole trail, and with 1 on a broken one whose first bad entry it names', async () => {
    const whole = await verify();
    expect(whole).toMatchObject({
      code: 0,
      stdout: expect.stringMatching(/^\d+ entries in \d+ chains and \d+ anchors checked, 0 broken\.\n$/),
    });
    await asSuperuser(`UPDATE audit_entries SET action = 'X' WHERE ${ofA} AND seq = 3`);
    const broken = await verify();
    await restore();
    expect(broken.code).toBe(1);
    expect(broken.stdout).toContain('BROKEN case:A entry 3: it was changed\n');
    expect(broken.stdout).toContain(' 1 broken.');
  });
});
