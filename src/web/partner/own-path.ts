/** A path of the partners' own pages, as it stands in an address; the first of them where something else stands there. */
export function ownPath(wanted: string | undefined, publicUrl: string): string {
  const first = '/partner';
  if (!wanted || !URL.canParse(wanted, publicUrl)) return first;
  // As a browser reads it: `//host`, `\\host`, a scheme and `/partner/../` are all seen for what they are.
  const { origin, pathname, search } = new URL(wanted, publicUrl);
  const isOwn = origin === new URL(publicUrl).origin && (pathname === first || pathname.startsWith(`${first}/`));
  return isOwn ? pathname + search : first;
}
