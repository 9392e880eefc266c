import { mkdtempSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { startDnsServer } from '../support/dns-server.ts';
import { type Paths, startRdapServer } from '../support/rdap-server.ts';

const zone = {
  'rdap.registry.test': { a: ['127.0.0.1'] },
  'mixed.registry.test': { a: ['127.0.0.1', '192.168.1.1'] },
  'metadata.registry.test': { a: ['169.254.169.254'] },
  'mapped.registry.test': { aaaa: ['::ffff:10.0.0.1'] },
  'private6.registry.test': { aaaa: ['fd00::1'] },
};
const json = { 'content-type': 'application/json' };
const paths: Paths = {
  '/there': { fine: true },
  '/text': (_request, response) => response.writeHead(200, { 'content-type': 'text/html' }).end('<p>No.'),
  '/broken': (_request, response) => response.writeHead(200, json).end('{"cut'),
  '/busy': (_request, response) => response.writeHead(429, { ...json, location: '/there' }).end('{}'),
  '/large': (_request, response) => response.writeHead(200, json).end(`"${'x'.repeat(1_100_000)}"`),
  '/round': (_request, response) => response.writeHead(302, { location: '/round' }).end(),
  '/on': (_request, response) => response.writeHead(301, { location: '/there' }).end(),
  '/silent': () => undefined,
};

let dns: Awaited<ReturnType<typeof startDnsServer>>;
let rdap: Awaited<ReturnType<typeof startRdapServer>>;
const before = { ...process.env };
beforeAll(async () => {
  dns = await startDnsServer(zone);
  rdap = await startRdapServer(paths);
});
afterAll(() => Promise.all([dns.stop(), rdap.stop()]));
afterEach(() => {
  process.env = { ...before };
  vi.resetModules();
});

const never = new AbortController().signal;

const anyHost = (host: string) => host !== '';

/** What the guard answers for an address: JSON, or the code of its refusal. */
async function ask(address: string, { loopback = true, named = anyHost, signal = never } = {}): Promise<unknown> {
  Object.assign(process.env, {
    NODE_ENV: 'test',
    DATA_DIR: mkdtempSync(`${tmpdir()}/guard-`),
    DNS_SERVERS: dns.address,
    RDAP_LOOPBACK: String(loopback),
  });
  const { fetchRegistry } = await import('../../src/trace/fetch-registry.ts');
  return fetchRegistry(address, named, signal).catch((error: { failure?: string }) => error.failure ?? error);
}

describe('a question to a registry', () => {
  it('is answered in JSON, also over a redirect, and null for an entry that is not there', async () => {
    expect(await ask(`${rdap.url}/there`)).toEqual({ fine: true });
    expect(await ask(`http://rdap.registry.test:${rdap.port}/there`)).toEqual({ fine: true });
    expect(await ask(`${rdap.url}/on`)).toEqual({ fine: true });
    expect(await ask(`${rdap.url}/nothing`)).toBeNull();
  });

  it('goes to hosts that are named only, redirects among them included', async () => {
    const named = (host: string) => host === `127.0.0.1:${rdap.port}`;
    rdap.paths['/away'] = (_request, response) =>
      response.writeHead(302, { location: `http://rdap.registry.test:${rdap.port}/there` }).end();
    expect(await ask(`${rdap.url}/away`)).toEqual({ fine: true });
    expect(await ask(`${rdap.url}/away`, { named })).toBe('REGISTRY_REFUSED');
    expect(await ask('http://other.registry.test/', { named: () => false })).toBe('REGISTRY_REFUSED');
    expect(await ask(`${rdap.url}/round`)).toBe('REGISTRY_REFUSED');
  });

  it.each([
    'https://10.0.0.1/',
    'https://127.1/',
    'https://[::1]/',
    'https://0x7f000001/',
    'https://169.254.169.254/latest/',
    'https://metadata.registry.test/',
    'https://mapped.registry.test/',
    'https://private6.registry.test/',
    'https://rdap.registry.test/',
    'http://192.0.2.1/',
    'https://someone:secret@192.0.2.1/',
    'file:///etc/hosts',
  ])('never reaches a machine of our own, nor goes in the clear: %s', async (address) => {
    expect(await ask(address, { loopback: false })).toBe('REGISTRY_REFUSED');
  });

  it('is refused where one address of a name is private, although another would do', async () => {
    expect(await ask(`http://mixed.registry.test:${rdap.port}/there`)).toBe('REGISTRY_REFUSED');
  });

  it('asks the name servers that are set, and not what this machine says of a name', async () => {
    const connections: unknown[] = [];
    const listener = createServer((socket) => connections.push(socket.destroy()));
    await new Promise<void>((resolve) => listener.listen(0, '127.0.0.1', resolve));
    const { port } = listener.address() as { port: number };
    expect(await ask(`https://localhost:${port}/`)).toBe('REGISTRY_UNREACHABLE');
    expect(dns.asked).toContain('localhost A');
    expect(connections).toEqual([]);
    listener.close();
  });

  it('takes JSON of at most a megabyte, and no other answer', async () => {
    expect(await ask(`${rdap.url}/text`)).toBe('UNREADABLE_ANSWER');
    expect(await ask(`${rdap.url}/broken`)).toBe('UNREADABLE_ANSWER');
    expect(await ask(`${rdap.url}/large`)).toBe('UNREADABLE_ANSWER');
    expect(await ask(`${rdap.url}/busy`)).toBe('REGISTRY_UNREACHABLE');
  });

  it('ends when its time is over', async () => {
    expect(await ask(`${rdap.url}/silent`, { signal: AbortSignal.timeout(200) })).toBe('TIME_LIMIT');
  });
});
