import { createHash, randomBytes } from 'node:crypto';

const ALPHABET = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';
const OF_REPORTS = new Set(['SOURCE', 'LANGUAGE', 'REPEATED', 'CONTACT']);
const HIDDEN = { value: null, hidden: true };

/** A web address in a form that nothing turns into a link. */
export function defang(address) {
  const [, first, last, host, path] = /^(h)tt(ps?):\/\/([^/?#]*)(.*)$/.exec(address) ?? [];
  if (host === undefined) return address.replaceAll(':', '[:]').replaceAll('.', '[.]');
  return `${first}xx${last}://${host.replaceAll('.', '[.]')}${path}`;
}

/** What is filed of an address that was typed: simpler than the platform, which reads far messier ones. */
export function readAddress(typed) {
  const url = new URL(typed);
  const domain = url.hostname.split('.').slice(-2).join('.');
  return { address: url.href, digest: sha256(url.href), host: url.hostname, domain };
}

/** A new access code, and what is stored of it. */
export function newAccessCode() {
  const code = (randomBytes(8).readBigUInt64BE() % 10n ** 16n).toString().padStart(16, '0');
  return { code: code.replace(/(.{4})(?=.)/g, '$1 '), hash: sha256(code) };
}

/** A new reference such as R-7F3K-9QXM-2ABC. */
export function newReference() {
  const letters = Array.from(randomBytes(12), (byte) => ALPHABET[byte & 31]).join('');
  return `R-${letters.slice(0, 4)}-${letters.slice(4, 8)}-${letters.slice(8)}`;
}

/** The SHA-256 of a text. */
export function sha256(text) {
  return createHash('sha256').update(text).digest();
}

/** A published month as it is stored, in the shape of the schema. */
export function monthOf({ figures, publishedOn, earlier, ...month }) {
  const { reports, assessed, actionable, breakdowns, speeds } = figures;
  const tables = breakdowns.map((table) => ({ ...table, of: baseOf(table.by) }));
  return {
    ...month,
    publishedOn: dayOf(publishedOn),
    earlier: earlier.map((note) => ({ ...note, publishedOn: dayOf(note.publishedOn) })),
    reports,
    assessed,
    actionable,
    breakdowns: tables,
    speeds: speeds.map(({ measure, median, ninetieth }) => ({
      until: measure,
      medianHours: median,
      ninetiethHours: ninetieth,
    })),
  };
}

/** What a published table breaks down. */
export function baseOf(by) {
  if (by === 'REASON') return 'NOT_ACTIONABLE';
  return OF_REPORTS.has(by) ? 'REPORTS' : 'ACTIONABLE';
}

/** A count as it may be published: rounded to the nearest 5, a small one hidden. */
export function protectCount(count) {
  return count < 10 ? HIDDEN : { value: Math.round(count / 5) * 5, hidden: false };
}

/** The day of a time. */
export function dayOf(time) {
  return (time instanceof Date ? time.toISOString() : time).slice(0, 10);
}

/** The opinions that somebody may see: while a second one is owed, another's first one is left out. */
export function visibleOpinions(state, opinions, viewer) {
  if (state !== 'AWAITING_REVIEW') return opinions;
  const start = opinions.findLastIndex(({ round }) => round === 'FIRST');
  return opinions.filter(({ assessorId }, index) => assessorId === viewer.id || index < start);
}

/** The opaque form of a case's place in the queue, as the platform writes it. */
export function cursorOf({ priority, id }) {
  return Buffer.from(`${priority} ${id}`).toString('base64url');
}

/** The place behind a cursor; for none, one before every case. */
export function placeOf(cursor) {
  if (!cursor) return { priority: 2 ** 31 - 1, id: '00000000-0000-0000-0000-000000000000' };
  const [priority, id] = Buffer.from(cursor, 'base64url').toString().split(' ');
  return { priority: Number(priority), id };
}
