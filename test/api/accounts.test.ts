import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Platform, startPlatform, tokenOf } from '../support/platform.ts';
import { statementsOf } from '../support/statements.ts';

const ISSUES = '... on InvalidInputError { issues { path code } } ... on Error { code message }';
const SAVE_ACCOUNT = `mutation ($input: SaveAccountInput!) {
  result: saveAccount(input: $input) { __typename ... on Account { id subject name role inTraining partner { name } disabledAt } ${ISSUES} }
}`;
const SAVE_PARTNER = `mutation ($input: SavePartnerInput!) {
  result: savePartner(input: $input) { __typename ... on Partner { id name kind countries urlListAccess agreementFrom agreementUntil } ${ISSUES} }
}`;
const DISABLE = `mutation ($id: ID!) { result: disableAccount(id: $id) { __typename ... on Account { disabledAt } ${ISSUES} } }`;

let platform: Platform;
beforeAll(async () => {
  platform = await startPlatform();
});
afterAll(() => platform.stop());

const asAdmin = async (query: string, variables: object) => {
  const { data, errors } = await platform.ask(query, variables, 'admin');
  expect(errors).toEqual([]);
  return data.result;
};
const saveAccount = (input: object) => asAdmin(SAVE_ACCOUNT, { input });
const savePartner = (input: object) => asAdmin(SAVE_PARTNER, { input });
const idOf = async (as: 'admin' | 'analyst') => (await platform.ask('{ viewer { id } }', {}, as)).data.viewer.id;

describe('accounts', () => {
  it('are made, changed and listed by administrators', async () => {
    const made = await saveAccount({ subject: 'new', name: ' New Analyst ', role: 'ANALYST', inTraining: true });
    expect(made).toMatchObject({ __typename: 'Account', name: 'New Analyst', inTraining: true, partner: null });
    const changed = await saveAccount({ id: made.id, subject: 'new', name: 'Newer', role: 'SUPERVISOR' });
    expect(changed).toMatchObject({ id: made.id, name: 'Newer', role: 'SUPERVISOR', inTraining: false });

    const { data } = await platform.ask('{ accounts { id name role } }', {}, 'admin');
    expect(data.accounts).toContainEqual({ id: made.id, name: 'Newer', role: 'SUPERVISOR' });
  });

  it('are listed with partners and keys in as few statements for one as for many', async () => {
    const query = '{ accounts { name partner { name } apiKeys { prefix } } }';
    const token = await tokenOf('admin');
    const few = await statementsOf(() => platform.ask(query, {}, { token }));
    expect(few.result.errors).toEqual([]);
    for (let n = 0; n < 5; n += 1) await saveAccount({ subject: `many-${n}`, name: `Many ${n}`, role: 'ANALYST' });
    const many = await statementsOf(() => platform.ask(query, {}, { token }));
    expect(many.statements.length).toBe(few.statements.length);
    expect(many.statements.length).toBeLessThanOrEqual(3);
  });

  it.each([
    ['a subject that another account has', { subject: 'analyst', role: 'ANALYST' }, [['input.subject', 'TAKEN']]],
    ['a partner’s account without a partner', { role: 'PARTNER' }, [['input.partner', 'MISMATCH']]],
    [
      'staff with a partner, without a name and with a broken id, all at once',
      { id: 'x', name: ' ', role: 'ANALYST', partner: '01890000-0000-7000-8000-000000000000' },
      [
        ['input.id', 'INVALID_FORMAT'],
        ['input.name', 'TOO_SHORT'],
        ['input.partner', 'MISMATCH'],
      ],
    ],
    ['a name of 201 characters', { name: 'n'.repeat(201), role: 'ANALYST' }, [['input.name', 'TOO_LONG']]],
  ])('refuse %s', async (_, input, issues) => {
    const { __typename, issues: found } = await saveAccount({ subject: 'wrong', name: 'Wrong', ...input });
    expect(__typename).toBe('InvalidInputError');
    expect(found.map((issue: { path: string[]; code: string }) => [issue.path.join('.'), issue.code])).toEqual(issues);
  });

  it('say so where an account or a partner is not there', async () => {
    const missing = '01890000-0000-7000-8000-000000000000';
    const person = { subject: 'ghost', name: 'Ghost', role: 'ANALYST' };
    expect(await saveAccount({ ...person, id: missing })).toMatchObject({ code: 'NOT_FOUND' });
    expect(await saveAccount({ ...person, role: 'PARTNER', partner: missing })).toMatchObject({ code: 'NOT_FOUND' });
    for (const id of [missing, 'not an id', ''])
      expect(await asAdmin(DISABLE, { id })).toMatchObject({ code: 'NOT_FOUND' });
  });

  it('keep since when they are disabled, however often one disables them', async () => {
    const { id } = await saveAccount({ subject: 'leaver', name: 'Leaver', role: 'ANALYST' });
    const first = await asAdmin(DISABLE, { id });
    expect(first.disabledAt).toMatch(/^\d{4}-/);
    expect(await asAdmin(DISABLE, { id })).toEqual(first);
  });
});

describe('an administrator', () => {
  it('cannot shut themself out: not by disabling, by another role or by another subject', async () => {
    const id = await idOf('admin');
    const self = { id, subject: 'admin', name: 'Dana Renamed', role: 'ADMINISTRATOR' };
    for (const spelled of [id, id.toUpperCase()]) {
      expect(await asAdmin(DISABLE, { id: spelled })).toMatchObject({
        issues: [{ path: ['id'], code: 'OWN_ACCOUNT' }],
      });
      const changed = await saveAccount({ ...self, id: spelled, subject: 'typo', role: 'ANALYST' });
      expect(changed.issues).toEqual([
        { path: ['input', 'role'], code: 'OWN_ACCOUNT' },
        { path: ['input', 'subject'], code: 'OWN_ACCOUNT' },
      ]);
    }
    expect(await saveAccount(self)).toMatchObject({ __typename: 'Account', name: 'Dana Renamed' });
    expect((await platform.ask('{ viewer { role } }', {}, 'admin')).data.viewer).toEqual({ role: 'ADMINISTRATOR' });
  });

  it('can be disabled by another administrator', async () => {
    const { id } = await saveAccount({ subject: 'admin2', name: 'Second', role: 'ADMINISTRATOR' });
    expect((await asAdmin(DISABLE, { id })).disabledAt).not.toBeNull();
  });
});

describe('partners', () => {
  it('are made and changed, with each country once', async () => {
    const input = { name: 'A Fund', kind: 'FUNDER', countries: ['UG', 'KE', 'UG'], agreementFrom: '2026-01-01' };
    const made = await savePartner(input);
    expect(made).toMatchObject({ countries: ['KE', 'UG'], urlListAccess: false, agreementUntil: null });
    const changed = await savePartner({ ...input, id: made.id, countries: [], agreementUntil: '2026-01-01' });
    expect(changed).toMatchObject({ id: made.id, countries: [], agreementUntil: '2026-01-01' });
  });

  it('change what their people see from the next request on', async () => {
    const input = { name: 'B Fund', kind: 'FUNDER', countries: ['KE'], agreementFrom: '2026-01-01' };
    const { id } = await savePartner(input);
    await saveAccount({ subject: 'b-fund', name: 'B', role: 'PARTNER', partner: id });
    const token = await tokenOf('b-fund');
    const countries = async () => (await platform.ask('{ viewer { countries } }', {}, { token })).data.viewer.countries;
    expect(await countries()).toEqual(['KE']);
    await savePartner({ ...input, id, countries: ['UG'] });
    expect(await countries()).toEqual(['UG']);
  });

  it('refuse a name that is taken, an agreement that ends first, and an id that is not there', async () => {
    const input = { name: 'C Fund', kind: 'FUNDER', countries: [], agreementFrom: '2026-05-01' };
    expect(await savePartner({ ...input, name: 'Example Fund' })).toMatchObject({
      issues: [{ path: ['input', 'name'], code: 'TAKEN' }],
    });
    expect(await savePartner({ ...input, agreementUntil: '2026-04-30' })).toMatchObject({
      issues: [{ path: ['input', 'agreementUntil'] }],
    });
    const missing = '01890000-0000-7000-8000-000000000000';
    expect(await savePartner({ ...input, id: missing })).toMatchObject({ code: 'NOT_FOUND' });
  });

  it('leave in the audit trail what their agreement says', async () => {
    const { id } = await savePartner({
      name: 'D Networks',
      kind: 'INDUSTRY',
      countries: [],
      urlListAccess: true,
      agreementFrom: '2026-01-01',
    });
    const { data } = await platform.ask('{ auditTrail(first: 1) { edges { node { stream detail } } } }', {}, 'admin');
    const { stream, detail } = data.auditTrail.edges[0].node;
    expect(stream).toBe(`partner:${id}`);
    expect(JSON.parse(detail)).toMatchObject({
      urlListAccess: true,
      agreementFrom: '2026-01-01',
      agreementUntil: null,
    });
  });
});
