import { mkdirSync, mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type PortalEntry, readPortalFile, writePortalFile } from '../../src/portal/portal-file.ts';
import { lineOfFault, readPortalFiles } from '../../src/portal/portal-files.ts';

const sound = `code: xy
name: Report for Xyland
country: KE
timeZone: Africa/Nairobi
defaultLanguage: en
languages: [en, sw]
`;

function portalOf(yaml: string): PortalEntry {
  const read = readPortalFile('xy.yaml', yaml);
  if ('faults' in read) throw new Error(read.faults.map(lineOfFault).join('\n'));
  return read.portal;
}

function faultsOf(yaml: string): string[] {
  const read = readPortalFile('xy.yaml', yaml);
  return 'faults' in read ? read.faults.map(lineOfFault) : [];
}

describe('the file of a portal', () => {
  it('says as little as savePortal needs; the rest is as usual', () => {
    expect(portalOf(sound)).toEqual({
      code: 'xy',
      name: 'Report for Xyland',
      country: 'KE',
      timeZone: 'Africa/Nairobi',
      stage: undefined,
      transferredTo: null,
      launchedOn: null,
      audience: 'PUBLIC',
      sandbox: false,
      defaultLanguage: 'en',
      languages: ['en', 'sw'],
      partnerNames: [],
      emergencyNumber: null,
      helpLines: [],
      texts: [],
      accentColour: null,
      exitAddress: null,
      origins: [],
    });
  });

  it.each(['999', '0800116', '+254700000', '1e3', '0x10', '1_000', '12:30', '.5'])(
    'keeps the telephone number %s as it is written, without quotes',
    (number) => {
      const portal = portalOf(
        `${sound}emergencyNumber: ${number}\nhelpLines:\n  - name: Help\n    telephone: ${number}\n`,
      );
      expect([portal.emergencyNumber, portal.helpLines[0]?.telephone]).toEqual([number, number]);
    },
  );

  it('reads Norway and its language as what they are', () => {
    const yaml = sound.replace('KE', 'NO').replaceAll('[en, sw]', '[no, en]');
    expect(portalOf(yaml)).toMatchObject({ country: 'NO', languages: ['no', 'en'] });
  });

  it('writes languages as the standard does, and colours in small letters', () => {
    const yaml = `${sound.replace('[en, sw]', '[en, PT-br]')}accentColour: "#1D5A7A"\n`;
    expect(portalOf(yaml)).toMatchObject({ languages: ['en', 'pt-BR'], accentColour: '#1d5a7a' });
  });

  it('is told every fault at once, with its line, its place and the remedy', () => {
    const yaml = `code: Status!
country: EU
timeZone: "+03:00"
stage: TRANSFERRED
launchedOn: 2026-02-30
defaultLanguage: fr
languages: [en, en]
helpLines:
  - name: Help
    website: http://help.example
    phone: "116"
texts:
  - language: en
    name: ""
accentColour: "#ffff00"
origins: [https://a.example/]
sandbox: maybe
`;
    expect(faultsOf(yaml)).toEqual([
      'xy.yaml:1: code: A code is 2 to 32 small letters, digits and hyphens, a letter first.',
      'xy.yaml:1: name: Add this: a portal cannot do without it.',
      'xy.yaml:1: transferredTo: Give the address of the national hotline when, and only when, the stage is TRANSFERRED.',
      'xy.yaml:2: country: Give a country by two capital letters, such as KE (ISO 3166-1 alpha-2).',
      'xy.yaml:3: timeZone: Give an IANA time zone such as Africa/Nairobi.',
      'xy.yaml:5: launchedOn: Give a day such as 2026-10-31.',
      'xy.yaml:6: defaultLanguage: The default language is one of languages.',
      'xy.yaml:7: languages: Name each language once.',
      'xy.yaml:9: helpLines.0: Take phone out, or spell it as in README.md.',
      'xy.yaml:10: helpLines.0.website: Give an https address, without spaces, name or password in it.',
      'xy.yaml:14: texts.0.name: Write something here.',
      'xy.yaml:15: accentColour: White text on this colour is hard to read. Choose a darker one, of a contrast with white of at least 4.5 to 1.',
      'xy.yaml:16: origins.0: Give an origin as browsers send it, such as https://report.example: https, and no path or slash.',
      'xy.yaml:17: sandbox: Write true or false here.',
    ]);
  });

  it.each([
    ['nothing', ''],
    ['a list', '- code: ke'],
    ['two portals', `${sound}---\n${sound}`],
    ['a word twice', `${sound}code: xz\n`],
    ['a quote that does not end', `${sound}emergencyNumber: "999\n`],
    ['a tag of its own', `${sound}emergencyNumber: !!binary 999\n`],
    ['an anchor that is nowhere', `${sound}emergencyNumber: *none\n`],
    ['an alias', `${sound.replace('KE', '&ke KE')}emergencyNumber: *ke\n`],
    ['a word that there is not', `${sound}colour: red\n`],
    ['a stage that there is not', `${sound}stage: OPEN\n`],
    ['an address of a hotline without the stage', `${sound}transferredTo: https://hotline.example/\n`],
  ])('is refused with %s', (_, yaml) => {
    expect(faultsOf(yaml)).not.toEqual([]);
    for (const fault of faultsOf(yaml)) expect(fault).toMatch(/^xy\.yaml(:\d+)?: .{10}/);
  });

  it.each(['"A\\0B"', '"A\\uD800B"'])('holds words that can be kept: %s', (name) => {
    expect(faultsOf(sound.replace('Report for Xyland', name))).toEqual([
      'xy.yaml:2: name: Take the characters out that are no text.',
    ]);
  });

  it('that cannot be read is a fault like another', () => {
    const folder = mkdtempSync(join(tmpdir(), 'portals-'));
    symlinkSync(join(folder, 'nowhere'), join(folder, 'broken.yaml'));
    mkdirSync(join(folder, 'folder.yaml'));
    expect(readPortalFiles([folder]).faults.map(({ message }) => message)).toEqual(
      Array(2).fill('This cannot be read as a file.'),
    );
    rmSync(folder, { recursive: true });
  });

  it('is never a reason to stop, whatever it holds', () => {
    fc.assert(
      fc.property(
        fc.oneof(fc.string(), fc.json(), fc.string({ unit: fc.constantFrom(...'-: [&*!|>%@`\n\t#"\'{},ab') })),
        (yaml) => {
          expect(faultsOf(yaml)).not.toEqual([]);
        },
      ),
    );
  });
});

const words = (most: number) =>
  fc
    .string({ unit: 'grapheme', minLength: 1, maxLength: most })
    .map((text) => text.trim())
    .filter(Boolean);
const tricky = fc.constantFrom(
  'true',
  'null',
  '~',
  'No',
  '- a',
  'a: b',
  '# x',
  "it's",
  '"',
  '1e3',
  '2024-01-01',
  '&a',
  '|',
  'a\n\nb\n c',
);
const saying = (most: number) => fc.oneof(words(most), tricky);
const maybe = <T>(value: fc.Arbitrary<T>) => fc.option(value, { nil: null });
const address = fc.webUrl({ validSchemes: ['https'], withQueryParameters: true });
const portals: fc.Arbitrary<PortalEntry> = fc
  .uniqueArray(fc.constantFrom('en', 'sw', 'ar', 'no', 'pt-BR', 'zh-Hant-TW'), { minLength: 1 })
  .chain((languages) =>
    fc.record({
      code: fc.constantFrom('ke', 'in-hi', 'null', 'true', 'no'),
      name: saying(200),
      country: maybe(fc.constantFrom('KE', 'NO')),
      timeZone: fc.constantFrom('UTC', 'Africa/Nairobi'),
      stage: fc.constantFrom('PLANNED', 'SOFT_LAUNCH', 'LIVE', 'SUSPENDED'),
      transferredTo: fc.constant(null),
      launchedOn: maybe(fc.integer({ min: 0, max: 30_000 }).map((day) => new Date(day * 86_400_000))),
      audience: fc.constantFrom('PUBLIC', 'LAW_ENFORCEMENT'),
      sandbox: fc.boolean(),
      defaultLanguage: fc.constantFrom(...languages),
      languages: fc.constant(languages),
      partnerNames: fc.array(saying(100), { maxLength: 3 }),
      emergencyNumber: maybe(fc.constantFrom('999', '0800', '+254700')),
      helpLines: fc.array(
        fc.record({
          name: saying(100),
          telephone: maybe(saying(12)),
          website: maybe(address),
          hours: maybe(saying(40)),
        }),
        { maxLength: 3 },
      ),
      texts: fc
        .subarray(languages)
        .chain((said) =>
          fc.tuple(
            ...said.map((language) =>
              fc.record({ language: fc.constant(language), name: saying(50), introduction: maybe(saying(300)) }),
            ),
          ),
        ),
      accentColour: maybe(fc.constantFrom('#1d5a7a', '#000000')),
      exitAddress: maybe(address),
      origins: fc.subarray(['https://a.example', 'https://b.example:8443']),
    }),
  );

describe('a portal', () => {
  it('is read back from its file as it was written, whatever is said of it, and the file is the same each time', () => {
    fc.assert(
      fc.property(portals, (portal) => {
        const yaml = writePortalFile(portal);
        expect(portalOf(yaml)).toEqual(portal);
        expect(writePortalFile(portalOf(yaml))).toBe(yaml);
      }),
    );
  });
});
