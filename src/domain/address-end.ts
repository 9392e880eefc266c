import { OTHER_LETTER, SENTENCE_SIGNS } from './writing.ts';

const OPENERS = "([{（「『【《“‘«‚'*|";
const CLOSERS = ")]}）」』】》”’»‘'*|";

const quote = /[<>"`“”«»]/u;
// Inside an address a sign of another script ends it only where no ASCII follows: a path may hold the sign.
const signInside = new RegExp(`[${SENTENCE_SIGNS}](?![!-~])`, 'u');
const asciiSignBeforeWord = /[,;!](?=[\u0250-\u{10FFFF}])/u;
const entity = /&(?:quot|apos|#39|lt|gt);/i;
const forumTag = /\[\/(?:url|link|img|quote|code|b|i|u)\]/i;
const hostBeforeWord = new RegExp(
  String.raw`^((?:[^/?#]*:\/\/)?[^/?#]*[a-z0-9-]\.[a-z]{2,24})${OTHER_LETTER}[^!-~]*$`,
  'iu',
);

/**
 * The text of an address without the quotes, brackets, full stops and words that come right after it; `opener` is the sign
 * before it, whose counterpart ends it. Letters right after a path stay: pages in many languages are called so.
 */
export function withoutWhatFollows(text: string, opener: string): string {
  if (/^news:</i.test(text)) return withoutLastSigns(text);
  const tag = text.search(forumTag);
  const untagged = tag < 0 ? text : text.slice(0, closingIndex(text.slice(0, tag), '['));
  const ends = [quote, signInside, asciiSignBeforeWord, entity].map((end) => untagged.search(end));
  const host = hostBeforeWord.exec(untagged)?.[1]?.length ?? untagged.length;
  const first = Math.min(...ends.filter((end) => end >= 0), host);
  const address = untagged.slice(0, first);
  if (opener === '<' && untagged[first] === '>') return address;
  const closed = /^ed2k:/i.test(address) ? address : address.slice(0, closingIndex(address, opener));
  return withoutLastSigns(/^[_~]$/.test(opener) ? closed.replace(/[_~]{1,2}$/, '') : closed);
}

function closingIndex(text: string, opener: string): number {
  const closer = opener === '' ? undefined : CLOSERS[OPENERS.indexOf(opener)];
  let depth = 0;
  for (let index = 0; closer !== undefined && index < text.length; index++) {
    if (text[index] === closer && depth === 0) return index;
    if (text[index] === opener) depth++;
    if (text[index] === closer) depth--;
  }
  return text.length;
}

const lastSign = new RegExp(String.raw`[.,;:!?'‘*|’›）」』】${SENTENCE_SIGNS}\uFE0F]`, 'u');
const lastPictures =
  /(?<=[\p{L}\p{N}])(?:[\p{Extended_Pictographic}\p{Emoji_Modifier}\p{Regional_Indicator}]|\uFE0F|\u200D)+$/u;

/** As GitHub Flavored Markdown §6.9 does: closing brackets go only where more close than open. */
function withoutLastSigns(typed: string): string {
  const text = typed.replace(lastPictures, '');
  const surplus = (open: string, close: string) => text.split(close).length - text.split(open).length;
  const left: Record<string, number> = { ')': surplus('(', ')'), ']': surplus('[', ']'), '}': surplus('{', '}') };
  let end = text.length;
  for (; end > 0; end--) {
    const last = text[end - 1] ?? '';
    const unmatched = left[last] ?? 0;
    if (unmatched > 0) left[last] = unmatched - 1;
    else if (!lastSign.test(last)) break;
  }
  return text.slice(0, end);
}
