import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type As, type Platform, startPlatform } from '../support/platform.ts';
import { statementsOf } from '../support/statements.ts';

const FIELDS = `code name country timeZone stage audience defaultLanguage languages partnerNames emergencyNumber launchedOn
  transferredTo helpLines { name telephone website hours } texts { language name introduction } accentColour exitAddress
  origins sandbox`;
const FAILED = '... on InvalidInputError { issues { path code message } } ... on Error { code }';
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

const lesotho = {
  code: 'ls',
  name: 'Report for Lesotho',
  country: 'LS',
  timeZone: 'Africa/Maseru',
  defaultLanguage: 'en',
  languages: ['en', 'st'],
  partnerNames: ['Ministry of Example, Lesotho'],
  emergencyNumber: '123',
  helpLines: [
    { name: 'Child Help Lesotho', telephone: '+999 116 000', website: 'https://help.ls.example/', hours: 'Always' },
    { name: 'Parents’ Line', telephone: null, website: null, hours: null },
  ],
  texts: [{ language: 'st', name: 'Tlaleha Lesotho', introduction: null }],
  accentColour: '#1d5a7a',
  exitAddress: 'https://weather.example/',
  origins: ['https://report.ls.example', 'http://localhost:3000'],
  sandbox: false,
  launchedOn: '2026-12-01',
};

describe('a portal', () => {
  it('is made in the stage PLANNED, which the public does not see, and takes no report', async () => {
    expect(await asAdmin(SAVE, lesotho)).toEqual({
      __typename: 'Portal',
      ...lesotho,
      stage: 'PLANNED',
      audience: 'PUBLIC',
      transferredTo: null,
    });
    expect(await read('ls')).toBeNull();
    const { data } = await platform.ask('{ portals { code } }');
    expect(data.portals.map(({ code }: { code: string }) => code)).not.toContain('ls');
    expect((await submit('ls')).__typename).toBe('InvalidInputError');
  });

  it('goes through its life: launched, suspended, handed over, taken back', async () => {
    expect((await asAdmin(STAGE, { code: 'ls', stage: 'LIVE' })).stage).toBe('LIVE');
    expect(await read(' LS ')).toMatchObject({ code: 'ls', stage: 'LIVE' });
    expect((await submit('ls')).__typename).toBe('ReportReceipt');

    await asAdmin(STAGE, { code: 'ls', stage: 'SUSPENDED' });
    expect(await submit('ls')).toEqual({ __typename: 'PortalClosedError', transferredTo: null });
    const transferredTo = 'https://hotline.ls.example/report';
    await asAdmin(STAGE, { code: 'ls', stage: 'TRANSFERRED', transferredTo });
    expect(await submit('ls')).toEqual({ __typename: 'PortalClosedError', transferredTo });
    expect(await asAdmin(STAGE, { code: 'ls', stage: 'LIVE' })).toMatchObject({ stage: 'LIVE', transferredTo: null });
    expect((await submit('ls')).__typename).toBe('ReportReceipt');
  });

  it('keeps its stage when it is changed, and loses what is left out', async () => {
    const { code, country, timeZone, defaultLanguage, languages } = lesotho;
    const changed = await asAdmin(SAVE, { code, country, timeZone, defaultLanguage, languages, name: 'Renamed' });
    expect(changed).toMatchObject({ name: 'Renamed', stage: 'LIVE', emergencyNumber: null, accentColour: null });
    expect(changed).toMatchObject({ helpLines: [], texts: [], origins: [], exitAddress: null, sandbox: false });
  });

  it.each<[string, object, string[]]>([
    ['a code with a capital', { code: 'LS' }, ['code']],
    ['a code of one letter', { code: 'm' }, ['code']],
    ['a default language that it does not speak', { defaultLanguage: 'fr' }, ['defaultLanguage']],
    ['no languages', { languages: [] }, ['languages']],
    ['an unknown time zone', { timeZone: 'Africa/Nowhere' }, ['timeZone']],
    // Postgres reads this as three hours west, a browser as three hours east.
    ['an offset for a time zone', { timeZone: '+03:00' }, ['timeZone']],
    // Postgres knows its zones by their own capitals only.
    ['a time zone in small letters', { timeZone: 'africa/maseru' }, ['timeZone']],
    ['a reserved code', { code: 'status' }, ['code']],
    ['a code of no country', { country: 'EU' }, ['country']],
    ['a language twice', { languages: ['en', 'EN'] }, ['languages']],
    ['no name and 51 help lines', { name: '', helpLines: Array(51).fill({ name: 'x' }) }, ['name', 'helpLines']],
    ['a help line without a name', { helpLines: [{ name: 'A' }, { name: ' ' }] }, ['helpLines.1.name']],
    ['a help line at a script', { helpLines: [{ name: 'A', website: 'javascript:1' }] }, ['helpLines.0.website']],
    ['a text in a language that it does not speak', { texts: [{ language: 'fr', name: 'N' }] }, ['texts.0.language']],
    [
      'two texts in one language',
      { texts: ['en', 'st', 'en'].map((language) => ({ language, name: 'N' })) },
      ['texts.2.language'],
    ],
    ['a text without a name', { texts: [{ language: 'en', name: '' }] }, ['texts.0.name']],
    ['a colour by its name', { accentColour: 'navy' }, ['accentColour']],
    ['a colour that ends otherwise', { accentColour: '#123456;}' }, ['accentColour']],
    ['a colour that is too light', { accentColour: '#777777' }, ['accentColour']],
    ['an exit without encryption', { exitAddress: 'http://weather.example' }, ['exitAddress']],
    ['an exit with a name in it', { exitAddress: 'https://weather.example@other.example/' }, ['exitAddress']],
    ['an exit with a space', { exitAddress: 'https://weather.example/a b' }, ['exitAddress']],
    ['an origin with a path', { origins: ['https://a.example', 'https://b.example/'] }, ['origins.1']],
    ['an origin in capitals', { origins: ['https://A.example'] }, ['origins.0']],
    ['an origin without encryption', { origins: ['http://a.example'] }, ['origins.0']],
    ['any origin', { origins: ['*', 'null', 'https://*'] }, ['origins.0', 'origins.1', 'origins.2']],
    ['an origin twice', { origins: ['https://a.example', 'https://a.example'] }, ['origins']],
  ])('is refused with %s, and nothing is kept', async (_, change, fields) => {
    const { __typename, issues } = await asAdmin(SAVE, { ...lesotho, code: 'new', ...change });
    expect(__typename).toBe('InvalidInputError');
    const paths = issues.map(({ path }: { path: string[] }) => path.join('.'));
    expect(paths).toEqual(expect.arrayContaining(fields.map((field) => `input.${field}`)));
    expect(await asAdmin(STAGE, { code: 'new', stage: 'LIVE' })).toMatchObject({ code: 'NOT_FOUND' });
  });

  it('is told all faults at once, each with a remedy', async () => {
    const { issues } = await asAdmin(SAVE, {
      ...lesotho,
      code: 'help',
      defaultLanguage: 'fr',
      helpLines: [{ name: 'A', website: 'help.example' }],
      texts: [{ language: 'fr', name: 'N' }],
      accentColour: '#ffffff',
      exitAddress: '/',
      origins: ['a.example'],
    });
    const told = issues.map(
      ({ path, message }: { path: string[]; message: string }) => `${path.join('.')}: ${message}`,
    );
    expect(told.sort()).toEqual([
      expect.stringMatching(/^input\.accentColour: .* Choose a darker one/),
      expect.stringMatching(/^input\.code: .* Choose another code\.$/),
      expect.stringMatching(/^input\.defaultLanguage: /),
      expect.stringMatching(/^input\.exitAddress: Give an https address/),
      expect.stringMatching(/^input\.helpLines\.0\.website: Give an https address/),
      expect.stringMatching(/^input\.origins\.0: Give an origin as browsers send it/),
      expect.stringMatching(/^input\.texts\.0\.language: Name this language in languages too/),
    ]);
  });

  it('keeps its colour in small letters', async () => {
    expect(await asAdmin(SAVE, { ...lesotho, accentColour: '#1D5A7A' })).toMatchObject({ accentColour: '#1d5a7a' });
  });

  it.each([
    [{ stage: 'TRANSFERRED' }],
    [{ stage: 'TRANSFERRED', transferredTo: 'http://hotline.example' }],
    [{ stage: 'TRANSFERRED', transferredTo: 'javascript:alert(1)//https://hotline.example' }],
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
