// The limit: what the same work costs where nobody is asked who they are and nothing is parsed but JSON. It is no way to build a
// platform; it says how near to the machine ours is.
import { createHash, generateKeyPairSync, randomBytes, sign } from 'node:crypto';
import { createServer } from 'node:http';
import pg from 'pg';
import { accessCodeFrom, groupAccessCode, referenceFrom } from '../../src/domain/receipt.ts';
import { statements } from './limit-statements.ts';

const pool = new pg.Pool({
  connectionString: process.env['DATABASE_URL'],
  max: Number(process.env['DATABASE_POOL']),
  idleTimeoutMillis: Number(process.env['DATABASE_IDLE_MS']),
  options: '-c TimeZone=UTC',
});
const { privateKey } = generateKeyPairSync('ed25519');
const proofHead = base64url(JSON.stringify({ alg: 'EdDSA', typ: 'proof-of-report+jws', kid: 'limit' }));

type Asked = Record<'portal' | 'address' | 'country' | 'from' | 'to' | 'by' | 'after' | 'number', string>;

const operations: Record<string, (asked: Asked) => Promise<string>> = {
  '/submit': submit,
  '/figures': ({ country, from, to }) => answer('figures', country, from, to),
  '/queue': ({ by, after }) => {
    if (!after) return answer('queue', by, salt());
    const [priority, id] = Buffer.from(after, 'base64url').toString().split(' ');
    return answer('queueFurther', by, salt(), Number(priority), id);
  },
  '/case': ({ by, number }) => answer('oneCase', by, salt(), number),
  '/claim': async ({ by }) => {
    for (;;) {
      const found = await answer('claimNext', by, salt());
      if (found) return found;
    }
  },
  '/release': ({ by, number }) => answer('release', by, salt(), number),
  '/empty': async () => '{"__typename":"Query"}',
};

async function answer(name: keyof typeof statements, ...values: unknown[]): Promise<string> {
  const { rows } = await pool.query<[string]>({ name, text: statements[name], values, rowMode: 'array' });
  return rows[0]?.[0] ?? '';
}

async function submit({ portal, address }: Asked): Promise<string> {
  const { href, hostname } = new URL(address);
  const domain = hostname.split('.').slice(-2).join('.');
  const code = accessCodeFrom(randomBytes(32));
  const reference = referenceFrom(randomBytes(8));
  const hashes = [sha256(code), sha256(`${portal}\n${address}`)];
  await answer('submit', portal, sha256(href), href, hostname, domain, ...hashes, reference, salt());
  const receivedOn = new Date().toISOString().slice(0, 10);
  const claims = base64url(
    JSON.stringify({ iss: 'limit', statement: 'A report was made.', receivedOn, references: [reference] }),
  );
  const signature = sign(null, Buffer.from(`${proofHead}.${claims}`), privateKey).toString('base64url');
  return JSON.stringify({
    submitReport: {
      accessCode: groupAccessCode(code),
      receivedOn,
      reports: [{ reference, address }],
      proof: `${proofHead}.${claims}.${signature}`,
    },
  });
}

function salt(): string {
  return randomBytes(16).toString('hex');
}

function sha256(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}

function base64url(text: string): string {
  return Buffer.from(text).toString('base64url');
}

const server = createServer((request, response) => {
  let body = '';
  request.setEncoding('utf8');
  request.on('data', (chunk: string) => {
    body += chunk;
  });
  request.on('end', async () => {
    let status = 200;
    let text: string;
    try {
      text = (await operations[request.url ?? '']?.(JSON.parse(body))) ?? '';
      if (text === '') status = 404;
    } catch (error) {
      status = 500;
      text = JSON.stringify({ code: (error as { code?: string }).code ?? 'FAILED' });
    }
    response.writeHead(status, { 'content-type': 'application/json', 'content-length': Buffer.byteLength(text) });
    response.end(text);
  });
});
server.listen(Number(process.env['PORT']), process.env['HOST'], () => process.stdout.write('ready\n'));
process.once('SIGTERM', () => process.exit());
