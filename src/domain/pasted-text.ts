import { withoutWhatFollows } from './address-end.ts';
import { joined, type Piece } from './joined-words.ts';
import { ANY_START, foldWidth, MARK } from './refang.ts';
import { isBareAddress } from './web-address.ts';
import { OTHER_LETTER, SENTENCE_SIGNS } from './writing.ts';

/** A stretch of a pasted text that may be an address: `start` and `end` in the visible text, `raw` as it was typed. */
type Candidate = { text: string; raw: string; start: number; end: number };

/**
 * A pasted text without what cannot be seen; `origin` gives the index in the pasted text of each remaining UTF-16 unit. Where
 * `parted`, a sign not seen that stands between an ASCII letter and one of another script becomes a space: it is where a
 * sentence of Khmer or Arabic meets an address.
 */
export function visibleText(pasted: string, parted = false): { text: string; origin: number[] } {
  const origin: number[] = [];
  let [text, index, before] = ['', 0, ''];
  for (const character of pasted) {
    const after = pasted.charCodeAt(index + 1);
    const seen = !isInvisible(character, before, after)
      ? character
      : parted && parts(character, before, after)
        ? ' '
        : '';
    for (let unit = 0; unit < seen.length; unit++) origin.push(index + unit);
    text += seen;
    if (seen !== '') before = seen;
    index += character.length;
  }
  return { text, origin };
}

/** Zero-width joiners are letters of Persian, of the scripts of India and of emoji, so between such they stay. */
function isInvisible(character: string, before: string, after: number): boolean {
  if (/[\u200C\u200D]/.test(character)) return !(before > '\u007F' && after > 0x7f);
  return /(?![\t\n\v\f\r])[\p{Cc}\p{Cf}]/u.test(character);
}

/** Whether a zero-width space or a mark of direction stands between an ASCII letter or digit and a letter far from Latin. */
function parts(character: string, before: string, after: number): boolean {
  if (!/[\u200B\u200E\u200F\u202A-\u202E\u2066-\u2069]/.test(character)) return false;
  const [left, right] = [before, Number.isNaN(after) ? '' : String.fromCharCode(after)];
  return (/[a-z0-9]/i.test(left) && right > '\u024F') || (left > '\u024F' && /[a-z0-9]/i.test(right));
}

// A full-width scheme is found inside a word only once it is plain; what it begins is read by `foldWidth` later.
const wideScheme = /[ｈＨ][ｔＴ]{2}[ｐＰ][ｓＳ]?[：:][／/]{2}/g;

/** The words of a pasted text, joined where an address was broken and parted where several stick together. */
export function candidatesIn(pasted: string): { text: string; candidates: Candidate[] } {
  const visible = visibleText(pasted, true);
  const { origin } = visible;
  const text = visible.text.replace(wideScheme, foldWidth);
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
  String.raw`(?<=[,;|${SENTENCE_SIGNS}]|\]\()(?=${ANY_START})|(?<=\]\()(?=\S)|(?<=[\p{L}\p{N}])(?=h(?:tt|xx)ps?:\/\/)`,
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
const startsWithMark = new RegExp(`^${MARK}`, 'iu');
const openers = /^(?:[<>()[\]{}"'`“”„‘’‚«»「」『』（）【】《》*,!_~|]|(?:url|link|site|address)[:=])+/iu;
const wordBeforeHost = new RegExp(String.raw`^${OTHER_LETTER}+(?=[a-z0-9][a-z0-9-]*\.)`, 'iu');

function lengthBeforeAddress(part: string): number {
  if (startsWithMark.test(part)) return 0;
  const before = (openers.exec(part) ?? wordBeforeHost.exec(part))?.[0].length ?? 0;
  const scheme = anyStart.exec(part)?.index ?? before;
  const head = part.slice(0, scheme);
  // What follows these is a script, or a copy on the reporter's device; what follows a host is part of its path.
  if (/(?:blob|filesystem|javascript|vbscript|data|file|content):/i.test(head)) return before;
  return isBareAddress(part.slice(before, Math.max(before, scheme)), true) && /[/?#]/.test(head) ? before : scheme;
}
