import { readdirSync, readFileSync } from 'node:fs';
import { parse, TYPE } from '@formatjs/icu-messageformat-parser';
import { describe, expect, it } from 'vitest';
import { noticeLanguages, noticeTexts } from '../../src/notice/notice-texts.ts';
import { xarfReport } from '../../src/notice/xarf.ts';
import { xarfRules } from '../../src/notice/xarf-rules.ts';
import { hostAnswerLanguages } from '../../src/web/host-answer/texts.ts';

const folders = ['src/notice/templates', 'src/web/host-answer/texts'];
const messagesOf = (folder: string, name: string): Record<string, string> =>
  JSON.parse(readFileSync(`${folder}/${name}`, 'utf8')).messages;

type Part = ReturnType<typeof parse>[number];
const placeholders = (parts: Part[]): string[] =>
  parts.flatMap((part) => {
    if (part.type === TYPE.literal || part.type === TYPE.pound) return [];
    const inside =
      part.type === TYPE.plural ? Object.values(part.options).flatMap(({ value }) => placeholders(value)) : [];
    return ['value' in part ? part.value : '', ...inside];
  });
const namesIn = (message: string) => [...new Set(placeholders(parse(message)))].sort();

describe.each(folders)('the texts in %s', (folder) => {
  const english = messagesOf(folder, 'en.json');
  it.each(readdirSync(folder))(
    'say in %s what English says, with the same placeholders and every plural of the language',
    (name) => {
      const messages = messagesOf(folder, name);
      expect(Object.keys(messages)).toEqual(Object.keys(english));
      const categories = new Intl.PluralRules(name.slice(0, -'.json'.length)).resolvedOptions().pluralCategories;
      for (const [key, message] of Object.entries(messages)) {
        expect(namesIn(message), key).toEqual(namesIn(english[key]!));
        for (const part of parse(message)) {
          if (part.type !== TYPE.plural) continue;
          // "many" of the Romance languages is for millions, of which no message of ours speaks.
          const needed = categories.filter(
            (category) => category !== 'many' || ['ar', 'ru'].includes(name.slice(0, 2)),
          );
          expect(Object.keys(part.options), `${key} ${name}`).toEqual(expect.arrayContaining(needed));
        }
      }
    },
  );
});

describe('a message', () => {
  it('can be written in eight languages, and so can its page', () => {
    expect(noticeLanguages).toEqual(['ar', 'en', 'es', 'fr', 'id', 'pt', 'ru', 'tr']);
    expect(hostAnswerLanguages).toEqual(noticeLanguages);
  });

  it('is written in English where its contact’s language has no texts, and in the base language of a region', () => {
    expect(noticeTexts('xx').text('reply')).toBe(noticeTexts('en').text('reply'));
    expect(noticeTexts('pt-BR').text('reply')).toBe(noticeTexts('pt').text('reply'));
  });

  it('writes days with Latin digits in every language', () => {
    for (const language of noticeLanguages)
      expect(noticeTexts(language).day(new Date('2026-11-22T23:59:00Z')), language).toMatch(/22.*2026|2026.*22/);
  });
});

describe('a XARF report', () => {
  const reporter = { org: 'Example Hotline', contact: 'notices@hotline.example', domain: 'hotline.example' };
  const line = {
    actionId: '019a0000-0000-7000-8000-000000000001',
    address: 'https://host.example/path?x=1',
    host: 'host.example',
    seenAt: new Date('2026-11-22T10:00:00Z'),
    severity: 'A',
    youngestAge: 'AGE_7_10',
  } as const;

  it('keeps the rules of the standard for every kind of image and age', () => {
    for (const severity of ['A', 'B', 'C'] as const)
      for (const youngestAge of ['AGE_0_2', 'AGE_7_10', 'AGE_11_13', 'AGE_16_17', 'UNDETERMINED', null] as const)
        expect(xarfRules.parse(xarfReport(reporter, { ...line, severity, youngestAge }))).toBeTruthy();
    expect(xarfReport(reporter, line)).toMatchObject({
      category: 'content',
      type: 'csam',
      classification: 'A1',
      url: line.address,
    });
    expect(xarfReport(reporter, { ...line, severity: 'C', youngestAge: 'AGE_14_15' })).toMatchObject({
      classification: 'B2',
    });
    expect(xarfReport(reporter, { ...line, youngestAge: 'UNDETERMINED' })).toMatchObject({
      classification: 'baseline',
    });
  });

  it('of one line is the same however often it is made, and another of another line', () => {
    expect(xarfReport(reporter, line)).toEqual(xarfReport(reporter, line));
    expect(xarfReport(reporter, { ...line, actionId: 'other' })?.report_id).not.toBe(
      xarfReport(reporter, line)?.report_id,
    );
  });

  it('is not made where the standard has no word, and never breaks a rule', () => {
    expect(xarfReport(reporter, { ...line, severity: 'PROHIBITED' })).toBeNull();
    expect(xarfReport(reporter, { ...line, host: null })).toBeNull();
    expect(xarfReport({ ...reporter, contact: 'nobody' }, line)).toBeNull();
    expect(xarfRules.safeParse({ ...xarfReport(reporter, line), evidence: [] }).success).toBe(false);
    expect(xarfRules.safeParse({ ...xarfReport(reporter, line), classification: 'A3' }).success).toBe(false);
  });
});
