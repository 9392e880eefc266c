import { z } from 'zod';

const MOST_CONTACTS = 5;
const DEEPEST = 4;

// RFC 9083, as far as it is of use here; what has another form is left out, never an error.
type Entity = { roles?: unknown; vcardArray?: unknown; entities?: unknown };

/** What a registry says of the network that an address is in. */
export type NetworkEntry = { name: string | null; country: string | null; networks: number[]; abuse: string[] };
/** What a registry says of a domain. */
export type DomainEntry = { registrar: string | null; abuse: string[] };

/** Reads RDAP's answer about an address (RFC 9083 §5.4); null for something else. */
export function readNetwork(answer: unknown): NetworkEntry | null {
  const found = objectOf(answer);
  if (found?.['objectClassName'] !== 'ip network') return null;
  const country = typeof found['country'] === 'string' ? found['country'].toUpperCase() : '';
  return {
    name: textOf(found['name']) ?? textOf(found['handle']),
    country: /^[A-Z]{2}$/.test(country) && !['EU', 'AP', 'ZZ', 'XX'].includes(country) ? country : null,
    networks: numbersOf(found['arin_originas0_originautnums']),
    abuse: abuseOf(found['entities'], false),
  };
}

/** Reads RDAP's answer about a domain (RFC 9083 §5.3); null for something else. */
export function readDomain(answer: unknown): DomainEntry | null {
  const found = objectOf(answer);
  if (found?.['objectClassName'] !== 'domain') return null;
  const registrar = entitiesOf(found['entities']).find(hasRole('registrar'));
  return {
    registrar: registrar ? (vcardTexts(registrar, 'fn')[0] ?? null) : null,
    abuse: registrar ? abuseOf([registrar], false) : [],
  };
}

// The mail addresses of entities in the role of taking abuse complaints, however deep they stand.
function abuseOf(entities: unknown, within: boolean, depth = 0): string[] {
  if (depth > DEEPEST) return [];
  const found = entitiesOf(entities).flatMap((entity) => {
    const isAbuse = within || hasRole('abuse')(entity);
    const own = isAbuse ? vcardTexts(entity, 'email').flatMap(mailOf) : [];
    return [...own, ...abuseOf(entity.entities, isAbuse, depth + 1)];
  });
  return [...new Set(found)].slice(0, MOST_CONTACTS);
}

function mailOf(text: string): string[] {
  const read = z
    .email()
    .max(254)
    .safeParse(
      text
        .trim()
        .replace(/^mailto:/i, '')
        .toLowerCase(),
    );
  return read.success ? [read.data] : [];
}

const hasRole = (role: string) => (entity: Entity) => Array.isArray(entity.roles) && entity.roles.includes(role);

// jCard (RFC 7095): ["vcard", [[name, parameters, type, value], …]].
function vcardTexts({ vcardArray }: Entity, property: string): string[] {
  const lines: unknown = Array.isArray(vcardArray) ? vcardArray[1] : null;
  if (!Array.isArray(lines)) return [];
  return lines.flatMap((line: unknown) => (Array.isArray(line) && line[0] === property ? (textOf(line[3]) ?? []) : []));
}

function entitiesOf(value: unknown): Entity[] {
  return Array.isArray(value) ? value.flatMap((one: unknown) => (objectOf(one) as Entity | null) ?? []) : [];
}

function objectOf(value: unknown): Record<string, unknown> | null {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
    ? (value as Record<string, unknown>)
    : null;
}

function textOf(value: unknown): string | null {
  if (typeof value !== 'string') return null;
  const words = value
    .replaceAll(/[\p{Cc}\p{Cs}\s]+/gu, ' ')
    .trim()
    .slice(0, 200);
  return words === '' ? null : words;
}

function numbersOf(value: unknown): number[] {
  const numbers = Array.isArray(value) ? value : [];
  return numbers.filter((one): one is number => Number.isInteger(one) && one > 0 && one < 2 ** 31).slice(0, 10);
}
