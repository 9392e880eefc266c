import { readFileSync } from 'node:fs';
import type { Page } from 'playwright-core';
import { PSEUDO_LOCALE } from '../../src/web/pseudo-locale.ts';

/** What a visitor's browser holds of a page. */
export type Words = {
  language: string;
  direction: string;
  title: string;
  /** Each piece of text, and each label that only screen readers say; without what is marked as another language or as typed. */
  words: string[];
  /** By how many pixels it is wider than its window. */
  tooWide: number;
  kept: number;
  /** Whether what only scripts can do is offered. */
  scripted: boolean;
};

/** Reads a page as it stands. */
export function readPage(page: Page): Promise<Words> {
  return page.evaluate(() => {
    const root = document.documentElement;
    const foreign = `[lang]:not(html, [lang="${root.lang}"]), [translate=no], bdi, select, .places b, pre, textarea, script, style`;
    const words: string[] = [];
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    for (let node = walker.nextNode(); node; node = walker.nextNode())
      if (!node.parentElement?.closest(foreign)) words.push(node.nodeValue?.trim() ?? '');
    for (const labelled of document.querySelectorAll('[aria-label]'))
      words.push(labelled.getAttribute('aria-label') ?? '');
    const offered = document.querySelector<HTMLElement>('[data-scripted]');
    return {
      language: root.lang,
      direction: root.dir,
      title: document.title,
      words: words.filter(Boolean),
      tooWide: root.scrollWidth - root.clientWidth,
      kept: localStorage.length + sessionStorage.length,
      scripted: offered?.hidden === false,
    };
  });
}

const folder = new URL('../../src/web/locales/', import.meta.url);
const messagesOf = (language: string): Record<string, string> =>
  JSON.parse(readFileSync(new URL(`${language}.json`, folder), 'utf8')).messages;
const english = messagesOf('en');

/** What is left in English of the words of a page in another language. */
export function englishLeft(language: string, words: readonly string[]): string[] {
  if (language === 'en') return [];
  if (language === PSEUDO_LOCALE) return words.filter(isPlainEnglish);
  const own = messagesOf(language);
  // A language may have borrowed a word: then its message is the English one.
  const differing = Object.entries(english).filter(([key, text]) => own[key] !== text && !text.includes('{'));
  const texts = new Set(differing.map(([, text]) => text));
  const sentences = [...texts].filter((text) => text.length > 20);
  return words.filter((text) => texts.has(text) || sentences.some((sentence) => text.includes(sentence)));
}

// The pseudo-locale has no vowel without an accent, but in what is put in: days, numbers and names.
function isPlainEnglish(text: string): boolean {
  return /[aeiou]/i.test(text) && !/[áéîöû]/i.test(text) && !/\d/.test(text);
}
