import { execFile } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { isUnionType } from 'graphql';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { sandboxAddress, sandboxScenarios } from '../src/domain/sandbox-scenarios.ts';
import { persistedDocuments } from '../src/graphql/persisted-documents.ts';
import { exampleText, exampleTitles } from '../src/web/developers/example-files.ts';
import { launch } from './report/developers.ts';
import { rows } from './report/intake.ts';
import { insertReports, plainReports } from './support/made-reports.ts';
import { type Platform, startPlatform } from './support/platform.ts';

const OWN = 'https://report.example';
const CODE = /\d{4} \d{4} \d{4} \d{4}/;
const EXAMPLES = 'src/web/developers/examples';

let platform: Platform;
beforeAll(async () => {
  platform = await startPlatform();
  await launch(platform, 'here', { origins: [OWN] });
});
afterAll(() => platform.stop());

describe('the examples for portal developers', () => {
  let folder: string;
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'examples-'));
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  const run = async (command: string, ...args: string[]) => {
    const { stdout } = await promisify(execFile)(command, args, { timeout: 50_000 });
    return stdout;
  };
  const fetchScript = (...args: string[]) => run(process.execPath, `${EXAMPLES}/report.mjs`, platform.url, ...args);

  it('are all on the page, and all there are', () => {
    expect(exampleTitles.map(([name]) => name).sort()).toEqual(readdirSync(EXAMPLES).sort());
  });

  it('report by curl, as the page prints it', async () => {
    const printed = join(folder, 'report.sh');
    writeFileSync(printed, exampleText('report.sh', platform.url));
    const out = await run('sh', printed);
    const [receipt, status] = out.split('\n').map((line) => JSON.parse(line).data);
    expect(receipt.submitReport).toMatchObject({ accessCode: expect.stringMatching(CODE) });
    expect(status.reportStatus).toMatchObject({ stage: 'IN_PROGRESS' });
  });

  it('report by fetch', async () => {
    expect(await fetchScript()).toMatch(new RegExp(`^R-[^\\n]+\\n${CODE.source}\\n$`));
    expect(await fetchScript('here', 'https://fetched.example/')).toMatch(CODE);
    expect(await rows("SELECT report_count FROM cases WHERE host = 'fetched.example'")).toEqual([{ report_count: 1 }]);
  });

  it('solve the challenge by fetch, and say what cannot be helped', async () => {
    expect(await fetchScript('sandbox', 'https://challenge-required.sandbox.test/')).toMatch(CODE);
    await expect(fetchScript('sandbox', 'words')).rejects.toThrow('We found no address in this text.');
    await expect(fetchScript('sandbox', 'https://portal-closed.sandbox.test/')).rejects.toThrow('takes no reports now');
  });

  it('report by a typed client', async () => {
    const out = await run(process.execPath, '--import', 'tsx', `${EXAMPLES}/report.ts`, platform.url);
    expect(out).toMatch(new RegExp(`^Access code ${CODE.source}\\nCOMPLETED ACTION_TAKEN\\n$`));
  });

  it('read published figures by a typed client, with a key of the partner’s own', async () => {
    await insertReports(platform.databaseUrl, plainReports('ke', new Date('2024-01-10'), 40));
    await platform.ask('mutation { publishStatistics(month: "2024-01") { __typename } }', {}, 'supervisor');
    const expiresOn = new Date().toISOString().slice(0, 10);
    const { data } = await platform.ask(
      `mutation { createOwnKey(input: { label: "Charts", expiresOn: "${expiresOn}" }) { ... on CreatedOwnKey { secret } } }`,
      {},
      'partner-ke',
    );
    const script = ['--import', 'tsx', `${EXAMPLES}/statistics.ts`, platform.url, 'KE', '2024-01', '2024-01'];
    const running = promisify(execFile)(process.execPath, script, { timeout: 50_000 });
    running.child.stdin?.end(data.createOwnKey.secret);
    expect((await running).stdout).toBe(
      '2024-01 edition 1: reports 40, actionable hidden\n  PUBLIC 40\n  POLICE 0\n  MEMBER 0\n  HOTLINE 0\n  ANALYST 0\n  OTHER 0\n',
    );
  });

  it('report by a plain form, as a browser sends it from a registered page', async () => {
    const form = readForm(exampleText('report.html', platform.url).replaceAll('/sandbox/', '/here/'));
    const post = async (address: string, origin: string) => {
      const response = await fetch(form.action, {
        method: form.method,
        headers: {
          origin,
          'sec-fetch-site': 'cross-site',
          'content-type': 'application/x-www-form-urlencoded',
        },
        body: new URLSearchParams({ ...form.fields, address }),
      });
      return { status: response.status, page: await response.text() };
    };
    const [first, second] = [await post('https://form.example/', OWN), await post('https://form.example/', OWN)];
    expect(first.status).toBe(200);
    const [code] = CODE.exec(first.page) ?? [];
    expect(code).toMatch(CODE);
    expect(second.page).toContain(code);
    await post('https://form.example/', 'https://stranger.example');
    expect(await rows("SELECT report_count FROM cases WHERE host = 'form.example'")).toEqual([{ report_count: 1 }]);
  });

  it('have an embed of twenty lines that holds to a persisted document', () => {
    const text = readFileSync(`${EXAMPLES}/embed.html`, 'utf8');
    expect(text.trimEnd().split('\n').length).toBeLessThanOrEqual(20);
    const [, id] = /documentId: '([^']+)'/.exec(text) ?? [];
    expect(persistedDocuments.map((document) => document.id)).toContain(id);
  });
});

describe('the page for portal developers', () => {
  let response: Response;
  let page: string;
  beforeAll(async () => {
    response = await fetch(`${platform.url}/developers`);
    page = await response.text();
  });

  it('is plain, and strict about what it may load', () => {
    expect(response.status).toBe(200);
    expect(response.headers.get('content-security-policy')).toMatch(
      /^default-src 'none'; style-src 'sha256-[^']+'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'$/,
    );
    expect(response.headers.get('cache-control')).toBe('no-store');
    // Examples stand on it as text: no tag of it runs or loads anything.
    expect(page).not.toMatch(/<(script|img|iframe|form|link)\b/);
    expect(page).not.toMatch(/ style="| on\w+="/);
  });

  it('shows each example as it runs, with our own address', () => {
    for (const [name] of exampleTitles) expect(page).toContain(escaped(exampleText(name, platform.url).trimEnd()));
    expect(page).toContain(`${platform.url}/graphql`);
  });

  it('names every scenario of the sandbox, every document and every error that a report can meet', async () => {
    for (const scenario of sandboxScenarios) expect(page).toContain(sandboxAddress(scenario));
    for (const { id, text } of persistedDocuments) {
      expect(page).toContain(id);
      expect(page).toContain(escaped(text));
    }
    const { schema } = await import('../src/graphql/schema.ts');
    for (const name of ['SubmitReportResult', 'AddReportDetailsResult', 'WithdrawContactResult']) {
      const union = schema.getType(name);
      const members = isUnionType(union) ? union.getTypes().map((type) => type.name) : [];
      expect(members.length).toBeGreaterThan(1);
      for (const member of members.filter((type) => type.endsWith('Error'))) expect(page).toContain(member);
    }
  });

  it('leads to the schema, which anyone may have as a file', async () => {
    expect(page).toContain('href="/schema.graphql"');
    const file = await fetch(`${platform.url}/schema.graphql`);
    expect(file.headers.get('content-type')).toMatch(/^text\/plain/);
    expect(await file.text()).toBe(readFileSync('schema.graphql', 'utf8'));
  });
});

function readForm(html: string) {
  const attribute = (tag: string, name: string) => new RegExp(` ${name}="([^"]*)"`).exec(tag)?.[1] ?? '';
  const [tag = ''] = /<form\b[^>]*>/.exec(html) ?? [];
  const inputs = html.match(/<(input|textarea)\b[^>]*>/g) ?? [];
  const fields = Object.fromEntries(inputs.map((input) => [attribute(input, 'name'), attribute(input, 'value')]));
  return { action: attribute(tag, 'action'), method: attribute(tag, 'method').toUpperCase(), fields };
}

function escaped(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
    .replaceAll("'", '&#39;');
}
