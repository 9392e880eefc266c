import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { rows, submit } from '../report/intake.ts';
import { type Platform, startPlatform } from '../support/platform.ts';

const ADDRESSES = [
  'https://one.example/',
  'https://two.example/?a=1',
  'http://three.example/x',
  'https://four.example/',
];
const SPELLINGS: ((address: string) => string)[] = [
  (address) => address,
  (address) => address.replace('http', 'hxxp').replace('.', '[.]'),
  (address) => `seen here: ${address.replace('example', 'EXAMPLE')} today`,
];
const REPORTS = 200;

describe('two hundred people who report at once', () => {
  let platform: Platform;
  beforeAll(async () => {
    platform = await startPlatform();
  });
  afterAll(() => platform.stop());

  it('make one case of each address, with every report, both portals and the whole trail', async () => {
    // Every fifth message holds two addresses, in either order, so that submissions lock the same cases crosswise.
    const messages = Array.from({ length: REPORTS }, (_, n) => {
      const spell = SPELLINGS[n % SPELLINGS.length] ?? String;
      const pair = [ADDRESSES[n % 4] ?? '', ADDRESSES[(n + 1 + (n % 2)) % 4] ?? ''];
      const picked = n % 5 > 0 ? pair.slice(0, 1) : n % 2 > 0 ? pair : pair.reverse();
      return { portal: n % 3 > 0 ? 'ke' : 'ug', picked, text: picked.map(spell).join('\n') };
    });
    const answers = await Promise.all(messages.map(({ portal, text }) => submit(platform, { portal, address: text })));

    expect(answers.map(({ __typename }) => __typename)).toEqual(Array(REPORTS).fill('ReportReceipt'));
    expect(new Set(answers.map(({ accessCode }) => accessCode)).size).toBe(REPORTS);

    const cases = await rows('SELECT id, address, report_count, portal_ids, episode_number, version FROM cases');
    expect(cases.map(({ address }) => address).sort()).toEqual([...ADDRESSES].sort());
    const portals = (await rows(`SELECT id FROM portals WHERE code IN ('ke', 'ug')`)).map(({ id }) => id);
    for (const found of cases) {
      const expected = messages.filter(({ picked }) => picked.includes(found.address)).length;
      expect(found).toMatchObject({ report_count: expected, episode_number: 1 });
      expect([...found.portal_ids].sort()).toEqual([...portals].sort());
      const filed = await rows('SELECT repeated FROM reports WHERE case_id = $1', [found.id]);
      expect(filed).toHaveLength(expected);
      expect(filed.filter(({ repeated }) => !repeated)).toHaveLength(1);
    }
    expect(await rows('SELECT FROM episodes')).toHaveLength(ADDRESSES.length);
    expect(await rows('SELECT FROM submissions')).toHaveLength(REPORTS);

    const { verifyChains } = await import('../../src/audit/verify-chains.ts');
    const { faults } = await verifyChains();
    expect(faults).toEqual([]);
    const entries = await rows(`SELECT FROM audit_entries WHERE action = 'REPORT'`);
    expect(entries).toHaveLength(messages.reduce((sum, { picked }) => sum + picked.length, 0));
  });
});
