import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type CaseWork, caseWork, type Result } from '../case/case-work.ts';
import { type As, type Platform, startPlatform } from '../support/platform.ts';

let platform: Platform;
let work: CaseWork;
let supervisor: Awaited<ReturnType<CaseWork['colleague']>>;
beforeAll(async () => {
  platform = await startPlatform();
  work = await caseWork(platform);
  supervisor = await work.colleague('SUPERVISOR');
});
afterAll(async () => {
  await work.close();
  await platform.stop();
});

const CONTACT =
  'id name email kind language waitHours timeZone domains approvedAt approvedBy { name } retiredAt updatedAt';
const EITHER = `__typename ... on Contact { ${CONTACT} } ... on Error { code message }`;
const RESULT = `${EITHER} ... on InvalidInputError { issues { path code } }`;
const host = (name: string, more: object = {}) => ({
  kind: 'HOST',
  name,
  email: `abuse@${name.toLowerCase().replaceAll(' ', '-')}.example`,
  language: 'en',
  ...more,
});
const save = async (input: object, as: As | { token: string; id: string } = 'analyst'): Promise<Result> =>
  (await work.ask(as, `mutation ($i: SaveContactInput!) { saveContact(input: $i) { ${RESULT} } }`, { i: input }))
    .saveContact;
const approve = async ({ id, updatedAt }: Result, as: As | { token: string; id: string } = 'supervisor') =>
  (
    await work.ask(as, `mutation ($i: ApproveContactInput!) { approveContact(input: $i) { ${RESULT} } }`, {
      i: { id, updatedAt },
    })
  ).approveContact;
const retire = async (id: string) =>
  (await work.ask('supervisor', `mutation ($id: ID!) { retireContact(id: $id) { ${EITHER} } }`, { id })).retireContact;
const list = async (args: string): Promise<Result> =>
  (await work.ask('analyst', `{ contacts(${args}) { edges { node { name } } pageInfo { hasNextPage endCursor } } }`))
    .contacts;
const namesOf = ({ edges }: Result) => edges.map(({ node }: Result) => node.name);
const issuesOf = ({ issues }: Result) => issues?.map(({ path, code }: Result) => `${path.at(-1)} ${code}`).sort();

describe('a contact', () => {
  it('is proposed by an analyst and approved by a supervisor, as it was read', async () => {
    const proposed = await save(host('Plain Host', { domains: ['Plain.example', 'plain.example'] }));
    expect(proposed).toMatchObject({ approvedAt: null, waitHours: 24, timeZone: 'UTC', domains: ['plain.example'] });
    const changed = await save({ ...host('Plain Host'), id: proposed.id, waitHours: 48 });
    expect(issuesOf(await approve(proposed))).toEqual(['updatedAt CHANGED']);
    const approved = await approve(changed);
    expect(approved.approvedBy.name).toBe('Chidi Supervisor');
    expect((await approve(approved)).approvedAt).toBe(approved.approvedAt);
  });

  it('loses its approval with another address or other domains, and keeps it otherwise', async () => {
    const { id, updatedAt } = await save(host('Fickle Host', { domains: ['fickle.example'] }));
    await approve({ id, updatedAt });
    const same = { ...host('Fickle Host', { domains: ['fickle.example'] }), id };
    expect((await save({ ...same, name: 'Fickle', quietFrom: 22, quietUntil: 6 })).approvedAt).not.toBeNull();
    for (const change of [{ email: 'other@fickle.example' }, { domains: ['all.example'] }, { networks: [64500] }]) {
      await work.sql('UPDATE contacts SET approved_at = now(), approved_by_id = $2 WHERE id = $1', [id, supervisor.id]);
      expect((await save({ ...same, ...change })).approvedAt).toBeNull();
    }
  });

  it('is approved by nobody who has changed it since its last approval', async () => {
    const own = await save(host('Own Host'), supervisor);
    expect(issuesOf(await approve(own, supervisor))).toEqual(['id OWN_CHANGE']);
    // Somebody else's later change does not hide who changed the address.
    const touched = await save({ ...host('Own Host'), id: own.id, waitHours: 12 });
    expect(issuesOf(await approve(touched, supervisor))).toEqual(['id OWN_CHANGE']);
    const approved = await approve(touched, 'supervisor');
    const later = await save({ ...host('Own Host'), id: own.id, email: 'new@own.example' });
    expect(approved.approvedAt).not.toBeNull();
    expect((await approve(later, supervisor)).approvedBy.name).toBe(supervisor.name);
  });

  it('is told all its faults at once, without an echo', async () => {
    const faults = await save({
      ...host(' '),
      email: 'a@host.example, b@host.example',
      language: 'tlh',
      countries: ['NL'],
      member: true,
      domains: ['https://host.example/'],
      networks: [0],
      waitHours: 721,
      quietFrom: 24,
      timeZone: 'Nowhere/Town',
    });
    expect(issuesOf(faults)).toEqual([
      '0 INVALID_FORMAT',
      '0 TOO_SHORT',
      'countries MISMATCH',
      'email INVALID_FORMAT',
      'language INVALID',
      'member MISMATCH',
      'name TOO_SHORT',
      'quietFrom TOO_LONG',
      'quietUntil MISMATCH',
      'timeZone INVALID',
      'waitHours TOO_LONG',
    ]);
    expect(JSON.stringify(faults)).not.toMatch(/b@host|Nowhere|tlh/);
    expect(issuesOf(await save(host('Line', { email: 'abuse@host.example\r\nBcc: other@host.example' })))).toEqual([
      'email INVALID_FORMAT',
    ]);
    expect(issuesOf(await save({ ...host('Police'), kind: 'POLICE', domains: ['a.example'] }))).toEqual([
      'countries MISMATCH',
      'domains MISMATCH',
    ]);
    expect((await save({ ...host('No one'), id: 'not-a-uuid' })).code).toBe('INVALID_INPUT');
    expect((await save({ ...host('No one'), id: '00000000-0000-7000-8000-000000000000' })).code).toBe('NOT_FOUND');
  });

  it('stands once in the registry: two at once, by one address, are one', async () => {
    const both = await Promise.all([save(host('Twice')), save(host('Twice', { email: 'ABUSE@twice.example' }))]);
    expect(both.map(({ __typename }) => __typename).sort()).toEqual(['Contact', 'InvalidInputError']);
    expect(issuesOf(both.find(({ code }) => code))).toEqual(['email TAKEN']);
  });

  it('goes out of use for good', async () => {
    const { id, updatedAt } = await save(host('Gone Host'));
    expect((await retire(id)).retiredAt).not.toBeNull();
    expect((await retire(id)).code).toBe('NOT_FOUND');
    expect((await approve({ id, updatedAt })).code).toBe('NOT_FOUND');
    expect(namesOf(await list('search: "gone host"'))).toEqual([]);
    expect(namesOf(await list('search: "gone host", retired: true'))).toEqual(['Gone Host']);
    expect((await save(host('Gone Host'))).__typename).toBe('Contact');
  });

  it('is found by kind, country, approval and a part of its name or address, page after page', async () => {
    for (const name of ['Page A', 'Page B', 'Page C 50%'])
      await save(host(name, { country: 'NL', email: `${name.at(5)}@paged.example` }));
    await save({ ...host('Page Police'), kind: 'POLICE', countries: ['NL', 'BE'], email: 'd@paged.example' });
    const first = await list('search: "PAGED.", first: 3');
    expect(namesOf(first)).toEqual(['Page A', 'Page B', 'Page C 50%']);
    expect(first.pageInfo.hasNextPage).toBe(true);
    const next = await list(`search: "paged.", first: 3, after: "${first.pageInfo.endCursor}"`);
    expect([namesOf(next), next.pageInfo.hasNextPage]).toEqual([['Page Police'], false]);
    expect(namesOf(await list('search: "50%"'))).toEqual(['Page C 50%']);
    expect(namesOf(await list('country: "BE"'))).toEqual(['Page Police']);
    expect(namesOf(await list('kind: POLICE, search: "page"'))).toEqual(['Page Police']);
    expect(namesOf(await list('approved: true, search: "page"'))).toEqual([]);
  });
});
