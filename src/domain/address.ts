import { holdsBlob, holdsData } from './embedded-content.ts';
import { MAX_ADDRESS_LENGTH as longestAddress } from './joined-words.ts';
import { canonicalLink } from './link-address.ts';
import { candidatesIn, visibleText } from './pasted-text.ts';
import { ANY_START, foldWidth, refangAll, refangWeb } from './refang.ts';
import { canonicalWeb, isBareAddress } from './web-address.ts';

/** Stored beside each key: raise it with every change by which some text would get another key. */
export const ADDRESS_RULES_VERSION = 2;
/** The most UTF-16 units that one pasted text may have. */
export const MAX_TEXT_LENGTH = 16_000;
/** The most UTF-16 units that one address may have, as typed and as key. */
export const MAX_ADDRESS_LENGTH = longestAddress;
/** The most different addresses that one pasted text may hold. */
export const MAX_ADDRESSES = 20;

export const addressKinds = ['WEB', 'ONION', 'MAGNET', 'ED2K', 'NEWSGROUP', 'APP_HANDLE'] as const;
export type AddressKind = (typeof addressKinds)[number];

/** `key` is the canonical text by which reports are merged into a case; `raw` is the part of the pasted text it was read from. */
export type Address = { kind: AddressKind; key: string; host: string | null; raw: string };

const messages = {
  EMPTY: 'Paste the address that you want to report.',
  TOO_LONG: `The text is too long: at most ${MAX_TEXT_LENGTH} characters, and ${longestAddress} for one address. Paste only the address of the page.`,
  DATA_ADDRESS:
    'This text holds content itself. Please never send content: paste the address of the page where you saw it.',
  ENCODED_BLOB:
    'This text holds an encoded file. Please never send files: paste the address of the page where you saw it.',
  FILE_ADDRESS:
    'This leads to a file on a device, which we cannot reach. Paste the address of the page where you saw it.',
  NOT_AN_ADDRESS:
    'We found no address in this text. Copy it from the address bar of the browser; most begin with https://',
  TOO_MANY: `There are more than ${MAX_ADDRESSES} addresses. Send the first ${MAX_ADDRESSES}, then the others in another report.`,
} as const;
const ONION_MESSAGE =
  'An onion address has a wrong or missing character. Copy the whole address again from the browser.';

/** Why a text cannot be taken; `message` is for the reporter and never repeats what was pasted. */
export type AddressFault = { code: keyof typeof messages; message: string };

type Read = Omit<Address, 'raw'>;
type Refusal = 'TOO_LONG' | 'DATA_ADDRESS' | 'FILE_ADDRESS' | 'BAD_ONION';

/**
 * Every different address in a text as people paste it, in order. Words around them are passed over. Where `faults` is not
 * empty the text is to be refused as a whole.
 */
export function readAddresses(pasted: string): { addresses: Address[]; faults: AddressFault[] } {
  if (pasted.length > MAX_TEXT_LENGTH) return { addresses: [], faults: [fault('TOO_LONG')] };
  const { text, candidates } = candidatesIn(pasted);
  if (text.trim() === '') return { addresses: [], faults: [fault('EMPTY')] };

  const addresses = new Map<string, Address>();
  const refusals = new Set<Refusal>(holdsData(text) ? ['DATA_ADDRESS'] : []);
  let [rest, end] = ['', 0];
  for (const candidate of candidates) {
    const read = readOne(candidate.text, candidates.length === 1);
    if (typeof read === 'string') refusals.add(read);
    if (read === null || (typeof read === 'string' && read !== 'TOO_LONG')) continue;
    rest += `${text.slice(end, candidate.start)} . `;
    end = candidate.end;
    if (read !== 'TOO_LONG' && !addresses.has(read.key)) addresses.set(read.key, { ...read, raw: candidate.raw });
  }
  const blob = !refusals.has('DATA_ADDRESS') && holdsBlob(rest + text.slice(end));
  return { addresses: [...addresses.values()], faults: faultsOf(addresses.size, refusals, blob) };
}

function faultsOf(found: number, refusals: Set<Refusal>, blob: boolean): AddressFault[] {
  const faults: AddressFault[] = [];
  if (refusals.has('DATA_ADDRESS')) faults.push(fault('DATA_ADDRESS'));
  if (blob) faults.push(fault('ENCODED_BLOB'));
  if (refusals.has('TOO_LONG')) faults.push(fault('TOO_LONG'));
  if (refusals.has('BAD_ONION')) faults.push({ code: 'NOT_AN_ADDRESS', message: ONION_MESSAGE });
  if (found > MAX_ADDRESSES) faults.push(fault('TOO_MANY'));
  // A path on the reporter's own device does no harm beside an address.
  if (found === 0 && faults.length === 0)
    faults.push(fault(refusals.has('FILE_ADDRESS') ? 'FILE_ADDRESS' : 'NOT_AN_ADDRESS'));
  return faults;
}

const fault = (code: AddressFault['code']): AddressFault => ({ code, message: messages[code] });

/** The key of a text that is one address and nothing else; null where it is none. */
export function canonicalKey(text: string): string | null {
  return canonicalAddress(text)?.key ?? null;
}

/**
 * What a text is that is one address and nothing else, live or defanged; null where it is none. Nothing is trimmed from its
 * end, and a key is its own key.
 */
export function canonicalAddress(text: string): Read | null {
  if (text.length > MAX_TEXT_LENGTH) return null;
  const bare = visibleText(text)
    .text.replace(/[\t\r\n]/g, '')
    .trim();
  const read = readOne(/^<([^<>]*)>$/.exec(bare)?.[1]?.trim() ?? bare, true);
  return typeof read === 'string' ? null : read;
}

function readOne(typed: string, alone: boolean): Read | Refusal | null {
  if (typed.length < 4) return null; // the shortest host with an ending has four characters
  const text = unescaped(foldWidth(typed).replace(/^(?:view-source:)+/i, ''));
  const plain = refangAll(text.slice(0, 40));
  if (/^data:[\w.+-]*[/;,]/i.test(plain) || holdsData(text)) return 'DATA_ADDRESS';
  if (/^(?:file:|content:\/\/|[a-z]:[\\/]|\\\\[\w.-]+\\|~?\/(?:home|users|storage|sdcard|tmp|var)\/)/i.test(plain))
    return 'FILE_ADDRESS';
  if (text.length > longestAddress) return looksLikeAddress(text) ? 'TOO_LONG' : null;

  const web = refangWeb(text);
  const scheme = /^(?:https?|ftp):\/\//.test(web) ? '' : 'http://';
  const isWeb = scheme === '' || isBareAddress(web, alone);
  const read = isWeb ? canonicalWeb(scheme + web) : canonicalLink(refangAll(text));
  if (read === null || read === 'BAD_ONION') return read;
  if (read.key.length > longestAddress) return 'TOO_LONG';
  return holdsData(read.key) ? 'DATA_ADDRESS' : read;
}

/**
 * A web address that was copied out of JSON (`https:\/\/…`) or whole out of another one's query (`https%3A%2F%2F…`), or has
 * no slashes (`https:host.example`), as browsers take it.
 */
function unescaped(typed: string): string {
  const text = typed.replace(/^(https?):(?=[\w-]+(?:\.[\w-]+)+(?:[/?#:]|$))/i, '$1://');
  if (/^https?:\\\/\\\//i.test(text)) return text.replaceAll('\\/', '/');
  if (!/^https?%3a%2f%2f/i.test(text)) return text;
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

const startsLikeAddress = new RegExp(`^${ANY_START}`, 'iu');
const looksLikeAddress = (text: string) => startsLikeAddress.test(text) || isBareAddress(refangWeb(text), false);

const AUTHORITY = String.raw`([^/?#|\\]*)`;
const webLink = new RegExp(String.raw`^(h)(?:tt|xx)(ps?)\:\/\/${AUTHORITY}(.*)$`, 'is');
const otherLink = new RegExp(String.raw`^([a-z][a-z0-9.+-]*):(\/\/)?${AUTHORITY}(.*)$`, 'is');
const plainText = new RegExp(`^${AUTHORITY}(.*)$`, 's');

/**
 * An address as it is shown, which no program turns into a link: `hxxps://host[.]example/path`, `magnet[:]?xt=…`. The path
 * changes only where it holds another link; `canonicalKey` reads it back.
 */
export function defang(key: string): string {
  const [isWeb, first = '', last = '', host = '', path = ''] = webLink.exec(key) ?? [];
  if (isWeb !== undefined) return `${first}xx${last}://${unlinked(bracketed(host) + path)}`;
  const [isLink, scheme = '', slashes = '', authority = '', rest = ''] = otherLink.exec(key) ?? [];
  if (isLink !== undefined) return `${bracketed(scheme)}[:]${slashes}${unlinked(bracketed(authority) + rest)}`;
  const [, head = '', tail = ''] = plainText.exec(key) ?? [];
  return unlinked(bracketed(head) + tail);
}

function bracketed(authority: string): string {
  const ipv6 = authority.replace(
    /^\[[0-9a-f:]{2,}\]/i,
    (address) => `[${address.slice(1, -1).replaceAll(':', '[:]')}]`,
  );
  return ipv6.replace(/\[[.@]\]|[.@]/g, (sign) => (sign.length > 1 ? sign : `[${sign}]`));
}

/** Without what makes a link of text inside a path: `https:`, `magnet:`, any `://`, and `www.`. */
function unlinked(text: string): string {
  return text
    .replace(/(https?|ftp|magnet|ed2k|mailto|javascript):/gi, '$1[:]')
    .replaceAll('://', '[:]//')
    .replace(/\bwww\./gi, (start) => `${start.slice(0, -1)}[.]`);
}
