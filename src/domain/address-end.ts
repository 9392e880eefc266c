const OPENERS = "([{（「『【《“‘«'*";
const CLOSERS = ")]}）」』】》”’»'*";

/**
 * The text of an address without the quotes, brackets, full stops and words that come right after it; `opener` is the sign
 * before it, whose counterpart ends it.
 */
export function withoutWhatFollows(text: string, opener: string): string {
  const first = /^news:</i.test(text) ? -1 : text.search(/[<>"`“”«»]|[，。；！？、](?![!-~])/u);
  const address = first < 0 ? text : text.slice(0, first);
  if (opener === '<' && text[first] === '>') return address;
  return withoutLastSigns(address.slice(0, closingIndex(address, opener)));
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

/** As GitHub Flavored Markdown §6.9 does: closing brackets go only where more close than open. */
function withoutLastSigns(text: string): string {
  const surplus = (open: string, close: string) => text.split(close).length - text.split(open).length;
  const left: Record<string, number> = { ')': surplus('(', ')'), ']': surplus('[', ']'), '}': surplus('{', '}') };
  let end = text.length;
  for (; end > 0; end--) {
    const last = text[end - 1] ?? '';
    const unmatched = left[last] ?? 0;
    if (unmatched > 0) left[last] = unmatched - 1;
    else if (!/[.,;:!?'*|…。、，；：！？’›）」』】》؟،۔।]/u.test(last)) break;
  }
  return text.slice(0, end);
}
