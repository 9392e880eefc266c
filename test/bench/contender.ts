/**
 * What every contender of the comparison agrees on: the platform, the limit and each peer.
 *
 * A peer is a folder `test/bench/peers/<name>/` with `server.mjs`, `operations.ts` and whatever they need. The bench starts
 * `node --max-old-space-size=… server.mjs` (in that folder, on one core) with the environment of `ServerEnvironment` and waits for a line
 * `ready` on its standard output; whatever the peer needs in the database it makes itself before, in a schema `peer_<name>`, so that it
 * may be run again. It ends on SIGTERM. `operations.ts` exports `operations: Operations`, and imports nothing but this file.
 */

/** What a peer's server is told. */
export type ServerEnvironment = {
  NODE_ENV: 'production';
  /** The same database as everybody's, migrated and filled. */
  DATABASE_URL: string;
  /** How many connections it may open: as many as the platform. */
  DATABASE_POOL: string;
  /** For how many milliseconds one stays open that nobody uses: as the platform's, so that nobody loses what is prepared. */
  DATABASE_IDLE_MS: string;
  HOST: '127.0.0.1';
  PORT: string;
  /** A file with the public keys (a JWKS: `{ "keys": […] }`, ES256) of those who sign tokens. */
  BENCH_JWKS: string;
  /** What tokens must say in `iss` and `aud`; `sub` is the `subject` of the row in `accounts` that tells the role. */
  OIDC_ISSUER: string;
  OIDC_AUDIENCE: string;
};

/**
 * *Submit*: a report by anybody; half new addresses, half known ones. Writes submission, report, case (counts), episode, audit entry, job.
 * *Figures*: `countryStatistics` of the twelve published months with all breakdowns, by a partner who asks again what was asked before.
 * *FiguresFirst*: the same, asked for as nobody has lately asked for it.
 * *Queue*: the first 50 cases with portals, last three reports, assessments, claim, by an analyst. Leaves an audit entry.
 * *Case*: one case with everything, by an analyst. Leaves an audit entry.
 * *Claim*: two requests: the next case is claimed, and given back, by one of 32 analysts. Each leaves an audit entry.
 * *Empty*: `{ __typename }`.
 */
export const operationNames = ['submit', 'figures', 'figuresFirst', 'queue', 'case', 'claim', 'empty'] as const;
export type OperationName = (typeof operationNames)[number];

/** The facts that requests are made of: what the database holds, and who asks. It is plain JSON. */
export type Setting = {
  /** Differs from run to run, so that new addresses are new. */
  run: string;
  /** Codes of the portals that reports come through. */
  portals: string[];
  /** Addresses that the database has cases of. */
  known: string[];
  /** Whether every second report is of a new address. */
  newAddresses: boolean;
  /** Figures: of this country, from and to these months (`2025-11`), both included. */
  country: string;
  from: string;
  to: string;
  /** Case: the numbers of cases of which everything is recorded. */
  caseNumbers: string[];
  /** Queue: the cursor after which the page begins (base64url of `<priority> <case id>`); null for the first. */
  after: string | null;
  /** Bearer tokens: of 32 analysts, one of each, whose accounts have these ids; of a partner of `country`. */
  analysts: string[];
  analystIds: string[];
  partner: string;
};

/** One time of one client. */
export type Turn = {
  /** No other turn of the run has this number. */
  serial: number;
  /** Of the clients that ask at once, which one: from 0. */
  client: number;
  /** The parsed answers to this turn's requests so far. */
  // biome-ignore lint/suspicious/noExplicitAny: each contender answers in a form of its own.
  answers: any[];
};

/** One HTTP request: POST with this JSON body. `content-type` and `content-length` are added. */
export type Ask = { path: string; headers?: Record<string, string>; body: string };

export type Operation = {
  /** What a turn sends, one after another. An answer must have status 200 and a body without `"errors"`. */
  asks: ((setting: Setting, turn: Turn) => Ask)[];
  /** What else a good answer must hold, for example `"accessCode"`: a text that is sought in each body. */
  must?: string[];
  /**
   * The parsed answers of one turn as one value: that which stands in the platform's `data` (documents.ts), of the same names
   * and nesting (`edges`, `node`). Cursors, `pageInfo`, and the forms of times are not compared; of Submit only `reports[].address`
   * and the rows that it leaves; of Claim that both answers are `{ number }` of the same case.
   */
  // biome-ignore lint/suspicious/noExplicitAny: each contender answers in a form of its own.
  read: (answers: any[]) => unknown;
};

/** What a contender cannot do it leaves out. */
export type Operations = Partial<Record<OperationName, Operation>>;

/** The address that a turn reports: new ones and known ones by turns, unless only known ones are wanted. */
export function addressToReport({ run, known, newAddresses }: Setting, { serial }: Turn): string {
  if (newAddresses && serial % 2 === 0) return `https://new-${run}-${serial}.example/page`;
  return known[Math.floor(serial / 2) % known.length] ?? '';
}

/** The months that a turn of Figures asks for, one of eight spans that all hold whatever is published. */
export function spanOf({ from, to }: Setting, { serial }: Turn): { from: string; to: string } {
  return { from: monthsLater(from, -(serial % 8)), to };
}

/** The months that a turn of FiguresFirst asks for, one of 780 spans that all hold whatever is published. */
export function spanAsNeverBefore({ from, to }: Setting, { serial }: Turn): { from: string; to: string } {
  return { from: monthsLater(from, -8 - (serial % 60)), to: monthsLater(to, Math.floor(serial / 60) % 13) };
}

function monthsLater(month: string, months: number): string {
  const day = new Date(`${month}-01`);
  day.setUTCMonth(day.getUTCMonth() + months);
  return day.toISOString().slice(0, 7);
}

/** The portal that a turn reports through. */
export function portalOf({ portals }: Setting, { serial }: Turn): string {
  return portals[Math.floor(serial / 2) % portals.length] ?? '';
}

/** The number of the case that a turn looks at: different people look at different ones. */
export function caseOf({ caseNumbers }: Setting, { serial }: Turn): string {
  return caseNumbers[serial % caseNumbers.length] ?? '';
}

/** Who sends a turn's report, as a proxy says it: one of 65,536 sources of the documentation's network. */
export function sourceOf({ serial }: Turn): string {
  return `2001:db8:${(serial % 65_536).toString(16)}::1`;
}
