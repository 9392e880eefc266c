import { execFile, spawnSync } from 'node:child_process';
import { createPrivateKey, generateKeyPairSync, hkdfSync, type KeyObject, randomBytes } from 'node:crypto';
import { chmodSync, copyFileSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { CompactSign, compactVerify, createLocalJWKSet, decodeProtectedHeader } from 'jose';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { type Receipt, receiptFor } from '../report/intake.ts';
import { type Platform, startPlatform } from '../support/platform.ts';
import { statementsOf } from '../support/statements.ts';

const key = (id: string) => `${id}:${randomBytes(32).toString('base64url')}`;
const [earlier, present, foreign] = [key('earlier'), key('present'), key('foreign')];
const DAY = '2026-01-31';
const REFERENCES = ['R-0000-0000-0000'];

/** A proof as it was made when this was the key ring. */
async function proofUnder(ring: string): Promise<string> {
  vi.resetModules();
  vi.stubEnv('SECRETS', ring);
  const { proveReport } = await import('../../src/report/receipt-proof.ts');
  const proof = await proveReport(DAY, REFERENCES);
  vi.unstubAllEnvs();
  vi.resetModules();
  return proof;
}

describe('a proof of report', () => {
  let platform: Platform;
  let receipt: Receipt;
  let [old, others] = ['', ''];
  beforeAll(async () => {
    old = await proofUnder(earlier);
    others = await proofUnder(foreign);
    platform = await startPlatform({ SECRETS: `${present},${earlier}` });
    receipt = await receiptFor(platform, 'ke', 'https://proof.example/a https://proof.example/b');
  });
  afterAll(() => platform.stop());

  const check = async (proof: string) => {
    const { data, errors } = await platform.ask(
      'query ($proof: String!) { proofOfReport(proof: $proof) { receivedOn references } }',
      { proof },
    );
    expect(errors).toEqual([]);
    return data.proofOfReport;
  };
  const publicKeys = async () => (await fetch(`${platform.url}/.well-known/jwks.json`)).json();

  it('tells anyone who was shown it the day and the references, without touching a table', async () => {
    const { statements, result } = await statementsOf(() => check(receipt.proof));
    expect(result).toEqual({
      receivedOn: receipt.receivedOn,
      references: receipt.reports.map(({ reference }) => reference),
    });
    expect(result.references).toHaveLength(2);
    expect(statements).toEqual([]);
  });

  it('is read as people paste it: broken into lines, indented, with spaces and invisible characters', async () => {
    const { proof } = receipt;
    const lines = proof.match(/.{1,60}/g) ?? [];
    for (const pasted of [`  ${proof}\n`, lines.join('\r\n  '), lines.join('\u200b'), `\ufeff${proof}\u00a0`]) {
      expect(await check(pasted), pasted).toMatchObject({ receivedOn: receipt.receivedOn });
    }
  });

  it('still holds after a new key came before the one that signed it, also for third parties', async () => {
    expect(await check(old)).toEqual({ receivedOn: DAY, references: REFERENCES });
    const keys = await publicKeys();
    // Those of the URL list stand behind them.
    expect(keys.keys.map(({ kid }: { kid: string }) => kid).slice(0, 2)).toEqual(
      [receipt.proof, old].map((proof) => decodeProtectedHeader(proof).kid),
    );
    for (const proof of [receipt.proof, old]) {
      const { payload } = await compactVerify(proof, createLocalJWKSet(keys), { algorithms: ['EdDSA'] });
      expect(JSON.parse(Buffer.from(payload).toString())).toMatchObject({ statement: 'A report was made.' });
    }
  });

  it('gives away no private key with the public ones', async () => {
    for (const jwk of (await publicKeys()).keys) {
      expect(Object.keys(jwk).sort()).toEqual(['alg', 'crv', 'kid', 'kty', 'use', 'x']);
    }
  });

  it('is nothing with any character of it changed', async () => {
    const { proof } = receipt;
    const changed = [...proof].map((character, place) => {
      const other = character === 'A' ? 'B' : 'A';
      return proof.slice(0, place) + other + proof.slice(place + 1);
    });
    // The last one holds four bits that say nothing: another text, and so another proof, all the same.
    const last = [...'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdef'].map((character) => proof.slice(0, -1) + character);
    const { provenReport } = await import('../../src/report/receipt-proof.ts');
    for (const text of [...changed, ...last].filter((text) => text !== proof)) {
      expect(await provenReport(text), text).toBeNull();
    }
    expect(await check(changed[200] ?? '')).toBeNull();
  });

  it('is nothing where another key signed it, where nobody did, or where our key signed something else', async () => {
    const [head = '', body = '', signature = ''] = receipt.proof.split('.');
    const { kid } = decodeProtectedHeader(receipt.proof);
    const encode = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
    const mine = generateKeyPairSync('ed25519').privateKey;
    const ours = privateKeyOf(present);
    const claims = JSON.parse(Buffer.from(body, 'base64url').toString());
    const sign = (payload: unknown, header: object = {}, by: KeyObject = ours) =>
      new CompactSign(new TextEncoder().encode(typeof payload === 'string' ? payload : JSON.stringify(payload)))
        .setProtectedHeader({ alg: 'EdDSA', typ: 'proof-of-report+jws', ...(kid ? { kid } : {}), ...header })
        .sign(by);

    expect(await check(await sign(claims))).not.toBeNull(); // the test's own way of signing is right
    for (const [reason, proof] of Object.entries({
      'another installation': others,
      'a key of one’s own under our name': await sign(claims, {}, mine),
      'a key that nobody knows': await sign(claims, { kid: 'unknown' }, mine),
      'another type': await sign(claims, { typ: 'JWT' }),
      'no algorithm': `${encode({ alg: 'none', kid, typ: 'proof-of-report+jws' })}.${body}.`,
      'a secret in place of a key': `${encode({ alg: 'HS256', kid, typ: 'proof-of-report+jws' })}.${body}.${signature}`,
      'another statement': await sign({ ...claims, statement: 'A report was read.' }),
      'no day': await sign({ ...claims, receivedOn: 'yesterday' }),
      'references of another kind': await sign({ ...claims, references: [1] }),
      'no JSON': await sign('words'),
      'a key beside it': `${encode({ alg: 'EdDSA', typ: 'proof-of-report+jws', jwk: {} })}.${body}.${signature}`,
      'two parts': `${head}.${body}`,
      'four parts': `${receipt.proof}.${signature}`,
      words: 'not a proof',
      nothing: '',
      'an access code': receipt.accessCode,
      'over 8,000 characters': receipt.proof + ' '.repeat(8_001),
      'a long run of dots': '.'.repeat(8_000),
    })) {
      expect(await check(proof), reason).toBeNull();
    }
  });

  describe('on the page where anyone checks it', () => {
    const page = async (proof?: string, path = '/proof/en') => {
      const form = proof === undefined ? {} : { method: 'POST', body: new URLSearchParams({ proof }) };
      const response = await fetch(`${platform.url}${path}`, form);
      return { status: response.status, text: await response.text() };
    };

    it('is found to be real, with its day and references', async () => {
      for (const path of ['/proof', '/proof/en']) {
        const { status, text } = await page(receipt.proof.match(/.{1,60}/g)?.join('\r\n'), path);
        expect(status).toBe(200);
        expect(text).toContain('This proof is real.');
        for (const { reference } of receipt.reports) expect(text).toContain(reference);
      }
    });

    it('is told from what is not ours, and from nothing at all', async () => {
      for (const pasted of [others, `${receipt.proof}x`, 'words', 'x'.repeat(9_000)]) {
        const { status, text } = await page(pasted);
        expect(status).toBe(422);
        expect(text).toContain('This is not a proof from us.');
      }
      expect((await page(' \n ')).text).toContain('Paste the proof first.');
      expect((await page()).text).toContain('Check it yourself');
    });

    it('is checked without us by the lines that stand there, which find a forged one too', async () => {
      const { PROOF_PLACE } = await import('../../src/web/portal/proof-lines.ts');
      const { text } = await page();
      const blocks = [...text.matchAll(/<pre><code>(.*?)<\/code><\/pre>/gs)].map(([, lines = '']) => plain(lines));
      const [javascript = '', shell = ''] = blocks;
      expect(blocks).toHaveLength(2);
      const folder = mkdtempSync(join(tmpdir(), 'proof-'));
      if (spawnSync('curl', ['--version']).error) {
        copyFileSync('test/support/curl.mjs', join(folder, 'curl'));
        chmodSync(join(folder, 'curl'), 0o755);
      }
      const runs = {
        node: (proof: string) =>
          run(
            process.execPath,
            ['--input-type=module', '--eval', javascript.replace(PROOF_PLACE, proof)],
            process.cwd(),
          ),
        sh: (proof: string) =>
          run('sh', ['-c', shell.replace(PROOF_PLACE, proof)], folder, { PATH: `${folder}:${process.env['PATH']}` }),
      };
      const [head, , signature] = receipt.proof.split('.');
      const forged = `${head}.${old.split('.')[1]}.${signature}`;
      for (const check of Object.values(runs)) {
        for (const proof of [receipt.proof, old]) {
          const { said } = await check(proof);
          expect(said).toContain('"statement":"A report was made."');
          expect(said).not.toContain('Failure');
        }
        const { said, failed } = await check(forged);
        expect(failed, said).toBe(true);
        expect(said).not.toContain('statement');
      }
      rmSync(folder, { recursive: true });
    });
  });
});

const plain = (html: string) =>
  html.replace(
    /&(lt|gt|quot|#39|amp);/g,
    (_, name: string) => ({ lt: '<', gt: '>', quot: '"', '#39': "'" })[name] ?? '&',
  );

/** What a program prints, and whether it ended with a fault. */
async function run(program: string, args: string[], cwd: string, env: NodeJS.ProcessEnv = {}) {
  try {
    const { stdout, stderr } = await promisify(execFile)(program, args, { cwd, env });
    return { said: stdout + stderr, failed: false };
  } catch (error) {
    return { said: String((error as { stderr?: string }).stderr), failed: true };
  }
}

// As secrets.ts and receipt-proof.ts derive it; the test above shows that it is the same.
function privateKeyOf(secret: string): KeyObject {
  const seed = hkdfSync(
    'sha256',
    Buffer.from(secret.split(':')[1] ?? '', 'base64url'),
    'reporting-portals',
    'proof',
    32,
  );
  const head = Buffer.from('302e020100300506032b657004220420', 'hex');
  return createPrivateKey({ key: Buffer.concat([head, Buffer.from(seed)]), format: 'der', type: 'pkcs8' });
}
