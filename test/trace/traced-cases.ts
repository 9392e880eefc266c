import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { caseWork } from '../case/case-work.ts';
import { startDnsServer, type Zone } from '../support/dns-server.ts';
import { writeGeoDatabase } from '../support/geo-database.ts';
import { startPlatform } from '../support/platform.ts';
import { bootstrapFiles, type Paths, startRdapServer } from '../support/rdap-server.ts';

const FOUND = `traceRuns { state traces { method tool placement country network failure addresses aliases countries networks
    contentNetwork abuseContacts registrar registrarContacts recordedBy { name } at } }
  hosting { placement country agreed by networks networkName abuseContacts registrar registrarContacts }
  route { route responsibleCountry urlList steps recipients { kind missing why contact { name } } }
  clock { traced } version`;

/** A platform whose name servers, registries and table of countries are the test's own, with a worker that runs jobs. */
export async function tracingPlatform(zone: Zone, paths: Paths, countries: Record<string, string>) {
  const dns = await startDnsServer(zone);
  const rdap = await startRdapServer(paths);
  Object.assign(paths, bootstrapFiles(rdap.url, ['example'], ['192.0.2.0/24', '198.51.100.0/24'], ['2001:db8::/32']));
  const geo = join(mkdtempSync(join(tmpdir(), 'geo-')), 'countries.mmdb');
  writeGeoDatabase(geo, countries);
  const platform = await startPlatform({
    DNS_SERVERS: dns.address,
    RDAP_BOOTSTRAP: `${rdap.url}/rdap`,
    RDAP_LOOPBACK: 'true',
    GEO_DATABASE: geo,
    ROUTING_ZONES: 'origin.routing.test,origin6.routing.test',
  });
  const { startWorker } = await import('../../src/jobs/worker.ts');
  const worker = await startWorker();
  const work = await caseWork(platform);
  const analyst = await work.colleague();

  /** A confirmed case on a host, held by the analyst, who holds no other. */
  const caseOn = async (host: string): Promise<string> => {
    const number = await work.makeCase();
    await work.sql("UPDATE cases SET host = $2, registrable_domain = $2, state = 'AWAITING_ACTION' WHERE number = $1", [
      number,
      host,
    ]);
    await work.sql('UPDATE claims SET ended_at = now() WHERE ended_at IS NULL');
    await work.claim(analyst, number);
    return number;
  };
  const found = async (number: string) =>
    (await work.ask(analyst, `query ($n: String!) { case(number: $n) { ${FOUND} } }`, { n: number })).case;
  /** What is found of a case once no run of it waits. */
  const settled = async (number: string) => {
    for (let tries = 0; tries < 200; tries += 1) {
      const now = await found(number);
      if (now.traceRuns.every(({ state }: { state: string }) => state !== 'QUEUED')) return now;
      await sleep(50);
    }
    throw new Error('A run still waits.');
  };
  const trace = async (number: string) => {
    const queued = await work.step(analyst, 'traceHost', number);
    if (queued.__typename !== 'Case') throw new Error(JSON.stringify(queued));
    return settled(number);
  };
  return {
    platform,
    work,
    dns,
    rdap,
    analyst,
    caseOn,
    found,
    settled,
    trace,
    stop: async () => {
      await worker.stop();
      await work.close();
      await platform.stop();
      await Promise.all([dns.stop(), rdap.stop()]);
    },
  };
}

export type Tracing = Awaited<ReturnType<typeof tracingPlatform>>;
