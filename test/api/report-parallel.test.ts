import { randomUUID } from 'node:crypto';
import { request } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { rows, SUBMIT } from '../report/intake.ts';
import { type Platform, send, startPlatform } from '../support/platform.ts';
import { soak } from '../support/soak.ts';

const ADDRESSES = [
  'https://one.example/',
  'https://two.example/?a=1',
  'http://three.example/x',
  'https://four.example/',
  'https://five.example/a/b',
  'https://six.example/~user',
];
const SPELLINGS: ((address: string) => string)[] = [
  (address) => address,
  (address) => address.replace('http', 'hxxp').replace('.', '[.]'),
  (address) => `seen here: ${address.replace('example', 'EXAMPLE').replace('~', '%7E')} today`,
];
const PEOPLE = soak(500, 200);

// biome-ignore lint/suspicious/noExplicitAny: an answer's shape is what the test is about.
type Data = any;
type Person = { source: string; how: 'PLAIN' | 'TWICE' | 'CUT'; picked: string[]; input: object };

/** Every fifth message holds two addresses, in either order, so that submissions lock the same cases crosswise. */
function person(n: number): Person {
  const spell = SPELLINGS[n % SPELLINGS.length] ?? String;
  const pair = [ADDRESSES[n % 6] ?? '', ADDRESSES[(n + 1 + (n % 2)) % 6] ?? ''];
  const picked = n % 5 > 0 ? pair.slice(0, 1) : n % 2 > 0 ? pair : pair.reverse();
  const how = n % 4 === 1 ? 'TWICE' : n % 4 === 3 ? 'CUT' : 'PLAIN';
  const input = {
    portal: Math.floor(n / 6) % 3 > 0 ? 'ke' : 'ug',
    address: picked.map(spell).join('\n'),
    details: { inDanger: n % 7 === 0, note: `Note ${n}.` },
    ...(how === 'PLAIN' && n % 8 > 0 ? {} : { idempotencyKey: randomUUID() }),
  };
  // A town of fifty sources, each of ten people.
  return { source: `198.51.100.${n % 50}`, how, picked, input };
}

describe(`${PEOPLE} people who report at once`, () => {
  let platform: Platform;
  beforeAll(async () => {
    platform = await startPlatform({ TRUSTED_PROXIES: '1' });
  });
  afterAll(() => platform.stop());

  const bodyOf = ({ input }: Person) => ({ query: SUBMIT, variables: { input } });
  const submit = async (one: Person): Promise<Data> => {
    const { data, errors } = await send(platform.url, bodyOf(one), { 'x-forwarded-for': one.source });
    // On a slow machine some wait too long for a connection: nothing was kept, and they are told to send it again.
    if (errors[0]?.extensions.code === 'BUSY') return sleep(500).then(() => submit(one));
    expect(errors).toEqual([]);
    return data.submitReport;
  };
  /** Sends the whole request and cuts the line before the answer: whether it was filed, nobody knows. */
  const cut = (one: Person) =>
    new Promise<void>((resolve) => {
      const headers = { 'content-type': 'application/json', 'x-forwarded-for': one.source };
      const sent = request(`${platform.url}/graphql`, { method: 'POST', headers, agent: false });
      sent.once('error', () => undefined).once('close', resolve);
      sent.end(JSON.stringify(bodyOf(one)), () => setTimeout(() => sent.destroy(), Math.random() * 200));
    });
  const reported = async (one: Person): Promise<Data[]> => {
    if (one.how === 'CUT') await cut(one);
    return Promise.all(one.how === 'TWICE' ? [submit(one), submit(one)] : [submit(one)]);
  };

  it('have every receipt that they were given kept, and make one case of each address', async () => {
    const people = Array.from({ length: PEOPLE }, (_, n) => person(n));
    const answers = await Promise.all(people.map(reported));
    expect(new Set(answers.flat().map(({ __typename }) => __typename))).toEqual(new Set(['ReportReceipt']));
    // A retry gets the same receipt, byte for byte; nobody else does.
    for (const [first, ...again] of answers) for (const other of again) expect(other).toEqual(first);
    expect(new Set(answers.map(([receipt]) => receipt.accessCode)).size).toBe(PEOPLE);

    expect(await rows('SELECT FROM submissions')).toHaveLength(PEOPLE);
    const acknowledged = answers.flatMap(([receipt]) => receipt.reports.map(({ reference }: Data) => reference));
    const filed = await rows(
      'SELECT r.reference, r.repeated, r.standing, c.address FROM reports r JOIN cases c ON c.id = r.case_id',
    );
    expect(filed.map(({ reference }) => reference).sort()).toEqual(acknowledged.sort());
    expect(new Set(filed.map(({ standing }) => standing))).toEqual(new Set(['COUNTED']));

    const cases = await rows('SELECT address, report_count, portal_ids, episode_number, version FROM cases');
    expect(cases.map(({ address }) => address).sort()).toEqual([...ADDRESSES].sort());
    const portals = (await rows(`SELECT id FROM portals WHERE code IN ('ke', 'ug')`)).map(({ id }) => id).sort();
    for (const { address, report_count, portal_ids, episode_number } of cases) {
      const expected = people.filter(({ picked }) => picked.includes(address)).length;
      expect([report_count, episode_number]).toEqual([expected, 1]);
      expect([...portal_ids].sort()).toEqual(portals);
      const own = filed.filter((report) => report.address === address);
      expect(own).toHaveLength(expected);
      expect(own.filter(({ repeated }) => !repeated)).toHaveLength(1);
    }
    expect(await rows('SELECT FROM episodes')).toHaveLength(ADDRESSES.length);
  }, 120_000);

  it('leave a whole trail, of every report once', async () => {
    const { verifyChains } = await import('../../src/audit/verify-chains.ts');
    expect((await verifyChains()).faults).toEqual([]);
    const entries = await rows(`SELECT FROM audit_entries WHERE action = 'REPORT'`);
    expect(entries).toHaveLength((await rows('SELECT FROM reports')).length);
  });
});
