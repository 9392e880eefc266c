import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { rows } from '../report/intake.ts';
import { type Platform, startPlatform } from '../support/platform.ts';
import { openCommandLine, runCommand } from '../support/spawned.ts';

const SLOW = 120_000;
const FOLDER = 'prisma/portals';
const home = mkdtempSync(join(tmpdir(), 'portals-'));

let platform: Platform;
let onDatabase: ReturnType<typeof openCommandLine>;
const offline = openCommandLine({ DATABASE_URL: 'postgresql://a:b@127.0.0.1:1/c' });
beforeAll(async () => {
  platform = await startPlatform();
  onDatabase = openCommandLine({ DATABASE_URL: platform.databaseUrl });
});
afterAll(async () => {
  rmSync(home, { recursive: true, force: true });
  for (const commandLine of [onDatabase, offline]) commandLine.close();
  await platform.stop();
});

const portal = (...args: string[]) => onDatabase.run('portal', ...args);
const withoutDatabase = (...args: string[]) => offline.run('portal', ...args);
/** As a process of its own, which is slower. */
const spawned = (...args: string[]) => runCommand(['portal', ...args], { DATABASE_URL: platform.databaseUrl });
const auditEntries = () =>
  rows("SELECT actor, operation, action, stream FROM audit_entries WHERE stream LIKE 'portal:%' ORDER BY stream, seq");

function file(name: string, yaml: string): string {
  mkdirSync(home, { recursive: true });
  writeFileSync(join(home, name), yaml);
  return join(home, name);
}

const lesotho = `code: ls
name: Report for Lesotho
country: LS
timeZone: Africa/Maseru
stage: SUSPENDED
defaultLanguage: en
languages: [en]
`;

describe('portal import and export', () => {
  it(
    'change nothing, and leave no audit entry, where what was exported is imported again',
    async () => {
      const to = join(home, 'exported');
      const exported = await portal('export', '--to', to);
      expect(exported).toMatchObject({ code: 0, stderr: '' });
      expect(exported.stdout.trim().split('\n')).toHaveLength(50);
      const yaml = readdirSync(FOLDER).filter((name) => name.endsWith('.yaml'));
      expect(readdirSync(to)).toEqual(yaml);
      for (const name of yaml)
        expect(readFileSync(join(to, name), 'utf8')).toBe(readFileSync(join(FOLDER, name), 'utf8'));

      const { code, stdout } = await spawned('import', to);
      expect(code).toBe(0);
      expect(stdout.trim().split('\n').sort()).toEqual(yaml.map((name) => `${name.slice(0, -5)} unchanged`).sort());
      expect(await auditEntries()).toEqual([]);
    },
    SLOW,
  );

  it(
    'make, change and leave alone, a line each, with the audit entries of what was done',
    async () => {
      const made = await portal('import', file('ls.yaml', lesotho));
      expect(made).toEqual({ code: 0, stdout: 'ls made\n', stderr: '' });
      const changed = lesotho.replace('SUSPENDED', 'LIVE').replace('name: ', 'name: New ');
      const again = await portal('import', file('ls.yaml', changed), `${FOLDER}/ke.yaml`);
      expect(again).toEqual({ code: 0, stdout: 'ls changed\nke unchanged\n', stderr: '' });
      // A file that says nothing of the stage leaves it.
      const silent = await portal('import', file('ls.yaml', changed.replace('stage: LIVE\n', '')));
      expect(silent.stdout).toBe('ls unchanged\n');

      const { data } = await platform.ask('{ portal(code: "ls") { name stage } }');
      expect(data.portal).toEqual({ name: 'New Report for Lesotho', stage: 'LIVE' });
      const by = { actor: 'system', operation: 'portal import', stream: 'portal:ls' };
      const actions = ['SAVE_PORTAL', 'SET_PORTAL_STAGE', 'SAVE_PORTAL', 'SET_PORTAL_STAGE'];
      expect(await auditEntries()).toEqual(actions.map((action) => ({ ...by, action })));
      expect((await portal('export', 'ls')).stdout).toBe(changed);
    },
    SLOW,
  );

  it(
    'do nothing at all where one file has a fault, and name each fault',
    async () => {
      const before = await auditEntries();
      const sound = file('sz.yaml', lesotho.replaceAll('ls', 'sz'));
      const faulty = file(
        'bw.yaml',
        `${lesotho.replace('ls', 'bw')}accentColour: "#ffffff"\norigins: [http://a.example]\n`,
      );
      const { code, stdout, stderr } = await spawned('import', sound, faulty, join(home, 'none.yaml'));
      expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
      expect(stderr.trim().split('\n')).toEqual([
        'Nothing was imported.',
        `${join(home, 'none.yaml')}: There is no such file or folder.`,
        expect.stringContaining(`${faulty}:8: accentColour: White text`),
        expect.stringContaining(`${faulty}:9: origins.0: Give an origin`),
      ]);
      // What only Postgres can tell.
      const zone = await portal('import', sound, file('ls.yaml', lesotho.replace('Africa/Maseru', 'africa/maseru')));
      expect(zone).toMatchObject({
        code: 1,
        stdout: '',
        stderr: expect.stringContaining('- ls.timeZone: Give an IANA'),
      });
      expect(await portal('export', 'sz')).toMatchObject({
        code: 1,
        stderr: expect.stringContaining('no such portal'),
      });
      expect(await auditEntries()).toEqual(before);
    },
    SLOW,
  );
});

describe('portal lint', () => {
  it(
    'needs no database for files, and tells of every locale who has reviewed it',
    async () => {
      const { code, stdout, stderr } = await withoutDatabase('lint', FOLDER);
      expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
      const locales = readdirSync('src/web/locales').map((name) => name.replace('.json', ''));
      for (const tag of locales) expect(stdout).toMatch(new RegExp(`^${tag}: (drafted|reviewed)`, 'm'));
      expect(stdout).toMatch(/^Portals: 50\. Faults: 0\. Warnings: \d+\.$/m);
    },
    SLOW,
  );

  it(
    'exits with 1 on a fault, of a file or of the database',
    async () => {
      const faulty = file('other.yaml', `${lesotho}stage: OPEN\n`);
      expect(await withoutDatabase('lint', faulty)).toMatchObject({
        code: 1,
        stdout: expect.stringContaining('FAULT'),
      });
      expect((await spawned('lint')).code).toBe(1); // Lesotho is LIVE without the day of its launch.
      await rows("UPDATE portals SET accent_colour = '#ffffff', launched_on = '2026-01-01' WHERE code = 'ls'");
      expect((await portal('lint')).stdout).toMatch(/^FAULT ls:\d+: accentColour: /m);
    },
    SLOW,
  );
});
