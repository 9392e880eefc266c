const UUID = '[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}';
// What may be numbered, in one pass: an escape is left alone, then the longest of the forms that a counter or an id takes.
const NUMBERED = new RegExp(`%[0-9a-f]{2}|${UUID}|[0-9a-z]+`, 'gi');

/** What stands for a number or an id in a shape; no canonical address holds this character, which URLs escape. */
export const PLACEHOLDER = '…';

/**
 * The shape of a canonical web address: numbers, hexadecimal ids (of at least 8 characters) and UUIDs in its path, in the values
 * of its query and in a fragment that routes become a placeholder; scheme, host, port, words and the query's names stay. Null for
 * any other kind of address. It says that two addresses are written alike, never that they show the same.
 */
export function addressShape(key: string): string | null {
  const [, origin, path = '', query = '', fragment = ''] =
    /^(https?:\/\/[^/?#]+)([^?#]*)(\?[^#]*)?(#.*)?$/.exec(key) ?? [];
  if (origin === undefined) return null;
  const values = query.replace(/=[^&]*/g, unnumbered);
  return origin + unnumbered(path) + values + unnumbered(fragment);
}

/** Whether two different addresses are on one host and of one shape. */
export function nearIdentical(a: string, b: string): boolean {
  const shape = addressShape(a);
  return a !== b && shape !== null && shape === addressShape(b);
}

function unnumbered(text: string): string {
  return text.replace(NUMBERED, (run) => {
    if (run.startsWith('%')) return run;
    return isId(run) ? PLACEHOLDER : run.replace(/\d+/g, PLACEHOLDER);
  });
}

// Letters a to f alone may be a word.
function isId(run: string): boolean {
  return run.includes('-') || (/^[0-9a-f]{8,}$/i.test(run) && /\d/.test(run));
}
