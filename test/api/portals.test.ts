import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type As, type Platform, startPlatform } from '../support/platform.ts';
import { statementsOf } from '../support/statements.ts';

const FIELDS =
  'code name country timeZone stage audience defaultLanguage languages partnerNames emergencyNumber helpLines launchedOn transferredTo';
const FAILED = '... on InvalidInputError { issues { path code } } ... on Error { code }';
const SAVE = `mutation ($input: SavePortalInput!) { result: savePortal(input: $input) { __typename ... on Portal { ${FIELDS} } ${FAILED} } }`;
const STAGE = `mutation ($input: SetPortalStageInput!) { result: setPortalStage(input: $input) { __typename ... on Portal { ${FIELDS} } ${FAILED} } }`;

let platform: Platform;
beforeAll(async () => {
  platform = await startPlatform();
});
afterAll(() => platform.stop());

const asAdmin = async (query: string, input: object) => {
  const { data, errors } = await platform.ask(query, { input }, 'admin');
  expect(errors).toEqual([]);
  return data.result;
};
const read = async (code: string, as: As = 'stranger') =>
  (await platform.ask(`query ($code: String!) { portal(code: $code) { ${FIELDS} } }`, { code }, as)).data.portal;
const submit = async (portal: string) =>
  (
    await platform.ask(
      'mutation ($p: String!) { submitReport(input: { portal: $p, address: "https://a.example" }) { __typename ... on PortalClosedError { transferredTo } } }',
      { p: portal },
    )
  ).data.submitReport;

const malawi = {
  code: 'mw',
  name: 'Report for Malawi',
  country: 'MW',
  timeZone: 'Africa/Blantyre',
  defaultLanguage: 'en',
  languages: ['en', 'ny'],
  partnerNames: ['Ministry of Example, Malawi'],
  emergencyNumber: '997',
  helpLines: ['Child Help Malawi: help.mw.example'],
  launchedOn: '2026-12-01',
};

describe('a portal', () => {
  it('is made in the stage PLANNED, which the public does not see, and takes no report', async () => {
    expect(await asAdmin(SAVE, malawi)).toEqual({
      __typename: 'Portal',
      ...malawi,
      stage: 'PLANNED',
      audience: 'PUBLIC',
      transferredTo: null,
    });
    expect(await read('mw')).toBeNull();
    const { data } = await platform.ask('{ portals { code } }');
    expect(data.portals.map(({ code }: { code: string }) => code)).not.toContain('mw');
    expect((await submit('mw')).__typename).toBe('InvalidInputError');
  });

  it('goes through its life: launched, suspended, handed over, taken back', async () => {
    expect((await asAdmin(STAGE, { code: 'mw', stage: 'LIVE' })).stage).toBe('LIVE');
    expect(await read(' MW ')).toMatchObject({ code: 'mw', stage: 'LIVE' });
    expect((await submit('mw')).__typename).toBe('ReportReceipt');

    await asAdmin(STAGE, { code: 'mw', stage: 'SUSPENDED' });
    expect(await submit('mw')).toEqual({ __typename: 'PortalClosedError', transferredTo: null });
    const transferredTo = 'https://hotline.mw.example/report';
    await asAdmin(STAGE, { code: 'mw', stage: 'TRANSFERRED', transferredTo });
    expect(await submit('mw')).toEqual({ __typename: 'PortalClosedError', transferredTo });
    expect(await asAdmin(STAGE, { code: 'mw', stage: 'LIVE' })).toMatchObject({ stage: 'LIVE', transferredTo: null });
    expect((await submit('mw')).__typename).toBe('ReportReceipt');
  });

  it('keeps its stage when it is changed, and loses what is left out', async () => {
    const { helpLines, emergencyNumber, ...less } = malawi;
    const changed = await asAdmin(SAVE, { ...less, name: 'Renamed' });
    expect(changed).toMatchObject({ name: 'Renamed', stage: 'LIVE', helpLines: [], emergencyNumber: null });
  });

  it.each<[string, object, string[]]>([
    ['a code with a capital', { code: 'MW' }, ['code']],
    ['a code of one letter', { code: 'm' }, ['code']],
    ['a default language that it does not speak', { defaultLanguage: 'fr' }, ['defaultLanguage']],
    ['no languages', { languages: [] }, ['languages']],
    ['an unknown time zone', { timeZone: 'Africa/Nowhere' }, ['timeZone']],
    // Postgres reads this as three hours west, a browser as three hours east.
    ['an offset for a time zone', { timeZone: '+03:00' }, ['timeZone']],
    ['no name and 51 help lines', { name: '', helpLines: Array(51).fill('x') }, ['name', 'helpLines']],
  ])('is refused with %s, and nothing is kept', async (_, change, fields) => {
    const { __typename, issues } = await asAdmin(SAVE, { ...malawi, code: 'new', ...change });
    expect(__typename).toBe('InvalidInputError');
    const paths = issues.map(({ path }: { path: string[] }) => path.join('.'));
    expect(paths).toEqual(expect.arrayContaining(fields.map((field) => `input.${field}`)));
    expect(await asAdmin(STAGE, { code: 'new', stage: 'LIVE' })).toMatchObject({ code: 'NOT_FOUND' });
  });

  it.each([
    [{ stage: 'TRANSFERRED' }],
    [{ stage: 'TRANSFERRED', transferredTo: 'http://hotline.example' }],
    [{ stage: 'LIVE', transferredTo: 'https://hotline.example' }],
  ])('is refused the stage %j', async (change) => {
    const { issues } = await asAdmin(STAGE, { code: 'ke', ...change });
    expect(issues).toMatchObject([{ path: ['input', 'transferredTo'] }]);
    expect((await read('ke')).stage).toBe('LIVE');
  });
});

describe('the public', () => {
  it('reads all portals in one statement, by code', async () => {
    const { statements, result } = await statementsOf(() => platform.ask(`{ portals { ${FIELDS} } }`));
    const codes = result.data.portals.map(({ code }: { code: string }) => code);
    expect(codes).toEqual(expect.arrayContaining(['ke', 'ug']));
    expect(codes).toEqual([...codes].sort());
    expect(statements).toHaveLength(1);
  });

  it.each(['none', '', 'k', "ke' OR 1=1", 'x'.repeat(5000)])('gets null for the code %j', async (code) => {
    expect(await read(code)).toBeNull();
  });
});
