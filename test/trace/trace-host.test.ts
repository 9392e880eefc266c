import { Socket } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { entity } from '../support/rdap-server.ts';
import { type Tracing, tracingPlatform } from './traced-cases.ts';

const network = (country: string, name: string, email: string, more = {}) => ({
  objectClassName: 'ip network',
  name,
  country,
  entities: [entity(['registrant'], 'Holder', 'holder@network.example', [entity(['abuse'], 'Abuse desk', email)])],
  ...more,
});
const domain = (registrar: string, email: string) => ({
  objectClassName: 'domain',
  entities: [entity(['registrar'], registrar, null, [entity(['abuse'], 'Abuse', email)])],
});

const zone = {
  'agreed.example': { a: ['192.0.2.10'], aaaa: ['2001:db8::10'] },
  'contradicting.example': { a: ['192.0.2.200'] },
  'fronted.example': { cname: 'www.fronted.example' },
  'www.fronted.example': { cname: 'customer.cdn77.org' },
  'customer.cdn77.org': { a: ['192.0.2.11'] },
  'announced.example': { a: ['192.0.2.12'] },
  '12.2.0.192.origin.routing.test': { txt: ['13335 | 192.0.2.0/24 | NL | registry | 2020-01-01'] },
  'endless.example': { cname: 'endless2.example' },
  'endless2.example': { cname: 'endless.example' },
  'silent.example': 'silent',
  'again.example': { a: ['198.51.100.7'] },
  'unregistered.example': { a: ['203.0.113.9'] },
  'inside.example': { a: ['10.0.0.1'] },
} as const;

let t: Tracing;
beforeAll(async () => {
  t = await tracingPlatform(
    structuredClone(zone) as never,
    {
      '/ip/192.0.2.10': network('NL', 'EXAMPLE-NET', 'Abuse@network.example', {
        arin_originas0_originautnums: [64500],
      }),
      '/ip/2001:db8::10': network('NL', 'EXAMPLE-NET-6', 'abuse@network.example'),
      '/domain/agreed.example': domain('Registrar of Example', 'abuse@registrar.example'),
      '/ip/192.0.2.200': network('GB', 'OTHER-NET', 'not an address'),
      '/ip/198.51.100.7': network('FR', 'AGAIN-NET', 'abuse@again.example'),
    },
    { '192.0.2.0/25': 'NL', '192.0.2.128/25': 'DE', '198.51.100.0/24': 'FR' },
  );
});
afterAll(() => t.stop());

describe('a trace', () => {
  it('asks the name system, routing and the registries, and keeps what each says, with its tool', async () => {
    const number = await t.caseOn('agreed.example');
    const { traceRuns, hosting, clock } = await t.trace(number);
    expect(traceRuns).toHaveLength(1);
    const [{ state, traces }] = traceRuns;
    expect(state).toBe('DONE');
    expect(traces).toMatchObject([
      { method: 'DNS', placement: 'UNKNOWN', failure: null, addresses: ['192.0.2.10', '2001:db8::10'], aliases: [] },
      { method: 'ROUTING', tool: 'ip-location-db 2026-01-01', placement: 'COUNTRY', country: 'NL' },
      { method: 'REGISTRATION', placement: 'COUNTRY', country: 'NL', network: 'EXAMPLE-NET', networks: [64500] },
    ]);
    expect(hosting).toEqual({
      placement: 'COUNTRY',
      country: 'NL',
      agreed: true,
      by: 'ROUTING',
      networks: [64500],
      networkName: 'EXAMPLE-NET',
      abuseContacts: ['abuse@network.example'],
      registrar: 'Registrar of Example',
      registrarContacts: ['abuse@registrar.example'],
    });
    expect(clock.traced).toBe(traces[0].at);
    const [row] = await t.work.sql('SELECT hosting_country FROM cases WHERE number = $1', [number]);
    expect(row.hosting_country).toBe('NL');
    const entries = await t.work.sql(
      "SELECT actor, detail FROM audit_entries WHERE stream = $1 AND action = 'TRACE' ORDER BY seq",
      [`case:${number}`],
    );
    expect(entries.map(({ actor }) => actor)).toEqual([`account:${t.analyst.id}`, 'system']);
    expect(JSON.stringify(entries)).not.toMatch(/192\.0\.2|agreed\.example/);
  });

  it('shows where methods contradict each other, and a person overrules them', async () => {
    const number = await t.caseOn('contradicting.example');
    expect((await t.trace(number)).hosting).toMatchObject({
      country: 'DE',
      agreed: false,
      by: 'ROUTING',
      abuseContacts: [],
    });
    const said = { method: 'PERSON', placement: 'COUNTRY', country: 'FR', reason: 'The operator says so.' };
    expect((await t.work.step(t.analyst, 'recordTrace', number, said)).__typename).toBe('Case');
    expect((await t.found(number)).hosting).toMatchObject({ country: 'FR', agreed: false, by: 'PERSON' });
    await t.work.sql("UPDATE cases SET state = 'AWAITING_REMOVAL' WHERE number = $1", [number]);
    const moved = await t.work.step(t.analyst, 'recordObservation', number, { seen: 'MOVED', movedTo: 'DE' });
    expect(moved.__typename).toBe('Case');
    // What was said before it moved holds no longer.
    expect((await t.settled(number)).hosting.by).not.toBe('PERSON');
  });

  it('knows a host behind a content network, by its aliases or by who announces its address', async () => {
    const byAlias = await t.trace(await t.caseOn('fronted.example'));
    expect(byAlias.traceRuns[0].traces[0]).toMatchObject({
      aliases: ['www.fronted.example', 'customer.cdn77.org'],
      contentNetwork: 'CDN77',
    });
    expect(byAlias.hosting).toMatchObject({ placement: 'CONTENT_NETWORK', country: null, agreed: true, by: 'DNS' });
    const byNetwork = await t.trace(await t.caseOn('announced.example'));
    expect(byNetwork.hosting).toMatchObject({ placement: 'CONTENT_NETWORK', by: 'ROUTING', networks: [13335] });
  });

  it('places onion services and peer-to-peer links at once, and asks nobody', async () => {
    const asked = t.dns.asked.length;
    for (const [kind, placement] of Object.entries({ ONION: 'HIDDEN_SERVICE', MAGNET: 'PEER_TO_PEER' })) {
      const number = await t.caseOn('agreed.example');
      await t.work.sql('UPDATE cases SET address_kind = $2::"AddressKind" WHERE number = $1', [number, kind]);
      await t.work.step(t.analyst, 'traceHost', number);
      const { traceRuns, hosting } = await t.found(number);
      expect(traceRuns[0].state).toBe('DONE');
      expect(hosting).toMatchObject({ placement, country: null });
    }
    expect(t.dns.asked).toHaveLength(asked);
  });

  it('keeps a method that failed with why, and fails as a run where all did', async () => {
    const failures = async (host: string) => {
      const { traceRuns } = await t.trace(await t.caseOn(host));
      return [traceRuns[0].state, ...traceRuns[0].traces.map(({ failure }: { failure: string }) => failure)];
    };
    expect(await failures('nowhere.example')).toEqual(['FAILED', 'NO_SUCH_NAME', 'NO_ADDRESS', 'NOT_REGISTERED']);
    expect(await failures('endless.example')).toEqual(['FAILED', 'ENDLESS_ALIASES', 'NO_ADDRESS', 'NOT_REGISTERED']);
    expect(await failures('unregistered.example')).toEqual(['DONE', null, 'NOT_IN_TABLE', 'NO_REGISTRY']);
    expect(await failures('inside.example')).toEqual(['DONE', null, 'NOT_IN_TABLE', 'NO_REGISTRY']);
  });

  it('ends within its limit of time, and keeps the methods that had not answered as that', async () => {
    const { runTrace } = await import('../../src/trace/run-trace.ts');
    const number = await t.caseOn('silent.example');
    // A run that no job knows: the test runs it with a limit of its own.
    const [run] = await t.work.sql(
      `INSERT INTO trace_runs (id, case_id, episode_id, queued_at)
       SELECT uuidv7(), c.id, e.id, now() FROM cases c JOIN episodes e ON e.case_id = c.id WHERE c.number = $1 RETURNING id`,
      [number],
    );
    const begun = performance.now();
    await runTrace(run.id, new Date(), 400);
    expect(performance.now() - begun).toBeLessThan(3_000);
    const { traceRuns } = await t.found(number);
    expect(traceRuns[0]).toMatchObject({ state: 'FAILED', traces: [{ failure: 'TIME_LIMIT' }, {}, {}] });
  });

  it('is kept once, however often its job runs, and a second request while it waits is the same run', async () => {
    const { runTrace } = await import('../../src/trace/run-trace.ts');
    const number = await t.caseOn('again.example');
    const { traceRuns } = await t.trace(number);
    const [{ id }] = await t.work.sql(
      "UPDATE trace_runs SET state = 'QUEUED', finished_at = NULL WHERE case_id = (SELECT id FROM cases WHERE number = $1) RETURNING id",
      [number],
    );
    await t.work.sql('DELETE FROM host_traces WHERE run_id = $1', [id]);
    // As when a worker is thought dead and another takes its job, and both go on.
    await Promise.all([1, 2, 3].map(() => runTrace(id, new Date())));
    expect((await t.found(number)).traceRuns).toMatchObject([
      { state: 'DONE', traces: traceRuns[0].traces.map(() => ({})) },
    ]);

    await t.work.sql("UPDATE trace_runs SET state = 'QUEUED', finished_at = NULL WHERE id = $1", [id]);
    await t.work.sql('DELETE FROM host_traces WHERE run_id = $1', [id]);
    expect((await t.trace(number)).traceRuns).toHaveLength(1);
    // The registry is asked about an address once a day.
    expect(t.rdap.asked.filter((path) => path === '/ip/198.51.100.7')).toHaveLength(1);
  });

  it('never connects to the host: only to name servers and registries', async () => {
    const targets: string[] = [];
    const { connect } = Socket.prototype;
    Socket.prototype.connect = function (this: Socket, ...args: never[]) {
      const [options] = args.flat() as { host?: string; port?: number | string }[];
      targets.push(`${options?.host}:${options?.port}`);
      return (connect as (...all: never[]) => Socket).apply(this, args);
    } as typeof connect;
    try {
      t.rdap.paths['/ip/192.0.2.99'] = network('NL', 'EXAMPLE-NET', 'abuse@network.example');
      expect((await t.trace(await t.caseOn('192.0.2.99'))).hosting.country).toBe('NL');
      expect((await t.trace(await t.caseOn('agreed.example'))).hosting.country).toBe('NL');
    } finally {
      Socket.prototype.connect = connect;
    }
    expect(targets).toContain(`127.0.0.1:${t.rdap.port}`);
    const ours = [t.rdap.port, new URL(t.platform.url).port, new URL(t.platform.databaseUrl).port].map(String);
    expect(targets.filter((target) => !ours.includes(target.split(':').at(-1) ?? ''))).toEqual([]);
    expect(targets.join()).not.toMatch(/192\.0\.2|example/);
  });
});
