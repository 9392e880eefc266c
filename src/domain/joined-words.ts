import { ANY_START, MARK, WEB_START } from './refang.ts';
import { isBareAddress } from './web-address.ts';
import { DOT_WORD } from './writing.ts';

/** The most UTF-16 units one address may have, as typed and as key. */
export const MAX_ADDRESS_LENGTH = 2_048;

/** A word of a text and where it stands there; `opener` is the sign right before it. */
export type Piece = { text: string; start: number; end: number; opener: string };

const startsWithScheme = new RegExp(`^${ANY_START}`, 'iu');
const startsWithMark = new RegExp(`^${MARK}`, 'iu');

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

/** The words of a text, those joined that are one address: broken by spaces, by the end of a line, or said aloud. */
export function joined(words: Piece[], text: string): Piece[] {
  const result: Piece[] = [];
  const spoken = isSpokenHost(words);
  words.forEach((right, place) => {
    const left = result.at(-1);
    if (left === undefined || !belongTogether(left, right, words[place + 1], text, words.length, spoken)) {
      result.push({ ...right });
      return;
    }
    left.text = joint(left.text, right.text);
    left.end = right.end;
  });
  return result;
}

function joint(left: string, right: string): string {
  // A dot or slash that stands alone is written as a mark, so that the next word is joined to it as well.
  if (/^[./]$/.test(right) || dotWord.test(right)) return `${left}[${right}]`;
  if (app.test(left) && right.startsWith('@')) return `${left.replace(/:$/, '')}:${right}`;
  if (isSoftBreak(left, right)) return (left.slice(0, -1) + right).replaceAll('=3D', '=');
  return left + right;
}

const dotWord = new RegExp(`^(?:${DOT_WORD})$`, 'iu');
const spokenStart = new RegExp(String.raw`^(?:${WEB_START}|www(?=\[|$))[^/?#]*$`, 'iu');
const app =
  /^(?:telegram|instagram|tiktok|snapchat|twitter|threads|facebook|youtube|discord|kik|wickr|signal|viber|wechat|line|imo|vk|twitch|bigo|likee):?$/i;

/** Whether a text is nothing but a host as it is said: "example dot com", with a path perhaps. */
function isSpokenHost(words: Piece[]): boolean {
  if (words.length < 3 || words.length > 9 || words.length % 2 === 0) return false;
  if (words.some(({ text }, place) => dotWord.test(text) !== (place % 2 === 1))) return false;
  const host = words.filter((_, place) => place % 2 === 0).map(({ text }) => text);
  return isBareAddress(host.join('.'), false);
}

/** Quoted-printable (RFC 2045 §6.7) ends lines of up to 76 characters by "=", which here is no parameter's. */
const isSoftBreak = (line: string, next: string) =>
  line.length >= 60 && line.length <= 76 && /^(?!.*[?&][\w.%[\]-]*=$).*=$/.test(line) && /^[\w/.%&=?-]/.test(next);

function belongTogether(
  left: Piece,
  right: Piece,
  next: Piece | undefined,
  text: string,
  words: number,
  spoken: boolean,
): boolean {
  const gap = text.slice(left.end, right.start);
  if (!/^\s+$/.test(gap) || left.text.length > MAX_ADDRESS_LENGTH || startsWithScheme.test(right.text)) return false;
  if (/^[./]$/.test(right.text) && !isPlainWord(next)) return false;
  if (dotWord.test(right.text)) return isPlainWord(next) && (spoken || spokenStart.test(left.text));
  if (app.test(left.text) && /^@[\w.]{2,}/.test(right.text)) return true;
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
