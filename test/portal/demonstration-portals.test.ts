import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { lintPortals } from '../../src/portal/lint-portals.ts';
import { readPortalFile, writePortalFile } from '../../src/portal/portal-file.ts';
import { readPortalFiles } from '../../src/portal/portal-files.ts';

const FOLDER = 'prisma/portals';
const LOCALES = 'en fr es pt ar hi ur bn id ms sw am ln ny mn kk ru tr uk vi'.split(' ');

describe('the portals of the demonstration', () => {
  const { portals, faults } = readPortalFiles([FOLDER]);
  const all = portals.map(({ portal }) => portal);

  it('are fifty, without a fault', () => {
    expect(faults).toEqual([]);
    expect(portals).toHaveLength(50);
    const locales = LOCALES.map((tag) => ({ tag, review: { state: 'DRAFTED' as const, by: null, on: null } }));
    const findings = lintPortals(portals, { locales, today: '2026-11-22' });
    expect(findings.filter(({ level }) => level === 'fault')).toEqual([]);
    // Only what a demonstration can't mend: nobody has reviewed its languages, and one is not written yet.
    expect([...new Set(findings.map(({ path }) => path))]).toEqual(['languages']);
  });

  it('are written as an export writes them', () => {
    for (const { file, portal } of portals) expect(readFileSync(file, 'utf8')).toBe(writePortalFile(portal));
  });

  it('speak every language of the pages, and show every stage and kind of portal', () => {
    const languages = new Set(all.flatMap((portal) => portal.languages));
    expect(LOCALES.filter((tag) => !languages.has(tag))).toEqual([]);
    const stages = all.map(({ stage }) => stage);
    expect(new Set(stages)).toEqual(new Set(['PLANNED', 'SOFT_LAUNCH', 'LIVE', 'SUSPENDED', 'TRANSFERRED']));
    expect(stages.filter((stage) => stage === 'SUSPENDED').length).toBeGreaterThan(1);
    expect(all.filter(({ audience }) => audience === 'LAW_ENFORCEMENT')).toHaveLength(1);
    expect(all.filter(({ sandbox }) => sandbox).map(({ code }) => code)).toEqual(['sandbox']);
    expect(all.filter(({ country }) => country === null).map(({ code }) => code)).toEqual(['sandbox', 'world']);
    expect(all.filter(({ country }) => country === 'IN').map(({ code }) => code)).toEqual(['in-hi', 'in']);
  });

  it('name reserved hosts only, and telephone numbers of no country', () => {
    const words = JSON.stringify(all);
    for (const [, host] of words.matchAll(/https?:\/\/([^/"]+)/g)) expect(host).toMatch(/\.example$/);
    for (const { helpLines } of all)
      for (const { telephone } of helpLines) expect(telephone ?? '+999').toMatch(/^\+999/);
  });

  it('are explained by an example that is sound itself', () => {
    const [, example = ''] = /```yaml\n(.*?)```/s.exec(readFileSync(`${FOLDER}/README.md`, 'utf8')) ?? [];
    // Xyland is nowhere.
    expect(readPortalFile('xy.yaml', example.replace('country: XY', 'country: KE'))).toMatchObject({
      portal: { code: 'xy', emergencyNumber: '999', launchedOn: new Date('2026-12-01') },
    });
  });
});
