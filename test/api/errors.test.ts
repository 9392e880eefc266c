import { createServer, type Server } from 'node:http';
import { exportJWK, generateKeyPair, SignJWT } from 'jose';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { freePort, type Platform, send, startPlatform } from '../support/platform.ts';
import { type Spawned, spawnPlatform, until } from '../support/spawned.ts';

const SUBMIT = `mutation ($input: SubmitReportInput!) {
  submitReport(input: $input) { __typename ... on ReportReceipt { accessCode } ... on InvalidInputError { issues { message } } }
}`;

let platform: Platform;
let client: pg.Client;
let spawned: Spawned;
let url: string;
let issuer: string;
let token: string;
let identity: Server | undefined;
let jwks: string;

/** The platform as a process of its own, so that all that it prints is seen, on the test's database. */
beforeAll(async () => {
  platform = await startPlatform();
  client = new pg.Client({ connectionString: platform.databaseUrl });
  await client.connect();
  // The process finds the demonstration's data made already: this test wants none.
  const { recorded } = await import('../../src/audit/recorded.ts');
  const done = { stream: 'seed', action: 'SEED_FINISHED' };
  await recorded({ system: true, operation: 'test' }, async ({ note }) => note(done));
  const [port, issuerPort] = [await freePort(), await freePort()];
  issuer = `http://127.0.0.1:${issuerPort}`;
  url = `http://localhost:${port}`;
  const { publicKey, privateKey } = await generateKeyPair('ES256');
  jwks = JSON.stringify({ keys: [{ ...(await exportJWK(publicKey)), alg: 'ES256', kid: 'k' }] });
  token = await new SignJWT()
    .setProtectedHeader({ alg: 'ES256', typ: 'at+jwt', kid: 'k' })
    .setIssuer(issuer)
    .setSubject('analyst')
    .setAudience('urn:reporting-portals:api')
    .setExpirationTime('1h')
    .sign(privateKey);
  spawned = spawnPlatform([], {
    DATABASE_URL: platform.databaseUrl,
    NODE_ENV: 'test',
    PORT: String(port),
    OIDC_ISSUER: issuer,
    LOG_LEVEL: 'debug',
  });
  await spawned.says('is running');
});
afterAll(async () => {
  spawned?.kill('SIGTERM');
  await spawned?.ended;
  identity?.close();
  await client.end();
  await platform.stop();
});

const canaryHeaders = {
  'user-agent': 'canary-agent/1.0',
  'x-forwarded-for': '203.0.113.77',
  forwarded: 'for=203.0.113.77',
  cookie: 'session=canary-cookie',
  referer: 'https://canary-referer.example/',
};
const ask = (query: string, variables = {}, bearer?: string) =>
  send(url, { query, variables }, { ...canaryHeaders, ...(bearer ? { authorization: `Bearer ${bearer}` } : {}) });
const logged = () =>
  spawned
    .stderr()
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line));

describe('while the issuer does not answer', () => {
  it('whoever brings a token hears of an outage and not of a refusal; strangers are served', async () => {
    for (const query of ['{ viewer { name } }', '{ portals { code } }']) {
      const { status, data, errors } = await ask(query, {}, token);
      expect({ status, data, codes: errors.map(({ extensions }) => extensions.code) }).toEqual({
        status: 503,
        data: null,
        codes: ['IDENTITY_UNAVAILABLE'],
      });
      expect(JSON.stringify(errors)).not.toContain('127.0.0.1');
    }
    expect((await ask('{ portals { code } }')).errors).toEqual([]);
  });

  it('and once it does, the same token is good', async () => {
    identity = createServer((request, response) => {
      response.setHeader('content-type', 'application/json');
      const discovery = JSON.stringify({ issuer, jwks_uri: `${issuer}/jwks` });
      response.end(request.url === '/jwks' ? jwks : discovery);
    }).listen(Number(new URL(issuer).port), '127.0.0.1');
    await new Promise((resolve) => identity?.once('listening', resolve));
    expect((await ask('{ viewer { role } }', {}, token)).data.viewer.role).toBe('ANALYST');
  });
});

describe('a failure that nobody expected', () => {
  it('is answered with a sentence and an id, under which the log has where it was and nothing of the request', async () => {
    await client.query('ALTER TABLE portals RENAME TO portals_away');
    const { status, data, errors } = await ask('query Canary($code: String!) { portal(code: $code) { name } }', {
      code: 'canary',
    });
    await client.query('ALTER TABLE portals_away RENAME TO portals');
    expect({ status, data }).toEqual({ status: 200, data: { portal: null } });
    const [error] = errors;
    expect(error?.message).toBe('Something failed on our side. If it lasts, tell us this id.');
    expect(error?.extensions).toEqual({ code: 'INTERNAL_SERVER_ERROR', id: expect.stringMatching(/^[0-9a-f-]{36}$/) });

    await until(() => logged().some(({ id }) => id === error?.extensions.id));
    const entry = logged().find(({ id }) => id === error?.extensions.id);
    expect(
      Object.keys(entry).every((key) => ['level', 'time', 'id', 'name', 'code', 'where', 'msg'].includes(key)),
    ).toBe(true);
    expect(entry).toMatchObject({ level: 50, msg: 'A request failed.', code: expect.stringMatching(/^P\d{4}$/) });
    expect(spawned.stderr()).not.toMatch(/canary/i);
  });

  it('of the database is survived: not ready, then ready again, and no answer tells the database’s words', async () => {
    const outside = new pg.Client({
      connectionString: Object.assign(new URL(platform.databaseUrl), { pathname: '/postgres' }).href,
    });
    await outside.connect();
    const name = new URL(platform.databaseUrl).pathname.slice(1);
    const own = (await client.query('SELECT pg_backend_pid() AS pid')).rows[0].pid;
    await outside.query(`ALTER DATABASE ${name} ALLOW_CONNECTIONS false`);
    await outside.query('SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = $1 AND pid <> $2', [
      name,
      own,
    ]);

    expect((await fetch(`${url}/ready`)).status).toBe(503);
    expect((await fetch(`${url}/health`)).status).toBe(200);
    const { errors } = await ask('{ portals { code } }');
    expect(errors.map(({ message, extensions }) => [message.split('.')[0], extensions.code])).toEqual([
      ['Something failed on our side', 'INTERNAL_SERVER_ERROR'],
    ]);
    const signedIn = await ask('{ viewer { name } }', {}, token);
    expect(signedIn.errors).toMatchObject([{ extensions: { code: 'INTERNAL_SERVER_ERROR' } }]);
    expect(JSON.stringify([errors, signedIn])).not.toContain(name);

    await outside.query(`ALTER DATABASE ${name} ALLOW_CONNECTIONS true`);
    await outside.end();
    await until(async () => (await fetch(`${url}/ready`)).status === 200);
    expect((await ask('{ portals { code } }')).errors).toEqual([]);
  });
});

describe('what people write, and who they are', () => {
  const input = {
    portal: 'ke',
    address: 'canary-pasted https://canary-host.example/canary-path?q=canary',
    contactEmail: 'canary-contact@mail.example',
    details: { note: 'canary-note of the reporter' },
    idempotencyKey: 'canary-idempotency-key',
  };
  const secrets: string[] = ['203.0.113.77'];

  it('goes into the report', async () => {
    const { data } = await ask(SUBMIT, { input });
    const { accessCode } = data.submitReport;
    secrets.push(accessCode, accessCode.replaceAll(' ', ''), token, token.split('.')[2] ?? '');
    await ask('query ($code: String!) { reportStatus(accessCode: $code) { stage } }', { code: accessCode });
    const { data: claimed } = await ask(
      'mutation { claimCase(number: "C-000001") { ... on Case { version } } }',
      {},
      token,
    );
    const note = { case: 'C-000001', version: claimed.claimCase.version, text: 'canary-casenote of the analyst' };
    const noted = await ask(
      'mutation ($input: AddCaseNoteInput!) { addCaseNote(input: $input) { ... on Case { version notes { text } } } }',
      { input: note },
      token,
    );
    expect(noted.data.addCaseNote.notes[0].text).toBe(note.text);
    const assessment = { verdict: 'NOT_ACTIONABLE', reason: 'OFF_REMIT', note: 'canary-opinion', requestReview: true };
    const assessed = await ask(
      'mutation ($input: AssessCaseInput!) { assessCase(input: $input) { __typename } }',
      { input: { case: 'C-000001', version: noted.data.addCaseNote.version, assessment } },
      token,
    );
    expect(assessed.data.assessCase.__typename).toBe('Case');
  });

  it('comes into no log line, metric or answer when the database, a job or a parser fails on it', async () => {
    await client.query(`
      ALTER TABLE reports ADD CONSTRAINT refuses CHECK (address_as_typed NOT LIKE '%refused%');
      CREATE FUNCTION quote_row() RETURNS trigger LANGUAGE plpgsql AS $$
      BEGIN RAISE EXCEPTION E'no: %\\n    at canary (${process.cwd()}/src/canary.ts:1:1)', NEW.pasted_text; END $$;
      CREATE TRIGGER quotes BEFORE INSERT ON submissions FOR EACH ROW WHEN (NEW.pasted_text LIKE '%quoted%') EXECUTE FUNCTION quote_row();
      SELECT graphile_worker.add_job('prioritise-case', '{"caseId":"canary-job"}')`);
    const answers = [];
    for (const word of ['refused', 'quoted']) {
      const failing = {
        ...input,
        address: `https://canary-host.example/src/canary-${word}.ts:80`,
        idempotencyKey: null,
      };
      const answer = await ask(SUBMIT, { input: failing });
      expect(answer.errors).toMatchObject([{ extensions: { code: 'INTERNAL_SERVER_ERROR' } }]);
      answers.push(answer);
    }
    answers.push(await ask(SUBMIT, { input: { ...input, contactEmail: 'canary', address: 'canary' } }));
    answers.push(await ask('{ viewer { name } }', {}, 'canary-token-that-nobody-made'));
    await fetch(`${url}/graphql`, { method: 'POST', headers: canaryHeaders, body: '{"query": "canary' });
    await fetch(`${url}/canary-path?canary=1`, { headers: canaryHeaders });
    await until(() => logged().some(({ msg }) => msg === 'A job failed.'));

    expect(logged().filter(({ msg }) => msg === 'A request failed.').length).toBeGreaterThanOrEqual(2);
    const metrics = await (await fetch(`${url}/metrics`)).text();
    expect(metrics).toContain('graphql_operation_seconds');
    const printed = spawned.stdout() + spawned.stderr();
    for (const place of [printed, metrics, JSON.stringify(answers)]) {
      expect(place).not.toMatch(/canary/i);
      for (const secret of secrets) expect(place).not.toContain(secret);
    }
  });

  it('stands in the columns that are for it, sealed where it is somebody’s words, and nowhere else', async () => {
    const found = new Set<string>();
    const hex = (text: string) => Buffer.from(text).toString('hex');
    const { rows: columns } = await client.query(`
      SELECT table_schema, table_name, column_name FROM information_schema.columns JOIN information_schema.tables USING (table_schema, table_name)
      WHERE table_type = 'BASE TABLE' AND table_schema IN ('public', 'graphile_worker')`);
    expect(columns.length).toBeGreaterThan(100);
    for (const { table_schema, table_name, column_name } of columns) {
      const table = `${pg.escapeIdentifier(table_schema)}.${pg.escapeIdentifier(table_name)}`;
      const { rows } = await client.query(
        `SELECT to_json(${pg.escapeIdentifier(column_name)})::text AS text FROM ${table}`,
      );
      const text = rows
        .map((row) => row.text)
        .join('\n')
        .toLowerCase();
      const forms = ['canary', ...secrets.map((secret) => secret.toLowerCase())];
      if (forms.some((form) => text.includes(form) || text.includes(hex(form))))
        found.add(`${table_name}.${column_name}`);
    }
    // The job’s payload is the one that this test wrote itself.
    found.delete('_private_jobs.payload');
    expect([...found].sort()).toEqual([
      'cases.address',
      'cases.host',
      'cases.registrable_domain',
      'reports.address_as_typed',
      'submissions.pasted_text',
    ]);

    const { rows } = await client.query(
      'SELECT note, contact FROM submissions UNION ALL SELECT text, text FROM case_notes',
    );
    const { unseal } = await import('../../src/secrets.ts');
    expect(rows.map(({ note, contact }) => [unseal(note), unseal(contact)])).toEqual([
      [input.details.note, input.contactEmail],
      ['canary-casenote of the analyst', 'canary-casenote of the analyst'],
    ]);
  });
});
