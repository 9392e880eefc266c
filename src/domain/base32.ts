const ALPHABET = 'abcdefghijklmnopqrstuvwxyz234567';

/** The bytes of unpadded base32 in either case (RFC 4648 §6), or null where a character is not of its alphabet. */
export function bytesFromBase32(text: string): Uint8Array | null {
  const bytes = new Uint8Array(Math.floor((text.length * 5) / 8));
  let [held, bits, filled] = [0, 0, 0];
  for (const character of text.toLowerCase()) {
    const value = ALPHABET.indexOf(character);
    if (value < 0) return null;
    held = ((held << 5) | value) & 0xfff;
    bits += 5;
    if (bits < 8) continue;
    bits -= 8;
    bytes[filled++] = held >> bits;
  }
  return bytes;
}
