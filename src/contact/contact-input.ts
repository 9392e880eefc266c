import { z } from 'zod';
import type { InputIssue } from '../domain/errors.ts';
import { ContactKind } from '../generated/prisma/enums.ts';
import { noticeLanguages } from '../notice/notice-texts.ts';
import { freeTextIssues, optional, readInput, text } from '../read-input.ts';

/** The largest number of an autonomous system that is given out: those of 32 bits above it are private (RFC 6996). */
const LARGEST_NETWORK = 2_147_483_647;

const hour = z.number().int().min(0, 'An hour is 0 to 23.').max(23, 'An hour is 0 to 23.');
const domain = z
  .string()
  .trim()
  .toLowerCase()
  .max(253)
  .regex(/^[a-z0-9_-]+(\.[a-z0-9_-]+)+$/, 'Give a domain such as host.example, without a scheme or a path.');

const contact = z.object({
  id: optional(z.uuid('Give the id of a contact, or leave it out to make a new one.')),
  kind: z.enum(ContactKind),
  name: text(200),
  email: z
    .string()
    .trim()
    .max(254, 'An address has at most 254 characters.')
    .pipe(z.email('Give one e-mail address such as abuse@host.example, without a name.')),
  language: z.string(),
  country: optional(z.string()),
  countries: optional(z.array(z.string()).max(250)),
  domains: optional(z.array(domain).max(200)),
  networks: optional(z.array(z.number().int().min(1).max(LARGEST_NETWORK)).max(200)),
  member: optional(z.boolean()),
  xarf: optional(z.boolean()),
  waitHours: optional(z.number().int().min(1, 'Give 1 to 720 hours.').max(720, 'Give 1 to 720 hours.')),
  quietFrom: optional(hour),
  quietUntil: optional(hour),
  timeZone: optional(z.string().refine(isTimeZone, 'Give a time zone such as Europe/Paris.')),
});

export type SaveContactInput = z.input<typeof contact>;

/** Reads a contact as it was typed, with what was left out filled in. Throws an `InvalidInputError`. */
export function readContact(given: SaveContactInput) {
  const read = readInput(contact, given, [
    ...freeTextIssues(['input', 'name'], given.name),
    ...kindIssues(given),
    ...quietIssues(given),
    ...languageIssues(given.language),
  ]);
  return {
    ...read,
    countries: sorted(read.countries),
    domains: sorted(read.domains),
    networks: [...new Set(read.networks)].sort((a, b) => a - b),
    member: read.member ?? false,
    xarf: read.xarf ?? true,
    waitHours: read.waitHours ?? 24,
    timeZone: read.timeZone ?? 'UTC',
  };
}

function kindIssues({ kind, countries, domains, networks, member }: SaveContactInput): InputIssue[] {
  const has = (list: unknown[] | null | undefined) => Boolean(list?.length);
  if (kind === 'POLICE' || kind === 'HOTLINE') {
    return [
      ...mismatch(!has(countries), 'countries', 'Name the countries that it acts for.'),
      ...mismatch(has(domains), 'domains', 'Police and hotlines are not known by domains: leave them out.'),
      ...mismatch(has(networks), 'networks', 'Police and hotlines are not known by networks: leave them out.'),
    ];
  }
  return [
    ...mismatch(has(countries), 'countries', 'Only police and hotlines act for countries: leave them out.'),
    ...mismatch(member === true, 'member', 'Only police and hotlines can be members: leave it out.'),
  ];
}

function quietIssues({ quietFrom, quietUntil }: SaveContactInput): InputIssue[] {
  const from = quietFrom ?? null;
  const until = quietUntil ?? null;
  return [
    ...mismatch(until !== null && from === null, 'quietFrom', 'Quiet hours have a beginning too.'),
    ...mismatch(from !== null && until === null, 'quietUntil', 'Quiet hours have an end too.'),
    ...mismatch(from !== null && from === until, 'quietUntil', 'Quiet hours end at another hour than they begin.'),
  ];
}

function languageIssues(language: string): InputIssue[] {
  if (noticeLanguages.includes(language.split('-')[0] ?? '')) return [];
  const message = `Messages can be written in ${noticeLanguages.join(', ')}. Give one of these.`;
  return [{ path: ['input', 'language'], code: 'INVALID', message }];
}

function mismatch(wrong: boolean, field: string, message: string): InputIssue[] {
  return wrong ? [{ path: ['input', field], code: 'MISMATCH', message }] : [];
}

function sorted(values: string[] | null): string[] {
  return [...new Set(values)].sort();
}

function isTimeZone(name: string): boolean {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: name }).resolvedOptions().timeZone !== '';
  } catch {
    return false;
  }
}
