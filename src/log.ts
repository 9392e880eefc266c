import { fileURLToPath } from 'node:url';
import { pino } from 'pino';
import { config } from './config.ts';

// What may be logged is a list, not a hope: an entry is built from these keys only, so that an address, a free text,
// an access code, a contact or an IP has no key to travel under.
const LOGGED_KEYS = [
  'id',
  'code',
  'job',
  'operation',
  'port',
  'stage',
  'count',
  'milliseconds',
  'name',
  'where',
] as const;

const PROJECT = fileURLToPath(new URL('../', import.meta.url));

type Entry = { [key in (typeof LOGGED_KEYS)[number]]?: string | number | undefined };

const logger = pino({ level: config().logLevel, base: null }, pino.destination(2));

function only(entry: Entry): Entry {
  return Object.fromEntries(LOGGED_KEYS.flatMap((key) => (entry[key] === undefined ? [] : [[key, entry[key]]])));
}

/** The one logger: a fixed sentence and a few safe facts, as a line of JSON on standard error. */
export const log = {
  info: (sentence: string, entry: Entry = {}) => logger.info(only(entry), sentence),
  warn: (sentence: string, entry: Entry = {}) => logger.warn(only(entry), sentence),
  error: (sentence: string, entry: Entry = {}) => logger.error(only(entry), sentence),
};

/**
 * What a thrown value may tell a log: its class, its stable code and the first places in our code that it passed.
 * Never its message, which a driver or a parser may have filled with somebody's words.
 */
export function traceOf(thrown: unknown): Entry {
  if (!(thrown instanceof Error)) return { name: typeof thrown };
  const code = 'code' in thrown ? String(thrown.code).slice(0, 40) : undefined;
  return { name: thrown.name, code, where: placesOf(thrown).slice(0, 4).join(' < ') };
}

// A stack begins with the message, and a message may look like a place: only what stands below this project counts.
function placesOf({ stack = '', message }: Error): string[] {
  const lines = stack.replace(message, () => '').split('\n');
  return lines.flatMap((line) => {
    const [, path, place] =
      /^ {4}at (?:.*\()?(?:file:\/\/)?(\/.*\/)((?:src|prisma)\/[\w./-]+:\d+):\d+\)?$/.exec(line) ?? [];
    return place && path === PROJECT ? [place] : [];
  });
}
