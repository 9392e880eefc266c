import { describe, expect, it } from 'vitest';
import { lintPortals, lintReport, type ReviewedLocale } from '../../src/portal/lint-portals.ts';
import { type PortalEntry, readPortalFile } from '../../src/portal/portal-file.ts';
import { readPortals } from '../../src/portal/portal-files.ts';

const reviewed = (tag: string): ReviewedLocale => ({
  tag,
  review: { state: 'REVIEWED', by: 'A. Reader', on: '2026-10-01' },
});
const drafted = (tag: string): ReviewedLocale => ({ tag, review: { state: 'DRAFTED', by: null, on: null } });
const circumstances = { locales: [reviewed('en'), reviewed('pt'), drafted('sw')], today: '2026-11-22' };

const complete = {
  code: 'ke',
  name: 'Report for Kenya',
  country: 'KE',
  timeZone: 'Africa/Nairobi',
  stage: 'LIVE',
  launchedOn: '2026-11-22',
  defaultLanguage: 'en',
  languages: ['en'],
  emergencyNumber: '999',
  helpLines: [{ name: 'Child Help Kenya' }],
  texts: [{ language: 'en', name: 'Report for Kenya' }],
  exitAddress: 'https://weather.example/',
};

function portal(change: object = {}): PortalEntry {
  const read = readPortalFile('ke.yaml', JSON.stringify({ ...complete, ...change }));
  if ('faults' in read) throw new Error(JSON.stringify(read.faults));
  return read.portal;
}

const lint = (...portals: PortalEntry[]) =>
  lintPortals(
    portals.map((portal) => ({ file: `portals/${portal.code}.yaml`, portal })),
    circumstances,
  ).map(({ file, level, path }) => `${file} ${level} ${path}`);

describe('the lint of portals', () => {
  it('has nothing to say of a portal that lacks nothing', () => {
    expect(lint(portal())).toEqual([]);
  });

  it.each<[string, object, string[]]>([
    ['an emergency number', { emergencyNumber: null }, ['warning emergencyNumber']],
    ['a help line', { helpLines: [] }, ['warning helpLines']],
    ['an exit address', { exitAddress: null }, ['warning exitAddress']],
    ['a text in one of its languages', { texts: [] }, ['warning texts']],
    ['a launch date, though it is LIVE', { launchedOn: null }, ['fault launchedOn']],
    ['a launch date before tomorrow, though it is LIVE', { launchedOn: '2026-11-23' }, ['fault launchedOn']],
  ])('names a portal without %s', (_, change, findings) => {
    expect(lint(portal(change))).toEqual(findings.map((finding) => `portals/ke.yaml ${finding}`));
  });

  it('asks for no emergency number where a portal is for every country, and for no launch date before the launch', () => {
    expect(lint(portal({ country: null, emergencyNumber: null }))).toEqual([]);
    expect(lint(portal({ stage: 'PLANNED', launchedOn: null }))).toEqual([]);
    expect(lint(portal({ stage: 'SOFT_LAUNCH', launchedOn: '2027-01-01' }))).toEqual([]);
  });

  it('names languages that the pages are not written in, and those that nobody has reviewed', () => {
    const languages = ['en', 'pt-BR', 'sw', 'ky', 'ny'];
    const texts = languages.map((language) => ({ language, name: 'N' }));
    const findings = lintPortals([{ file: 'ke.yaml', portal: portal({ languages, texts }) }], circumstances);
    expect(findings.map(({ level, message }) => `${level}: ${message}`)).toEqual([
      'warning: The pages are not written in ky, ny yet.',
      'warning: Nobody has reviewed the pages in sw: they are only drafted.',
    ]);
  });

  it('names a file that does not carry its code', () => {
    const found = lintPortals([{ file: 'portals/kenya.yaml', portal: portal() }], circumstances);
    expect(found).toMatchObject([{ level: 'fault', path: 'code', file: 'portals/kenya.yaml' }]);
    expect(lintPortals([{ file: 'ke', portal: portal() }], circumstances)).toEqual([]);
  });

  it('names two portals that are LIVE for one country in one language, and none that differ in anything of it', () => {
    const other = (change: object) => portal({ code: 'ke-2', ...change });
    expect(lint(portal(), other({}))).toEqual([
      'portals/ke.yaml warning languages',
      'portals/ke-2.yaml warning languages',
    ]);
    for (const change of [
      { country: 'UG' },
      { stage: 'SUSPENDED' },
      { audience: 'LAW_ENFORCEMENT' },
      { sandbox: true },
      { languages: ['pt'], defaultLanguage: 'pt', texts: [{ language: 'pt', name: 'N' }] },
    ])
      expect(lint(portal(), other(change))).toEqual([]);
  });

  it('reports faults of form, then what is missing, then who reviewed each language, and counts', () => {
    const files = [
      { file: 'ke.yaml', yaml: JSON.stringify({ ...complete, exitAddress: null }) },
      { file: 'ug.yaml', yaml: JSON.stringify({ ...complete, code: 'ug', accentColour: '#ffff00' }) },
      { file: 'tz.yaml', yaml: JSON.stringify(complete) },
    ];
    const { lines, faults } = lintReport(readPortals(files), circumstances);
    expect(faults).toBe(3);
    expect(lines).toEqual([
      expect.stringMatching(/^FAULT ug\.yaml:1: accentColour: White text on this colour is hard to read/),
      'FAULT tz.yaml: code: ke.yaml has this code too.',
      expect.stringMatching(/^WARNING ke\.yaml: exitAddress: /),
      expect.stringMatching(/^FAULT tz\.yaml: code: The file is named tz/),
      'en: reviewed by A. Reader on 2026-10-01',
      'pt: reviewed by A. Reader on 2026-10-01',
      'sw: drafted, and reviewed by nobody yet',
      'Portals: 2. Faults: 3. Warnings: 1.',
    ]);
  });
});
