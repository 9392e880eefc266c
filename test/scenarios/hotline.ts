import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, vi } from 'vitest';
import { type CaseWork, caseWork, type Result } from '../case/case-work.ts';
import { startDnsServer, type Zone } from '../support/dns-server.ts';
import { writeGeoDatabase } from '../support/geo-database.ts';
import { startMailServer } from '../support/mail-server.ts';
import { type As, type Platform, startPlatform, tokenOf } from '../support/platform.ts';
import { bootstrapFiles, entity, type Paths, startRdapServer } from '../support/rdap-server.ts';

const HOUR_MS = 3_600_000;
/** What the worker starts by its schedule that could touch a case. */
const SCHEDULED = [
  'end-expired-claims',
  'end-holds',
  'send-due-notices',
  'escalate-notices',
  'confirm-removals',
  'prioritise-waiting-cases',
];
/** Documentation addresses, and the countries in which the tests' table of routing puts them. */
const PLACES = { GB: '192.0.2.10', NL: '192.0.2.74', DE: '198.51.100.10', FR: '198.51.100.138' };
const BLOCKS = { '192.0.2.0/26': 'GB', '192.0.2.64/26': 'NL', '198.51.100.0/25': 'DE', '198.51.100.128/25': 'FR' };

const SAVE = `mutation ($input: SaveContactInput!) { saveContact(input: $input) { __typename ... on Contact { id updatedAt } } }`;
const APPROVE = `mutation ($input: ApproveContactInput!) { approveContact(input: $input) { __typename ... on Contact { id } } }`;

export type Country = keyof typeof PLACES;
export type Colleague = { token: string; id: string; name: string; subject: string };
export type Hotline = Awaited<ReturnType<typeof startHotline>>;

/**
 * A hotline at work in Great Britain: the platform with a mail server, name servers, a registry and a table of countries of the
 * test's own, contacts that a supervisor approved, and a clock that the test moves. Of jobs those run whose time has come.
 */
export async function startHotline(environment: Record<string, string> = {}) {
  const zone: Zone = {};
  const paths: Paths = {};
  const [mail, dns, rdap] = await Promise.all([startMailServer(), startDnsServer(zone), startRdapServer(paths)]);
  Object.assign(paths, bootstrapFiles(rdap.url, ['example'], ['192.0.2.0/24', '198.51.100.0/24'], []));
  for (const [country, address] of Object.entries(PLACES)) paths[`/ip/${address}`] = networkIn(country);
  const folder = mkdtempSync(join(tmpdir(), 'scenario-'));
  writeGeoDatabase(join(folder, 'countries.mmdb'), BLOCKS);
  const platform = await startPlatform({
    SMTP_URL: mail.url,
    DNS_SERVERS: dns.address,
    RDAP_BOOTSTRAP: `${rdap.url}/rdap`,
    RDAP_LOOPBACK: 'true',
    GEO_DATABASE: join(folder, 'countries.mmdb'),
    ROUTING_ZONES: 'origin.routing.test,origin6.routing.test',
    AUDIT_ANCHORS_DIR: join(folder, 'anchors'),
    TRUSTED_PROXIES: '1',
    ...environment,
  });
  // A token lives for an hour, and scenarios for weeks: each request is signed in anew.
  const fresh = async (as?: As | { token: string }) =>
    typeof as === 'object' && 'subject' in as ? { token: await tokenOf(String(as.subject)) } : as;
  const lasting: Platform = { ...platform, ask: async (text, more, as) => platform.ask(text, more, await fresh(as)) };
  const work = await caseWork(lasting);
  vi.useFakeTimers({ toFake: ['Date'] });

  /** A colleague by this name, who holds no case. */
  const colleague = async (name: string, role: 'ANALYST' | 'SUPERVISOR' = 'ANALYST'): Promise<Colleague> => {
    const made = await work.colleague(role);
    await work.sql('UPDATE accounts SET name = $2 WHERE id = $1', [made.id, name]);
    return { ...made, name };
  };
  /** A contact as an analyst proposes and a supervisor approves it; its id. */
  const contact = async (kind: string, name: string, more: object = {}): Promise<string> => {
    const email = `${name.toLowerCase().replaceAll(/[^a-z]+/g, '-')}@contacts.example`;
    const { saveContact } = await work.ask('analyst', SAVE, { input: { kind, name, email, language: 'en', ...more } });
    const { approveContact } = await work.ask('supervisor', APPROVE, {
      input: { id: saveContact.id, updatedAt: saveContact.updatedAt },
    });
    expect(approveContact).toMatchObject({ __typename: 'Contact' });
    return saveContact.id;
  };
  /** Says where a host answers from now on. */
  const host = (name: string, country: Country) => {
    zone[name] = { a: [PLACES[country]] };
  };

  /** Lets the worker do all whose time has come. */
  const runJobs = async () => {
    const { tasks } = await import('../../src/jobs/tasks.ts');
    const run = (name: string, payload: unknown) => tasks.find((task) => task.name === name)?.run(payload);
    for (const name of SCHEDULED) await run(name, {});
    for (let due = await dueJobs(work); due.length > 0; due = await dueJobs(work)) {
      for (const { id, name, payload } of due) {
        await run(name, payload);
        await work.sql('SELECT FROM graphile_worker.complete_jobs(ARRAY[$1]::bigint[])', [id]);
      }
    }
  };
  /** Lets time pass in steps of an hour, or of a day where it is days, and the worker do after each what has fallen due. */
  const pass = async ({ days = 0, hours = 0, minutes = 0 }: { days?: number; hours?: number; minutes?: number }) => {
    const end = Date.now() + (days * 24 + hours + minutes / 60) * HOUR_MS;
    const step = days > 0 ? 24 * HOUR_MS : HOUR_MS;
    while (Date.now() < end) {
      vi.setSystemTime(Math.min(end, Date.now() + step));
      await runJobs();
    }
  };

  const checks = async (): Promise<Result[]> =>
    (await work.ask('checker', '{ checksDue { number lastSeen } }')).checksDue;
  /** What the hotline's own tool says of a case that is due. */
  const checkerSees = async (number: string, seen: 'UP' | 'GONE') => {
    const due = (await checks()).map((check) => check.number);
    expect(due).toContain(number);
    const query = `mutation ($input: RecordObservationsInput!) { recordObservations(input: $input) { ... on ObservationBatch { results { taken } } } }`;
    const input = { observations: [{ case: number, seen }], idempotencyKey: randomUUID() };
    const { recordObservations } = await work.ask('checker', query, { input });
    expect(recordObservations).toEqual({ results: [{ taken: true }] });
  };

  return {
    platform: lasting,
    work,
    mail,
    colleague,
    contact,
    host,
    pass,
    runJobs,
    checks,
    checkerSees,
    stop: async () => {
      vi.useRealTimers();
      await work.close();
      await platform.stop();
      await Promise.all([mail.stop(), dns.stop(), rdap.stop()]);
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

function networkIn(country: string): object {
  const desk = entity(['abuse'], 'Abuse desk', `abuse@network-${country.toLowerCase()}.example`);
  return {
    objectClassName: 'ip network',
    name: `NET-${country}`,
    country,
    entities: [entity(['registrant'], 'Holder', null, [desk])],
  };
}

function dueJobs(work: CaseWork): Promise<{ id: string; name: string; payload: unknown }[]> {
  return work.sql(
    `SELECT j.id, t.identifier AS name, j.payload FROM graphile_worker._private_jobs j JOIN graphile_worker._private_tasks t ON t.id = j.task_id
     WHERE j.run_at <= $1 ORDER BY j.run_at, j.id`,
    // The database stamps what is to run at once by its own clock, which may be behind or a little ahead.
    [new Date(Math.max(Date.now(), performance.timeOrigin + performance.now()) + 1_000)],
  );
}

/** What an answer must be for a step to have been taken. */
export function taken(answer: Result): Result {
  expect(answer, JSON.stringify(answer)).toMatchObject({ __typename: 'Case' });
  return answer;
}
