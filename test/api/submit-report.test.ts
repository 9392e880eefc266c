import { compactVerify, createLocalJWKSet } from 'jose';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ADDRESS_RULES_VERSION } from '../../src/domain/address.ts';
import { receiptFor, rows, submit } from '../report/intake.ts';
import { type Platform, startPlatform } from '../support/platform.ts';
import { statementsOf } from '../support/statements.ts';

describe('submitReport', () => {
  let platform: Platform;
  beforeAll(async () => {
    platform = await startPlatform();
  });
  afterAll(() => platform.stop());

  const report = (portal: string, address: string, more = {}) => receiptFor(platform, portal, address, more);
  const caseOf = async (address: string) => (await rows('SELECT * FROM cases WHERE address = $1', [address]))[0];

  it('makes one report of each address in a pasted message, under one receipt, and keeps the text as it was typed', async () => {
    const pasted =
      ' Please look:\r\n<hxxps://One[.]example:443/a/../b?Q=1#top>, two.example/x\tand\n“http://three.example” 😀 ';
    const { reports } = await report('ke', pasted);
    expect(reports.map(({ address }) => address)).toEqual([
      'hxxps://One[.]example:443/a/../b?Q=1#top',
      'two.example/x',
      'http://three.example',
    ]);
    expect(new Set(reports.map(({ reference }) => reference)).size).toBe(3);

    const stored = await rows(
      `SELECT s.pasted_text, r.address_as_typed, r.source, r.country, c.address, c.address_rules_version, c.report_count, r.repeated
       FROM reports r JOIN submissions s ON s.id = r.submission_id JOIN cases c ON c.id = r.case_id
       WHERE r.reference = ANY ($1) ORDER BY r.id`,
      [reports.map(({ reference }) => reference)],
    );
    const same = {
      pasted_text: pasted,
      source: 'PUBLIC',
      country: 'KE',
      address_rules_version: ADDRESS_RULES_VERSION,
      report_count: 1,
      repeated: false,
    };
    expect(stored).toEqual([
      { ...same, address_as_typed: 'hxxps://One[.]example:443/a/../b?Q=1#top', address: 'https://one.example/b?Q=1' },
      { ...same, address_as_typed: 'two.example/x', address: 'http://two.example/x' },
      { ...same, address_as_typed: 'http://three.example', address: 'http://three.example/' },
    ]);
  });

  it('makes one case of one address that comes through two portals, and counts both', async () => {
    await report('ke', 'https://both.example/page');
    await report('ug', 'HTTPS://BOTH.example:443/page#x');
    await report('ug', 'hxxps://both[.]example/page');
    const { data } = await platform.ask(
      '{ cases(first: 50) { edges { node { address reportCount portalCount } } } }',
      {},
      'analyst',
    );
    const found = data.cases.edges.map(({ node }: { node: { address: string } }) => node);
    expect(found.filter(({ address }: { address: string }) => address.includes('both.example'))).toEqual([
      { address: 'https://both.example/page', reportCount: 3, portalCount: 2 },
    ]);
    expect(
      await rows(
        `SELECT repeated FROM reports r JOIN cases c ON c.id = r.case_id WHERE c.address LIKE '%both.example%' ORDER BY r.id`,
      ),
    ).toEqual([{ repeated: false }, { repeated: true }, { repeated: true }]);
  });

  it('counts an address once that stands twice in one message', async () => {
    const { reports } = await report('ke', 'https://twice.example/a and again HTTPS://TWICE.example/a');
    expect(reports).toHaveLength(1);
    expect((await caseOf('https://twice.example/a')).report_count).toBe(1);
  });

  it('takes out only what no database can store, U+0000 and halves of characters, and refuses nobody for them', async () => {
    const { reports } = await report('ke', 'say\0 https://nul.example/a\0b \ud83d then \udc00 caf\u00e9 😀');
    expect(reports.map(({ address }) => address)).toEqual(['https://nul.example/ab']);
    expect(await rows(`SELECT pasted_text FROM submissions WHERE pasted_text LIKE '%nul.example%'`)).toEqual([
      { pasted_text: 'say https://nul.example/ab \ufffd then \ufffd caf\u00e9 😀' },
    ]);
    const half = await report('ke', 'https://half.example/\ud83d');
    expect(half.reports[0]?.address).toBe('https://half.example/\ufffd');
    await report('k\0e', 'https://nul.example/');
  });

  it('takes the country that the reporter names where the portal serves many, and the portal’s own language else', async () => {
    await report('world', 'https://far.example/', { country: 'TD', language: 'fr' });
    await report('ke', 'https://near.example/', { country: 'KE' });
    const stored = await rows(
      `SELECT r.country, s.stated_country, s.language FROM reports r JOIN submissions s ON s.id = r.submission_id
       WHERE address_as_typed IN ('https://far.example/', 'https://near.example/') ORDER BY r.id`,
    );
    expect(stored).toEqual([
      { country: 'TD', stated_country: 'TD', language: 'fr' },
      { country: 'KE', stated_country: 'KE', language: 'en' },
    ]);
  });

  it('says of each report from whom it comes', async () => {
    for (const as of ['analyst', 'industry', 'partner-ke'] as const) {
      const { reports } = await submit(platform, { portal: 'ke', address: `https://from-${as}.example/` }, as);
      expect(reports).toHaveLength(1);
    }
    const sources = await rows(`SELECT source FROM reports WHERE address_as_typed LIKE 'https://from-%' ORDER BY id`);
    expect(sources.map(({ source }) => source)).toEqual(['ANALYST', 'MEMBER', 'OTHER']);
  });

  it('gives a proof that anyone can check with the public keys, and that says only day and references', async () => {
    const receipt = await report('ke', 'https://proof.example/a https://proof.example/b', {
      contactEmail: 'a@b.example',
    });
    const keys = createLocalJWKSet(await (await fetch(`${platform.url}/.well-known/jwks.json`)).json());
    const { payload, protectedHeader } = await compactVerify(receipt.proof, keys, { algorithms: ['EdDSA'] });
    expect(JSON.parse(new TextDecoder().decode(payload))).toEqual({
      iss: platform.url,
      statement: 'A report was made.',
      receivedOn: receipt.receivedOn,
      references: receipt.reports.map(({ reference }) => reference),
    });
    expect(Object.keys(protectedHeader).sort()).toEqual(['alg', 'kid', 'typ']);
    expect(receipt.receivedOn).toMatch(/^\d{4}-\d\d-\d\d$/);
    const [head, body = '', signature] = receipt.proof.split('.');
    const forged = `${head}.${Buffer.from(Buffer.from(body, 'base64url').toString().replace('made', 'read')).toString('base64url')}.${signature}`;
    await expect(compactVerify(forged, keys)).rejects.toThrow('signature verification failed');
  });

  it('is one SQL statement, and two under an idempotency key, however many addresses there are', async () => {
    const many = (host: string) => Array.from({ length: 20 }, (_, n) => `https://${host}.example/${n}`).join('\n');
    const idempotencyKey = 'a key that nobody else has';
    const counts: number[] = [];
    for (const input of [
      { address: 'https://single.example/' },
      { address: many('twenty'), idempotencyKey, contactEmail: 'a@b.example', details: { note: 'Seen there.' } },
      { address: many('twenty') }, // all repeated
    ]) {
      const { statements } = await statementsOf(() => submit(platform, { portal: 'ke', ...input }));
      expect(statements.at(-1)).toContain('audit_append');
      counts.push(statements.length);
    }
    expect(counts).toEqual([1, 2, 1]);
    expect((await caseOf('https://twenty.example/19')).report_count).toBe(2);
    // The first report through a portal reads it.
    expect((await statementsOf(() => report('mn', 'https://first.example/'))).statements).toHaveLength(2);
  });
});
