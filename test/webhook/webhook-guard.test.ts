import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { startDnsServer, type Zone } from '../support/dns-server.ts';
import { startWebhookServer } from '../support/webhook-server.ts';

const zone: Zone = {
  'hook.partner.test': { a: ['127.0.0.1'] },
  'loop6.partner.test': { aaaa: ['::1'] },
  'mixed.partner.test': { a: ['192.88.99.1', '127.0.0.1'] },
  'private.partner.test': { a: ['10.0.0.1'] },
  'metadata.partner.test': { a: ['169.254.169.254'] },
  'mapped.partner.test': { aaaa: ['::ffff:10.0.0.1'] },
  'compatible.partner.test': { aaaa: ['::7f00:1'] },
  'translated.partner.test': { aaaa: ['64:ff9b::7f00:1'] },
  'tunnelled.partner.test': { aaaa: ['2002:7f00:1::1'] },
  'unique.partner.test': { aaaa: ['fd00::1'] },
  'link.partner.test': { aaaa: ['fe80::1'] },
  'carrier.partner.test': { a: ['100.64.0.1'] },
  'alias.partner.test': { cname: 'private.partner.test' },
  'rebound.partner.test': { a: ['127.0.0.1'] },
};

let dns: Awaited<ReturnType<typeof startDnsServer>>;
let server: Awaited<ReturnType<typeof startWebhookServer>>;
const before = { ...process.env };
beforeAll(async () => {
  dns = await startDnsServer(zone);
  server = await startWebhookServer();
});
afterAll(() => Promise.all([dns.stop(), server.stop()]));
afterEach(() => {
  process.env = { ...before };
  vi.resetModules();
  server.got.length = 0;
});

/** The guard with settings of its own. */
async function guard({ loopback = false } = {}) {
  Object.assign(process.env, {
    NODE_ENV: 'test',
    DATA_DIR: mkdtempSync(`${tmpdir()}/webhook-`),
    DNS_SERVERS: dns.address,
    WEBHOOK_LOOPBACK: String(loopback),
  });
  const { postWebhook } = await import('../../src/webhook/post-webhook.ts');
  const { webhookAddress } = await import('../../src/webhook/webhook-address.ts');
  return { post: (url: string) => postWebhook(url, { 'webhook-id': 'one' }, '{}'), address: webhookAddress };
}

describe('the address of a webhook', () => {
  it.each([
    'http://partner.example/hook',
    'https://someone:secret@partner.example/',
    'https://partner.example/#part',
    'https://10.0.0.1/',
    'https://127.1/',
    'https://0x7f000001/',
    'https://2130706433/',
    'https://[::1]/',
    'https://[::ffff:127.0.0.1]/',
    'https://[::7f00:1]/',
    'https://[fd00::1]/',
    'https://169.254.169.254/latest/',
    'https://0.0.0.0/',
    'ftp://partner.example/',
    'file:///etc/hosts',
    'javascript:alert(1)',
    'no address',
    `https://partner.example/${'x'.repeat(2_000)}`,
  ])('is refused: %s', async (url) => {
    const { address, post } = await guard();
    expect(address(url)).toBeNull();
    expect(await post(url)).toBeNull();
  });

  it('is any other of https', async () => {
    const { address } = await guard();
    expect(address('https://partner.example:8443/hook?token=abc')?.href).toBe(
      'https://partner.example:8443/hook?token=abc',
    );
  });
});

describe('a message', () => {
  it.each(Object.keys(zone))('never goes to a name that leads to a machine of ours: %s', async (name) => {
    const { post } = await guard();
    dns.asked.length = 0;
    const { count } = server.connections;
    expect(await post(`https://${name}:${server.port}/hook`)).toBeNull();
    expect(dns.asked).toContain(`${name} A`);
    expect(server.connections.count).toBe(count);
  });

  it('is not sent where one address of several is private, and over http only to this machine', async () => {
    const { post } = await guard({ loopback: true });
    expect(await post(`http://mixed.partner.test:${server.port}/hook`)).toBeNull();
    expect(await post('http://192.0.2.1/hook')).toBeNull();
    expect(server.got).toEqual([]);
    expect(await post(`http://hook.partner.test:${server.port}/hook`)).toBe(204);
    expect(server.got[0]?.headers.host).toBe(`hook.partner.test:${server.port}`);
  });

  it('goes to the very address that was checked: the name is asked for once, whatever it says a moment later', async () => {
    const { post } = await guard({ loopback: true });
    dns.asked.length = 0;
    const sent = post(`http://rebound.partner.test:${server.port}/hook`);
    const { lookup } = await import('node:dns/promises');
    // What this machine itself would have said of the name is nothing.
    await expect(lookup('rebound.partner.test')).rejects.toThrow();
    expect(await sent).toBe(204);
    expect(dns.asked.filter((question) => question.startsWith('rebound'))).toEqual([
      'rebound.partner.test A',
      'rebound.partner.test AAAA',
    ]);
  });

  it('ends after ten seconds, whoever keeps it waiting', async () => {
    const { post } = await guard({ loopback: true });
    const time = new AbortController();
    vi.spyOn(AbortSignal, 'timeout').mockImplementation((milliseconds) => {
      expect(milliseconds).toBe(10_000);
      return time.signal;
    });
    server.state.answer = () => {
      setTimeout(() => time.abort(), 100);
      return 'SILENCE';
    };
    expect(await post(`${server.url}/hook`)).toBeNull();
    expect(server.got).toHaveLength(1);
    vi.restoreAllMocks();
  });
});
