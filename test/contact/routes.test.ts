import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type CaseWork, caseWork, type Result } from '../case/case-work.ts';
import { type Platform, startPlatform } from '../support/platform.ts';
import { statementsOf } from '../support/statements.ts';

let platform: Platform;
let work: CaseWork;
beforeAll(async () => {
  platform = await startPlatform();
  work = await caseWork(platform);
  await work.sql(
    `INSERT INTO contacts (id, kind, name, email, countries, domains, networks, member, approved_at, approved_by_id, updated_at)
     SELECT uuidv7(), c.kind::"ContactKind", c.name, md5(c.name) || '@contact.example', c.countries, c.domains, c.networks, c.member,
            CASE WHEN c.approved THEN now() END, CASE WHEN c.approved THEN a.id END, now()
     FROM accounts a, (VALUES
       ('HOTLINE', 'Hotline NL', ARRAY['NL'], '{}'::text[], '{}'::int[], true, true),
       ('HOTLINE', 'Hotline DE, not approved', ARRAY['DE'], '{}', '{}', true, false),
       ('POLICE', 'Agency', ARRAY['GB'], '{}', '{}', true, true),
       ('HOST', 'Host by network', '{}', '{}', ARRAY[64500], false, true)
     ) c(kind, name, countries, domains, networks, member, approved) WHERE a.subject = 'supervisor'`,
  );
});
afterAll(async () => {
  await work.close();
  await platform.stop();
});

const ROUTE = 'route { route responsibleCountry urlList steps recipients { kind missing why contact { name email } } }';
const traced = async (place: string, answer: object = {}): Promise<string> => {
  const number = await work.makeCase();
  const country = /^[A-Z]{2}$/.test(place) ? place : null;
  await work.sql(
    `INSERT INTO host_traces (id, case_id, episode_id, method, tool, placement, country, answer, at)
     SELECT uuidv7(), c.id, e.id, 'REGISTRATION', 'test', $2::"HostPlacement", $3, $4, now()
     FROM cases c JOIN episodes e ON e.case_id = c.id WHERE c.number = $1`,
    [number, country ? 'COUNTRY' : place, country, JSON.stringify(answer)],
  );
  return number;
};
const read = async (number: string): Promise<Result> =>
  (
    await work.ask('analyst', `query ($n: String!) { case(number: $n) { hosting { placement } ${ROUTE} } }`, {
      n: number,
    })
  ).case;
const told = ({ route }: Result) =>
  route.recipients.map(({ kind, contact }: Result) => `${kind} ${contact?.name ?? 'missing'}`);

describe('the way of a case', () => {
  it('follows its traces and the approved contacts of the registry', async () => {
    const member = await read(await traced('NL'));
    expect(member.route).toMatchObject({ route: 'MEMBER_HOTLINE', responsibleCountry: 'NL', urlList: true });
    expect(told(member)).toEqual(['HOTLINE Hotline NL']);
    const unapproved = await read(await traced('DE'));
    expect(unapproved.route).toMatchObject({ route: 'NATIONAL_CRIME_AGENCY', responsibleCountry: 'GB' });
    expect(told(unapproved)).toEqual(['POLICE Agency']);
    const own = await read(await traced('GB', { networks: [64500] }));
    expect(own.route).toMatchObject({ route: 'OWN_COUNTRY', urlList: false });
    expect(told(own)).toEqual(['POLICE Agency', 'HOST Host by network']);
    const hidden = await read(await traced('CONTENT_NETWORK', { networks: [64999] }));
    expect(told(hidden)).toEqual(['HOST missing']);
    expect((await read(await work.makeCase())).route).toMatchObject({ route: 'NO_COUNTRY', recipients: [] });
  });

  it('costs a page one statement, however many cases it has', async () => {
    for (let n = 0; n < 12; n += 1) await traced(['NL', 'GB', 'DE'][n % 3] ?? 'NL', { networks: [64500 + n] });
    const query = (first: number, fields: string) =>
      `{ cases(first: ${first}) { edges { node { number ${fields} } } } }`;
    const count = async (first: number, fields: string) =>
      (await statementsOf(() => work.ask('analyst', query(first, fields)))).statements.length;
    const plain = await count(15, 'traces { method } observations { seen }');
    const all = `traces { method } observations { seen } traceRuns { state traces { method } } hosting { country } ${ROUTE}`;
    expect(await count(15, all)).toBeLessThanOrEqual(plain + 1);
    expect(await count(3, all)).toBe(await count(15, all));
    expect(await count(15, all)).toBeLessThanOrEqual(8);
  });

  it('proposes the host’s own address for complaints as a contact, once, for a supervisor to approve', async () => {
    const propose = async (number: string): Promise<Result> =>
      (
        await work.ask(
          'analyst',
          `mutation ($n: String!) { proposeHostContact(case: $n) { __typename ... on Contact { id name email networks domains approvedAt }
             ... on InvalidInputError { issues { code } } ... on Error { code } } }`,
          { n: number },
        )
      ).proposeHostContact;
    const number = await traced('NL', { abuseContacts: ['abuse@found.example'], networks: [64777] });
    const proposed = await propose(number);
    expect(proposed).toMatchObject({ email: 'abuse@found.example', networks: [64777], domains: [], approvedAt: null });
    const again = await propose(await traced('NL', { abuseContacts: ['abuse@found.example'] }));
    expect(again.id).toBe(proposed.id);
    expect((await propose(await traced('NL'))).issues).toEqual([{ code: 'NO_ABUSE_CONTACT' }]);
    expect((await propose('C-999999')).code).toBe('NOT_FOUND');
    const [{ subjects }] = await work.sql(
      "SELECT subjects FROM audit_entries WHERE stream = $1 AND action = 'PROPOSE_CONTACT'",
      [`contact:${proposed.id}`],
    );
    expect(subjects).toEqual([number]);
  });
});
