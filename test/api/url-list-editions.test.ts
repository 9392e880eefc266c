import { createHash, createPublicKey, verify } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type CaseWork, caseWork } from '../case/case-work.ts';
import { type As, type Platform, startPlatform, tokenOf } from '../support/platform.ts';

type Edition = { number: number; madeOn: string; entries: number; sha256: string; signature: string; text: string };

describe('an edition of the URL list', () => {
  let platform: Platform;
  let work: CaseWork;
  let key: string;
  beforeAll(async () => {
    platform = await startPlatform({ JOBS: 'false' });
    work = await caseWork(platform);
    const { accounts } = await work.ask('admin', '{ accounts { id subject } }');
    const { id } = accounts.find(({ subject }: { subject: string }) => subject === 'industry');
    const query =
      'mutation ($input: CreateApiKeyInput!) { made: createApiKey(input: $input) { ... on CreatedApiKey { secret } } }';
    key = (await work.ask('admin', query, { input: { account: id, label: 'blocker' } })).made.secret;
  });
  afterAll(async () => {
    await work.close();
    await platform.stop();
  });

  const today = () => new Date().toISOString().slice(0, 10);
  const publish = async (options: { notWithinMinutes?: number } = {}) => {
    const { publishEdition } = await import('../../src/url-list/publish-edition.ts');
    return publishEdition({ system: true, operation: 'test' }, new Date(), options);
  };
  const edition = async (number: number | null = null): Promise<Edition | null> => {
    const query = 'query ($n: Int) { urlListEdition(number: $n) { number madeOn entries sha256 signature text } }';
    return (await work.ask('industry', query, { n: number })).urlListEdition;
  };
  const change = async (kind: 'ADDED' | 'REMOVED', scope: 'ADDRESS' | 'DOMAIN', entry: string) => {
    const number = await work.makeCase();
    await work.sql(
      `INSERT INTO url_list_changes (case_id, change, scope, address, at)
       SELECT id, $2::"UrlListChangeKind", $3::"UrlListScope", $4, now() FROM cases WHERE number = $1`,
      [number, kind, scope, entry],
    );
  };
  const download = (path: string, headers: Record<string, string> = {}) =>
    fetch(`${platform.url}${path}`, { headers: { authorization: `Bearer ${key}`, ...headers } });
  const entriesOf = (text: string) => text.split('\n').filter((line) => line && !line.startsWith('#'));

  it('is none before the first is made', async () => {
    expect(await edition()).toBeNull();
    expect((await download('/url-list.txt')).status).toBe(404);
  });

  it('holds what is on the list then, in one order, and stays as it was', async () => {
    for (const address of ['https://b.example/', 'https://a.example/1', 'https://gone.example/'])
      await change('ADDED', 'ADDRESS', address);
    await change('ADDED', 'DOMAIN', 'whole.example');
    await change('REMOVED', 'ADDRESS', 'https://gone.example/');
    expect(await publish()).toEqual({ number: 1, entries: 3 });
    const first = await edition();
    expect(first).toMatchObject({ number: 1, madeOn: today(), entries: 3 });
    expect(entriesOf(first?.text ?? '')).toEqual([
      'ADDRESS\thttps://a.example/1',
      'ADDRESS\thttps://b.example/',
      'DOMAIN\twhole.example',
    ]);
    expect(first?.text).toContain(`# edition 1, made on ${today()}, 3 entries\n`);

    await change('REMOVED', 'DOMAIN', 'whole.example');
    await change('ADDED', 'ADDRESS', 'https://gone.example/');
    expect(await publish()).toEqual({ number: 2, entries: 3 });
    expect(entriesOf((await edition())?.text ?? '')).toContain('ADDRESS\thttps://gone.example/');
    expect(await edition(1)).toEqual(first);
    expect(await edition(99)).toBeNull();
    for (const statement of ['UPDATE url_list_editions SET entries = 0', 'DELETE FROM url_list_editions'])
      await expect(work.sql(statement)).rejects.toThrow('a later list is a new edition');
  });

  it('is made once where a job runs twice', async () => {
    const { number } = (await edition())!;
    const made = await Promise.all(Array.from({ length: 4 }, () => publish({ notWithinMinutes: 60 })));
    expect(made).toEqual([null, null, null, null]);
    const numbers = (await Promise.all([publish(), publish()])).map((each) => each?.number).toSorted();
    expect(numbers).toEqual([number + 1, number + 2]);
  });

  it('is a plain file for those with the right, which proves itself by its digest and its signature', async () => {
    const { number, sha256, signature, text } = (await edition())!;
    const response = await download('/url-list.txt');
    const body = await response.text();
    expect(response.status).toBe(200);
    expect(body).toBe(text);
    const digest = createHash('sha256').update(body);
    expect(digest.copy().digest('hex')).toBe(sha256);
    expect(Object.fromEntries(response.headers)).toMatchObject({
      'content-type': expect.stringContaining('text/plain'),
      'content-digest': `sha-256=:${digest.digest('base64')}:`,
      'cache-control': 'private, no-cache',
      etag: `"${sha256}"`,
      'url-list-edition': String(number),
      'url-list-signature': signature,
    });
    expect(response.headers.get('set-cookie')).toBeNull();

    const jws = await download(`/url-list.txt.jws?edition=${number}`);
    expect(await jws.text()).toBe(signature);
    expect(await isSigned(signature, body)).toBe(true);
    expect(await isSigned(signature, body.replace('a.example', 'b.example'))).toBe(false);
  });

  it('is not sent again to whoever has it, and an earlier one to whoever asks for it', async () => {
    const { sha256 } = (await edition())!;
    for (const known of [`"${sha256}"`, `"other", W/"${sha256}"`]) {
      const again = await download('/url-list.txt', { 'if-none-match': known });
      expect([again.status, await again.text()]).toEqual([304, '']);
    }
    const first = await download('/url-list.txt?edition=1', { 'if-none-match': `"${sha256}"` });
    expect([first.status, await first.text()]).toEqual([200, (await edition(1))?.text]);
    for (const odd of ['99', '0', '-1', 'x', '99999999999'])
      expect((await download(`/url-list.txt?edition=${odd}`)).status).toBe(404);
  });

  it.each<[As, number]>([
    ['analyst', 403],
    ['admin', 403],
    ['partner-ke', 403],
    ['checker', 403],
  ])('is nothing for %s', async (as, status) => {
    for (const path of ['/url-list.txt', '/url-list.txt.jws', '/url-list.txt?edition=99']) {
      const response = await download(path, { authorization: `Bearer ${await tokenOf(as)}` });
      expect([response.status, await response.text()]).toEqual([status, 'This account may not read the list.\n']);
    }
  });

  it('asks strangers and wrong keys to sign in', async () => {
    for (const headers of [{}, { authorization: 'Bearer rp_00000000_nobody' }, { authorization: 'nonsense' }]) {
      const response = await fetch(`${platform.url}/url-list.txt`, { headers });
      expect(response.status).toBe(401);
      expect(response.headers.get('www-authenticate')).toBe('Bearer');
      expect(response.headers.get('cache-control')).toBe('no-store');
    }
  });

  // As somebody without our code would: the keys of the well-known address, and RFC 7515, appendix F.
  async function isSigned(jws: string, body: string): Promise<boolean> {
    const [head = '', nothing, signature = ''] = jws.split('.');
    expect(nothing).toBe('');
    const { alg, kid, typ } = JSON.parse(Buffer.from(head, 'base64url').toString());
    expect([alg, typ]).toEqual(['EdDSA', 'url-list+jws']);
    const { keys } = await (await fetch(`${platform.url}/.well-known/jwks.json`)).json();
    const jwk = keys.find((candidate: { kid: string }) => candidate.kid === kid);
    const signed = Buffer.from(`${head}.${Buffer.from(body).toString('base64url')}`);
    return verify(null, signed, createPublicKey({ key: jwk, format: 'jwk' }), Buffer.from(signature, 'base64url'));
  }
});
