// Everything that a reporter, their machine and an attacker may send, on every way in, with secrets that are found again.
import { solveChallenge } from 'altcha-lib/v1';
import type pg from 'pg';
import { expect } from 'vitest';
import { tokenOf } from '../support/platform.ts';
import { SUBMIT } from './intake.ts';

const ADD = `mutation ($input: AddReportDetailsInput!) { addReportDetails(input: $input) { __typename } }`;
const STATUS = 'query ($code: String!) { reportStatus(accessCode: $code) { stage } }';
const WITHDRAW = 'mutation ($code: String!) { withdrawContact(accessCode: $code) { __typename } }';
const CASES = `{ cases(first: 50, filter: { states: [AWAITING_ASSESSMENT] }) { edges { node { number host reports(first: 5) { edges { node { note contactEmail addressAsTyped } } } } } } }`;

/** What a machine says of itself, and what opens a report: nowhere at all, not as a hash either. Access codes join as they are given. */
export const nowhere: Record<string, string> = {
  'IPv4 address': '203.0.113.77',
  'IPv6 address': '2001:db8:77:1:2:3:4:5',
  'its network': '2001:db8:77:1',
  'address of a flood': '198.51.100.77',
  'user agent': 'CanaryAgent/7.7',
  referrer: 'canary-referrer.example',
  cookie: 'canary-cookie-0123456789',
  'bearer token': 'canary-token-0123456789',
  'idempotency key': 'canary-key-0123456789',
  'form key': 'canary-form-key-0123456789',
  'path of a page that is not there': 'canary-path-of-nothing',
  'query of a page': 'canary-query-of-a-page',
};
/** What a reporter says in confidence: sealed, so nowhere in plain. */
export const sealed: Record<string, string> = {
  note: 'canary-note, said in confidence',
  'further note': 'canary-further, said later',
  'note on the page': 'canary-page-note, said there',
  email: 'canary-contact@host.example',
  'email on the page': 'canary-page-contact@host.example',
  'what was wrong': 'canary-wrong',
};
/** The evidence: where it belongs, and nowhere else. */
export const evidence: Record<string, string> = { address: 'canary-address.example' };

const ADDRESS = 'https://canary-address.example/canary-page?canary=1';
export const MACHINE = {
  'user-agent': nowhere['user agent'] ?? '',
  referer: `https://${nowhere['referrer']}/page`,
  cookie: `session=${nowhere['cookie']}`,
};

/** The ids of failures that a log has to name, and what clients of the API heard of everything that was refused or failed. */
export const failureIds: string[] = [];
export const answersToFailures: string[] = [];
let url: string;
let client: pg.Client;

/** Sends them all to a platform, whose database the client opens: reports, refusals, a flood, failures, and an analyst at work. */
export async function sendCanaries(platformUrl: string, database: pg.Client): Promise<void> {
  url = platformUrl;
  client = database;
  await reportThroughTheApi();
  await reportOnThePages();
  await sendWhatIsRefused();
  await flood();
  await breakTheDatabase();
  await workOnTheCase();
}

const send = async (path: string, type: string, body: string, headers: Record<string, string> = {}) => {
  const from = { 'x-forwarded-for': `192.0.2.1, ${nowhere['IPv4 address']}` };
  const response = await fetch(`${url}${path}`, {
    method: 'POST',
    headers: { ...MACHINE, ...from, 'content-type': type, ...headers },
    body,
  });
  return response.text();
};
const ask = async (query: string, variables: object = {}, headers: Record<string, string> = {}) =>
  JSON.parse(await send('/graphql', 'application/json', JSON.stringify({ query, variables }), headers));
const page = (path: string, fields: Record<string, string>) =>
  send(path, 'application/x-www-form-urlencoded', String(new URLSearchParams(fields)), {
    'x-forwarded-for': nowhere['IPv6 address'] ?? '',
  });
const remember = (name: string, code: string) => {
  expect(code, name).toMatch(/^\d{4} \d{4} \d{4} \d{4}$/);
  nowhere[name] = code;
  nowhere[`${name}, its digits`] = code.replaceAll(' ', '');
};

async function reportThroughTheApi() {
  const details = { note: sealed['note'] };
  const input = {
    portal: 'ke',
    address: ADDRESS,
    details,
    contactEmail: sealed['email'],
    idempotencyKey: nowhere['idempotency key'],
  };
  const { data } = await ask(SUBMIT, { input });
  remember('access code', data.submitReport.accessCode);
  const code = nowhere['access code'];
  await ask(STATUS, { code });
  await ask(ADD, { input: { accessCode: code, details: { note: sealed['further note'] } } });
  await ask(WITHDRAW, { code });
  const added = await ask(ADD, { input: { accessCode: code, details: {}, contactEmail: sealed['email'] } });
  expect(added.data.addReportDetails.__typename).toBe('ReportStatus');
}

async function reportOnThePages() {
  await fetch(`${url}/ke/en?${nowhere['query of a page']}`, { headers: MACHINE });
  const receipt = await page('/ke/en', { address: `${ADDRESS}&page`, key: nowhere['form key'] ?? '' });
  remember('access code on the page', /\d{4} \d{4} \d{4} \d{4}/.exec(receipt)?.[0] ?? '');
  const accessCode = nowhere['access code on the page'] ?? '';
  const save = (question: string, text: string) =>
    page('/ke/en/questions', { accessCode, question, action: 'save', [question]: text });
  await save('note', sealed['note on the page'] ?? '');
  await save('contactEmail', sealed['email on the page'] ?? '');
  await page('/ke/en/status', { accessCode });
  const { rowCount } = await client.query(
    'SELECT FROM submissions WHERE note IS NOT NULL AND contact IS NOT NULL AND pasted_text LIKE $1',
    [`${ADDRESS}%`],
  );
  expect(rowCount).toBe(2);
}

async function sendWhatIsRefused() {
  const wrong = sealed['what was wrong'] ?? '';
  const code = nowhere['access code'] ?? '';
  remember('wrong access code', `${code.slice(0, -1)}${(Number(code.at(-1)) + 1) % 10}`);
  const token = { authorization: `Bearer ${nowhere['bearer token']}` };
  answersToFailures.push(
    JSON.stringify(
      await ask(SUBMIT, {
        input: { portal: wrong, address: wrong, contactEmail: wrong, details: { note: `data:,${wrong}` } },
      }),
    ),
    JSON.stringify(await ask(STATUS, { code: nowhere['wrong access code'] })),
    JSON.stringify(await ask(`{ "${wrong}" }`)),
    JSON.stringify(await ask(STATUS, { code: { wrong } })),
    JSON.stringify(await ask('{ viewer { name } }', {}, token)),
    await send('/graphql', 'text/plain', wrong),
    await send('/graphql', 'application/json', `{"query": ${wrong}`),
    await send(
      '/ke/en',
      'multipart/form-data; boundary=x',
      `--x\r\ncontent-disposition: form-data; name="address"\r\n\r\n${wrong}`,
    ),
    await page('/ke/en/status', { accessCode: nowhere['wrong access code'] ?? '' }),
    await page(`/${nowhere['path of a page that is not there']}/en`, { address: ADDRESS }),
    await page(`/ke/en/status?${nowhere['query of a page']}`, { accessCode: wrong }),
  );
}

// Until reports wait in quarantine: what a source is known by must be in no table then either.
async function flood() {
  const from = { 'x-forwarded-for': nowhere['address of a flood'] ?? '' };
  const report = async (address: string) => {
    const input = { portal: 'ke', address };
    const { data } = await ask(SUBMIT, { input }, from);
    if (!data.submitReport.challenge) return data.submitReport;
    const challenge = await solutionOf(data.submitReport.challenge);
    return (await ask(SUBMIT, { input: { ...input, challenge } }, from)).data.submitReport;
  };
  const message = Array.from({ length: 20 }, (_, n) => `https://burst.example/${n}`).join('\n');
  for (let n = 0; n < 6; n += 1) await report(message);
  const { accessCode } = await report(`${ADDRESS}&flood`);
  remember('access code of a flood', accessCode);
  const { rowCount } = await client.query(
    `SELECT FROM reports WHERE standing = 'QUARANTINED' AND address_as_typed LIKE '%&flood'`,
  );
  expect(rowCount).toBe(1);
}

async function solutionOf(text: string): Promise<string> {
  const { algorithm, challenge, salt, signature, maxnumber } = JSON.parse(text);
  const number = (await solveChallenge(challenge, salt, algorithm, maxnumber).promise)?.number;
  return Buffer.from(JSON.stringify({ algorithm, challenge, number, salt, signature })).toString('base64');
}

// Postgres itself knows the whole row that it refuses, and would say so.
async function breakTheDatabase() {
  await client.query('ALTER TABLE submissions ADD CONSTRAINT nothing_is_good_enough CHECK (false) NOT VALID');
  const input = {
    portal: 'ke',
    address: `${ADDRESS}&lost`,
    details: { note: sealed['note'] },
    contactEmail: sealed['email'],
  };
  const code = nowhere['access code'];
  const failures = [
    await ask(SUBMIT, { input }),
    await ask(ADD, { input: { accessCode: code, details: { note: sealed['note'] } } }),
  ];
  // A page that fails gives back what was typed, to try again with.
  const accessCode = nowhere['access code on the page'] ?? '';
  expect(await page('/ke/en/status', { accessCode, action: 'withdraw-now' })).toContain('went wrong on our side');
  await client.query('ALTER TABLE submissions DROP CONSTRAINT nothing_is_good_enough');
  await client.query('ALTER TABLE submissions RENAME COLUMN access_code_hash TO lost');
  failures.push(await ask(STATUS, { code }));
  await client.query('ALTER TABLE submissions RENAME COLUMN lost TO access_code_hash');
  for (const { errors } of failures) failureIds.push(errors[0].extensions.id);
  expect(new Set(failureIds).size).toBe(3);
  answersToFailures.push(JSON.stringify(failures));
}

async function workOnTheCase() {
  const analyst = { authorization: `Bearer ${await tokenOf('analyst')}` };
  const { data } = await ask(CASES, {}, analyst);
  expect(JSON.stringify(data)).toContain(sealed['further note']);
  const { number } = data.cases.edges
    .map(({ node }: { node: { host: string } }) => node)
    .find(({ host }: { host: string }) => host === evidence['address']);
  const claimed = await ask(
    'mutation ($number: String!) { claimCase(number: $number) { __typename } }',
    { number },
    analyst,
  );
  expect(claimed.data.claimCase.__typename).toBe('Case');
}
