/** Whether content is written into a text itself (RFC 2397), be it inside the query of an address. */
export function holdsData(text: string): boolean {
  return /(?:;|%3b)\s*base64\s*(?:,|%2c)/i.test(text);
}

/** Whether a text without its addresses has 200 characters of base64 or more, in one line or in neighbouring lines of at least 40. */
export function holdsBlob(text: string): boolean {
  let [length, end] = [0, 0];
  for (const { 0: line, index } of text.matchAll(/[A-Za-z0-9+/_=-]{40,}/g)) {
    const isNext = /^[\s>"'\\]*$/.test(text.slice(end, index));
    // Rows of dashes and the like are no content.
    length = (isNext ? length : 0) + line.replace(/[^A-Za-z0-9]/g, '').length;
    if (length >= 200) return true;
    end = index + line.length;
  }
  return false;
}
