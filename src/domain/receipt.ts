const CODE_DIGITS = 16;
const REFERENCE_ALPHABET = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';

// The quasigroup of order 10 by which one digit checks the rest: H. M. Damm, "Total anti-symmetrische Quasigruppen"
// (thesis, Marburg, 2004). It finds every change of one digit and every swap of two neighbours.
const DAMM = [
  [0, 3, 1, 7, 5, 9, 8, 6, 4, 2],
  [7, 0, 9, 2, 1, 5, 4, 8, 6, 3],
  [4, 2, 0, 6, 8, 7, 1, 3, 5, 9],
  [1, 7, 5, 0, 9, 8, 3, 4, 2, 6],
  [6, 1, 2, 3, 0, 4, 5, 9, 7, 8],
  [3, 6, 7, 4, 2, 0, 9, 5, 8, 1],
  [5, 8, 6, 9, 7, 2, 0, 1, 3, 4],
  [8, 9, 4, 5, 3, 6, 2, 0, 1, 7],
  [9, 4, 3, 8, 6, 1, 7, 2, 0, 5],
  [2, 5, 8, 1, 4, 3, 6, 7, 9, 0],
] as const;

/**
 * A new access code of 16 digits (15 drawn, about 50 bits, and a Damm check digit) from at least 16 random bytes; fewer
 * throw a RangeError. No code is likelier than another by more than 10^15 / 2^128, under 2^-60.
 */
export function accessCodeFrom(bytes: Uint8Array): string {
  if (bytes.length < 16) throw new RangeError('An access code needs at least 16 random bytes.');
  const drawn = (integerFrom(bytes) % 10n ** 15n).toString().padStart(CODE_DIGITS - 1, '0');
  return `${drawn}${dammDigit(drawn)}`;
}

/**
 * The 16 ASCII digits of an access code as a person writes it, with spaces, hyphens or the digits of any script; null where
 * it has another length, other characters or a wrong check digit.
 */
export function readAccessCode(text: string): string | null {
  if (text.length > 200) return null;
  const code = text.replace(/[\s\p{Pd}\p{Cf}\u2212]/gu, '').replace(/\p{Nd}/gu, asciiDigit);
  return /^[0-9]{16}$/.test(code) && dammDigit(code) === 0 ? code : null;
}

/** An access code in four groups of four, as it is shown: `1234 5678 9012 3456`. */
export function groupAccessCode(code: string): string {
  return inFours(code).join(' ');
}

/** A public reference such as `R-7F3K-9QXM-2ABC`: 60 bits in Crockford's base 32, from at least 8 random bytes; fewer throw a RangeError. */
export function referenceFrom(bytes: Uint8Array): string {
  if (bytes.length < 8) throw new RangeError('A reference needs at least 8 random bytes.');
  const bits = integerFrom(bytes);
  const characters = Array.from(
    { length: 12 },
    (_, place) => REFERENCE_ALPHABET[Number((bits >> BigInt(place * 5)) & 31n)],
  );
  return `R-${inFours(characters.join('')).join('-')}`;
}

/** The digit that brings Damm's check to 0; 0 where the text already ends with its own check digit. */
function dammDigit(digits: string): number {
  let interim = 0;
  for (const digit of digits) interim = DAMM[interim]?.[Number(digit)] ?? 0;
  return interim;
}

/** Unicode keeps the ten digits of each script together, zero first (The Unicode Standard, §4.6). */
function asciiDigit(digit: string): string {
  const own = digit.codePointAt(0) ?? 0;
  let first = own;
  while (first > 0 && /\p{Nd}/u.test(String.fromCodePoint(first - 1))) first--;
  return String((own - first) % 10);
}

function integerFrom(bytes: Uint8Array): bigint {
  return bytes.reduce((sum, byte) => (sum << 8n) | BigInt(byte), 0n);
}

function inFours(text: string): string[] {
  return text.match(/.{1,4}/g) ?? [];
}
