import type { Viewer } from '../src/account/viewer.ts';
import { type Role, roles } from './permissions-table.ts';
import { type Answer, type Platform, tokenOf } from './support/platform.ts';

/** Somebody of a role: how they sign in, and the viewer that the platform sees in them. */
export type Somebody = { headers: Record<string, string>; viewer: Viewer | null };

const demonstrated: Partial<Record<Role, string>> = {
  government: 'partner-ke',
  funder: 'funder',
  'industry machine': 'industry',
  analyst: 'analyst',
  supervisor: 'supervisor',
  administrator: 'admin',
  tool: 'checker',
};

/** Gives one of each role. Whom the demonstration lacks an administrator makes, by the API; the machine gets a key. */
export async function oneOfEach(platform: Platform): Promise<Map<Role, Somebody>> {
  const { currentViewer } = await import('../src/account/authenticate.ts');
  await makePartner(platform, 'police', 'POLICE', ['KE']);
  await makePartner(platform, 'charity', 'CHARITY', ['KE']);
  await makePartner(platform, 'industry without the list', 'INDUSTRY', []);
  const { data } = await platform.ask('{ accounts { id subject } }', {}, 'admin');

  const people = new Map<Role, Somebody>([['stranger', { headers: {}, viewer: null }]]);
  for (const role of roles.filter((role) => role !== 'stranger')) {
    const subject = demonstrated[role] ?? role;
    const { id } = data.accounts.find((account: { subject: string }) => account.subject === subject);
    const credential = role === 'industry machine' ? await makeKey(platform, id) : await tokenOf(subject);
    people.set(role, { headers: { authorization: `Bearer ${credential}` }, viewer: await currentViewer(id) });
  }
  return people;
}

async function makePartner(platform: Platform, name: string, kind: string, countries: string[]): Promise<void> {
  const partner = await platform.ask(
    'mutation ($input: SavePartnerInput!) { result: savePartner(input: $input) { ... on Partner { id } } }',
    { input: { name, kind, countries, agreementFrom: '2020-01-01' } },
    'admin',
  );
  await platform.ask(
    'mutation ($input: SaveAccountInput!) { saveAccount(input: $input) { ... on Account { id } } }',
    { input: { name, subject: name, role: 'PARTNER', partner: partner.data.result.id } },
    'admin',
  );
}

async function makeKey(platform: Platform, account: string): Promise<string> {
  const { data } = await platform.ask(
    'mutation ($input: CreateApiKeyInput!) { result: createApiKey(input: $input) { ... on CreatedApiKey { secret } } }',
    { input: { account, label: 'the matrix' } },
    'admin',
  );
  return data.result.secret;
}

/** The first event of a subscription over HTTP, or the answer where there is none; then hangs up. */
export async function firstEvent(platform: Platform, query: string, headers: Record<string, string>): Promise<Answer> {
  const response = await fetch(`${platform.url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', accept: 'text/event-stream', ...headers },
    body: JSON.stringify({ query }),
  });
  let text = '';
  for await (const chunk of response.body ?? []) {
    text += Buffer.from(chunk).toString();
    const [, event] = /^data: (\{.*\})$/m.exec(text) ?? [];
    if (event) return { status: response.status, data: null, errors: [], ...JSON.parse(event) };
  }
  return { status: response.status, data: null, errors: [], ...JSON.parse(text) };
}
