import { z } from 'zod';

/** Why a method could not say anything; stable, for programs. */
export const traceFailures = [
  'NO_HOST',
  'RESERVED_NAME',
  'NO_SUCH_NAME',
  'NO_ADDRESS',
  'ENDLESS_ALIASES',
  'NAME_SERVERS_UNREACHABLE',
  'NOT_IN_TABLE',
  'SEVERAL_COUNTRIES',
  'NO_REGISTRY',
  'NOT_REGISTERED',
  'REGISTRY_UNREACHABLE',
  'REGISTRY_REFUSED',
  'UNREADABLE_ANSWER',
  'TIME_LIMIT',
] as const;
export type TraceFailure = (typeof traceFailures)[number];

const texts = z.array(z.string()).default([]);
const shape = z.object({
  failure: z.enum(traceFailures).optional(),
  /** Addresses of the host, as the name system gives them. */
  addresses: texts,
  /** The names that the host is an alias of, from name to name. */
  aliases: texts,
  /** What each address's country was found to be. */
  countries: texts,
  /** Numbers of autonomous systems. */
  networks: z.array(z.number()).default([]),
  networkName: z.string().optional(),
  contentNetwork: z.string().optional(),
  /** Where the network's holder takes complaints, and where the domain's registrar does. */
  abuseContacts: texts,
  registrar: z.string().optional(),
  registrarContacts: texts,
  /** The hosts of the registries that were asked. */
  registries: texts,
});

/** What a method answered, by its own words: of the host, never of the page. */
export type TraceAnswer = z.output<typeof shape>;

const NOTHING = shape.parse({});

/** An answer with what a method found; all else is empty. */
export function answerOf(found: Partial<TraceAnswer>): TraceAnswer {
  return { ...NOTHING, ...found };
}

/** Reads a stored answer; one of a person, or of an older form, is an empty one. */
export function readAnswer(stored: unknown): TraceAnswer {
  const read = shape.safeParse(stored ?? {});
  return read.success ? read.data : NOTHING;
}

/** A method's failure that was expected, by its code. */
export class TraceFailed extends Error {
  readonly failure: TraceFailure;
  constructor(failure: TraceFailure) {
    super(failure);
    this.failure = failure;
  }
}
