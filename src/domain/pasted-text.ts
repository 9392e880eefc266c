import { withoutWhatFollows } from './address-end.ts';
import { ANY_START, MARK, WEB_START } from './refang.ts';
import { isBareAddress } from './web-address.ts';

/** The most UTF-16 units one address may have, as typed and as key. */
export const MAX_ADDRESS_LENGTH = 2_048;

/** A stretch of a pasted text that may be an address: `start` and `end` in the visible text, `raw` as it was typed. */
type Candidate = { text: string; raw: string; start: number; end: number };

type Piece = { text: string; start: number; end: number; opener: string };

/** A pasted text without what cannot be seen; `origin` gives the index in the pasted text of each remaining UTF-16 unit. */
export function visibleText(pasted: string): { text: string; origin: number[] } {
  const origin: number[] = [];
  let [text, index, before] = ['', 0, ''];
  for (const character of pasted) {
    if (!isInvisible(character, before, pasted.charCodeAt(index + 1))) {
      for (let unit = 0; unit < character.length; unit++) origin.push(index + unit);
      text += character;
      before = character;
    }
    index += character.length;
  }
  return { text, origin };
}

/** Zero-width joiners are letters of Persian, of the scripts of India and of emoji, so between such they stay. */
function isInvisible(character: string, before: string, after: number): boolean {
  if (/[\u200C\u200D]/.test(character)) return !(before > '\u007F' && after > 0x7f);
  return /(?![\t\n\v\f\r])[\p{Cc}\p{Cf}]/u.test(character);
}

/** The words of a pasted text, joined where an address was broken and parted where several stick together. */
export function candidatesIn(pasted: string): { text: string; candidates: Candidate[] } {
  const { text, origin } = visibleText(pasted);
  const candidates = joined(pieces(text), text).map((piece): Candidate => {
    const address = withoutWhatFollows(piece.text, piece.opener);
    const end = Math.max(piece.start + 1, piece.end - (piece.text.length - address.length));
    const raw = pasted.slice(origin[piece.start], (origin[end - 1] ?? pasted.length) + 1);
    // Postgres cannot store U+0000, and nobody types it.
    return { text: address, raw: raw.replaceAll('\0', ''), start: piece.start, end };
  });
  return { text, candidates };
}

// RFC 3986, appendix C: inside angle brackets white space is no part of the address.
const word = new RegExp(String.raw`<\s*(?:URL:)?${ANY_START}[^<>]*>|\S+`, 'giu');
const seam = new RegExp(
  String.raw`(?<=[,;|、，；]|\]\()(?=${ANY_START})|(?<=\]\()(?=\S)|(?<=[\p{L}\p{N}])(?=h(?:tt|xx)ps?:\/\/)`,
  'giu',
);

function pieces(text: string): Piece[] {
  return [...text.matchAll(word)].flatMap(({ 0: token, index }) => {
    const seams = [0, ...Array.from(token.matchAll(seam), (match) => match.index), token.length];
    return seams.slice(0, -1).flatMap((from, place) => {
      const part = token.slice(from, seams[place + 1]);
      const skipped = lengthBeforeAddress(part);
      const opener = skipped > 0 ? (part[skipped - 1] ?? '') : token.slice(0, from).slice(-1);
      const address = part.slice(skipped);
      const whole = token.startsWith('<') ? address.replace(/\s+/g, '') : address;
      const start = index + from + skipped;
      return whole === '' ? [] : [{ text: whole, start, end: start + address.length, opener }];
    });
  });
}

const anyStart = new RegExp(ANY_START, 'iu');
const startsWithScheme = new RegExp(`^${ANY_START}`, 'iu');
const startsWithMark = new RegExp(`^${MARK}`, 'iu');
const openers = /^(?:[<>()[\]{}"'`“”‘’«»「」『』（）【】《》*,!]|(?:url|link|site|address)[:=])+/iu;

function lengthBeforeAddress(part: string): number {
  if (startsWithMark.test(part)) return 0;
  const before = openers.exec(part)?.[0].length ?? 0;
  const scheme = anyStart.exec(part)?.index ?? before;
  const head = part.slice(0, scheme);
  // What follows these is a script, or a copy on the reporter's device; what follows a host is part of its path.
  if (/(?:blob|filesystem|javascript|vbscript|data|file|content):/i.test(head)) return before;
  return isBareAddress(part.slice(before, Math.max(before, scheme)), true) && /[/?#]/.test(head) ? before : scheme;
}

/** Left and right of a gap that lies inside one address: "https :", "host [.] example", "https://host .example /path". */
const insideAddress: readonly (readonly [RegExp, RegExp])[] = [
  [/^(?:h(?:tt|xx|\*\*)ps?|ftp)$/i, /^(?:[:;]|\[:)/],
  [/^(?:h(?:tt|xx|\*\*)ps?|ftp)(?:[:;]|\[:\])$/i, /^[/\\]{2}/],
  [new RegExp(`^${WEB_START}$`, 'iu'), /^[\p{L}\p{N}[]/u],
  [/[\p{L}\p{N}-]$/u, startsWithMark],
  [new RegExp(`${MARK}$`, 'iu'), /^[\p{L}\p{N}[({]/u],
  [new RegExp(String.raw`^(?:${WEB_START}|www\.)[^/?#]*$`, 'iu'), /^\.(?:[\p{L}\p{N}]|$)/u],
  [new RegExp(String.raw`^${WEB_START}[^./?#]*\.$`, 'iu'), /^[\p{L}\p{N}-]/u],
  [new RegExp(String.raw`^${WEB_START}(?:[^/?#]|(?<=\[)\/(?=\]))*[\p{L}\p{N}\]]$`, 'iu'), /^\/[\p{L}\p{N}]/u],
  [new RegExp(String.raw`^${WEB_START}[^?#]*\[\.\][^?#]*$`, 'iu'), /^\/$/],
  [new RegExp(`^${WEB_START}[^?#]*$`, 'iu'), /^\?[\w.%-]+=/],
  [/^ed2k:\/\/\|file\|(?!.*\|[0-9a-f]{32}\|)/i, /^\S/],
];

function joined(words: Piece[], text: string): Piece[] {
  const result: Piece[] = [];
  words.forEach((right, place) => {
    const left = result.at(-1);
    if (left === undefined || !belongTogether(left, right, words[place + 1], text, words.length)) {
      result.push({ ...right });
      return;
    }
    // A dot or slash that stands alone is written as a mark, so that the next word is joined to it as well.
    left.text += /^[./]$/.test(right.text) ? `[${right.text}]` : right.text;
    left.end = right.end;
  });
  return result;
}

function belongTogether(left: Piece, right: Piece, next: Piece | undefined, text: string, words: number): boolean {
  const gap = text.slice(left.end, right.start);
  if (!/^\s+$/.test(gap) || left.text.length > MAX_ADDRESS_LENGTH || startsWithScheme.test(right.text)) return false;
  if (/^[./]$/.test(right.text) && !isPlainWord(next)) return false;
  if (insideAddress.some(([end, start]) => start.test(right.text) && end.test(left.text))) return true;
  if (words === 2 && /^[a-z][\w.+-]{1,20}:$/i.test(left.text) && right.text.startsWith('@')) return true;
  const isNextLine = /^[^\S\r\n]*(?:\r\n|\r|\n)[^\S\r\n]*$/.test(gap);
  const isOnlyWord = next === undefined || /[\r\n]/.test(text.slice(right.end, next.start));
  return isNextLine && isOnlyWord && isRestOfLine(left.text, right.text);
}

const isPlainWord = (piece: Piece | undefined) =>
  piece !== undefined && /^[\p{L}\p{N}]/u.test(piece.text) && !startsWithScheme.test(piece.text);

const webStart = new RegExp(`^${WEB_START}`, 'iu');

/** Whether a mail program broke an address in two: at a sign of addresses, or in a line of 60 characters and more. */
function isRestOfLine(line: string, next: string): boolean {
  if (!webStart.test(line) || isBareAddress(next, false)) return false;
  if (!/[a-z]/i.test(next) || !/[/?=&%_]|\.[a-z]{2,5}$/i.test(next)) return false;
  return line.length >= 60 || /[/?=&%_#-]$/.test(line) || /^[/?=&%_#-]/.test(next);
}
