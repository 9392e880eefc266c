import { isIP } from 'node:net';
import { join } from 'node:path';
import { z } from 'zod';

/** The one secret of development: known to everybody, so production refuses it. */
const DEVELOPMENT_SECRETS = 'development:ZGV2ZWxvcG1lbnQtb25seS1ub3QtYS1zZWNyZXQtMDE';

const flag = z.enum(['true', 'false']).transform((text) => text === 'true');
const wholeNumber = (least: number, most: number) =>
  z.string().regex(/^\d+$/, 'must be a whole number').transform(Number).pipe(z.number().min(least).max(most));
const webAddress = z.url({ protocol: /^https?$/, error: 'must be a web address (https://…)' });

/** A name and an address in angle brackets, or an address alone; the second group is the address. */
const MAILBOX = /^(?:([^<>"\r\n,;]*)<)?([^\s<>@",;]+@[^\s<>@",;]+)>?$/;

/** Name servers, each an IP address with or without a port. */
const nameServers = z
  .string()
  .transform((text) => text.split(',').map((server) => server.trim()))
  .refine(
    (servers) =>
      servers.every((server) => isIP(server.replace(/^\[(.+)\](:\d+)?$/, '$1').replace(/^([\d.]+):\d+$/, '$1'))),
    'must be IP addresses with or without a port, with commas between them',
  );

/** Databases, such as replicas. */
const databases = z
  .string()
  .transform((text) => text.split(',').map((url) => url.trim()))
  .pipe(z.array(z.url({ protocol: /^postgres(ql)?$/, error: 'must be postgresql://…, with commas between them' })));

/** One key of the ring: `id:` and 32 bytes in base64url. The first seals and hashes; the rest still open what they sealed. */
const secretKey = z
  .string()
  .regex(/^[a-z0-9-]{1,32}:[A-Za-z0-9_-]{43}$/, 'each key must be "id:" followed by 32 bytes in base64url')
  .transform((text) => {
    const [id = ''] = text.split(':');
    return { id, bytes: bytesOf(text) };
  });

const environment = z.object({
  NODE_ENV: z.enum(['development', 'test', 'production']).default('development'),
  HOST: z.string().min(1).optional(),
  PORT: wholeNumber(0, 65_535).default(4000),
  PUBLIC_URL: webAddress
    .refine((text) => !URL.canParse(text) || (new URL(text).pathname === '/' && !/[?#]/.test(text)), 'takes no path')
    .optional(),
  DATA_DIR: z.string().min(1).default('.data'),
  DATABASE_URL: z.url({ protocol: /^postgres(ql)?$/, error: 'must be postgresql://…' }).optional(),
  DATABASE_POOL: wholeNumber(2, 200).default(10),
  DATABASE_REPLICA_URLS: databases.default([]),
  PROCESSES: wholeNumber(1, 64).default(1),
  SECRETS: z
    .string()
    .default(DEVELOPMENT_SECRETS)
    .transform((text) => text.split(','))
    .pipe(z.array(secretKey).min(1))
    .refine((keys) => new Set(keys.map(({ id }) => id)).size === keys.length, 'each key needs an id of its own'),
  OIDC_ISSUER: webAddress.optional(),
  OIDC_CLIENT_ID: z.string().min(1).default('reporting-portals'),
  OIDC_CLIENT_SECRET: z.string().min(1).nullable().default(null),
  OIDC_AUDIENCE: z.url('must be an absolute URI').default('urn:reporting-portals:api'),
  TRUSTED_PROXIES: wholeNumber(0, 10).default(0),
  AUDIT_ANCHORS_DIR: z.string().min(1).optional(),
  METRICS_TOKEN: z.string().min(16, 'must be at least 16 characters').optional(),
  GRAPHIQL: flag.optional(),
  JOBS: flag.default(true),
  RANDOM_REVIEW_PERCENT: wholeNumber(0, 100).default(5),
  STATISTICS_PUBLISH_DAY: wholeNumber(0, 28).default(5),
  SMTP_URL: z.url({ protocol: /^smtps?$/, error: 'must be smtp://user:password@host:port, or smtps://…' }).optional(),
  MAIL_FROM: z
    .string()
    .regex(MAILBOX, 'must be one mailbox, such as Hotline <notices@hotline.example>')
    .default('Example Hotline <notices@hotline.example>'),
  MAIL_DOMAIN: z
    .string()
    .regex(/^[a-z0-9-]+(\.[a-z0-9-]+)+$/i, 'must be a domain')
    .optional(),
  MAIL_RECEIVE_PORT: wholeNumber(1, 65_535).optional(),
  MAIL_RECONCILE_SECONDS: wholeNumber(1, 86_400).default(900),
  NOTICE_WINDOW_SECONDS: wholeNumber(0, 86_400).default(3_600),
  HOTLINE_COUNTRY: z
    .string()
    .regex(/^[A-Z]{2}$/, 'must be a country by two capital letters')
    .default('GB'),
  DNS_SERVERS: nameServers.optional(),
  RDAP_BOOTSTRAP: webAddress.default('https://data.iana.org/rdap'),
  RDAP_LOOPBACK: flag.default(false),
  WEBHOOK_LOOPBACK: flag.default(false),
  ROUTING_ZONES: z
    .string()
    .regex(/^[a-z0-9.-]+,[a-z0-9.-]+$/, 'must be two names of zones with a comma between them, for IPv4 and for IPv6')
    .optional(),
  GEO_DATABASE: z.string().min(1).optional(),
  LOG_LEVEL: z.enum(['silent', 'fatal', 'error', 'warn', 'info', 'debug']).default('info'),
});

export type SecretKey = z.output<typeof secretKey>;
export type Config = ReturnType<typeof settings>;

/** A setting is missing or wrong; `faults` names every one of them and never a value. */
export class ConfigError extends Error {
  readonly faults: string[];
  constructor(faults: string[]) {
    super(
      `The configuration has ${faults.length === 1 ? 'a fault' : `${faults.length} faults`}:\n- ${faults.join('\n- ')}`,
    );
    this.name = 'ConfigError';
    this.faults = faults;
  }
}

function settings(env: z.output<typeof environment>) {
  const production = env.NODE_ENV === 'production';
  return {
    production,
    environment: env.NODE_ENV,
    host: env.HOST ?? (production ? '0.0.0.0' : '127.0.0.1'),
    port: env.PORT,
    publicUrl: env.PUBLIC_URL?.replace(/\/$/, '') ?? `http://localhost:${env.PORT}`,
    dataDir: env.DATA_DIR,
    databaseUrl: env.DATABASE_URL ?? null,
    databasePool: env.DATABASE_POOL,
    databaseReplicaUrls: env.DATABASE_REPLICA_URLS,
    /** How many processes serve behind the one port. */
    processes: env.PROCESSES,
    secrets: env.SECRETS,
    /** Null in development and tests: the platform then runs an identity provider of its own. */
    oidcIssuer: env.OIDC_ISSUER ?? null,
    oidcAudience: env.OIDC_AUDIENCE,
    /** The client as which the partners’ pages sign people in; without a secret it is a public one. */
    oidcClientId: env.OIDC_CLIENT_ID,
    oidcClientSecret: env.OIDC_CLIENT_SECRET,
    trustedProxies: env.TRUSTED_PROXIES,
    /** Where the signed heads of the audit trail are kept: outside the database, and better on another machine. */
    auditAnchorsDir: env.AUDIT_ANCHORS_DIR ?? join(env.DATA_DIR, 'anchors'),
    metricsToken: env.METRICS_TOKEN ?? null,
    graphiql: env.GRAPHIQL ?? !production,
    jobs: env.JOBS,
    /** Of 100 first opinions, how many a draw sends to a second analyst (domain.md §5). */
    randomReviewPercent: env.RANDOM_REVIEW_PERCENT,
    /** On which day of a month the one before is published by itself; 0 where only people publish. */
    statisticsPublishDay: env.STATISTICS_PUBLISH_DAY,
    /** Null: development writes mail into files, and production keeps it waiting. */
    smtpUrl: env.SMTP_URL ?? null,
    mailFrom: mailboxOf(env.MAIL_FROM),
    /** Where answers and bounces come to: the part behind the @ of the addresses that notices name for them. */
    mailDomain: (env.MAIL_DOMAIN ?? env.MAIL_FROM.replace(/^.*@|>$/g, '')).toLowerCase(),
    /** Null where nothing is received: then nobody but a person can tell what became of a message that was cut off. */
    mailReceivePort: env.MAIL_RECEIVE_PORT ?? null,
    /** For how many seconds a message may be on its way before it counts as never sent. */
    mailReconcileSeconds: env.MAIL_RECONCILE_SECONDS,
    /** For how many seconds a notice waits for other addresses of the same contact (domain.md §8). */
    noticeWindowSeconds: env.NOTICE_WINDOW_SECONDS,
    /** Where the hotline is, and whose law it applies. */
    hotlineCountry: env.HOTLINE_COUNTRY,
    /** Null: the system's. */
    dnsServers: env.DNS_SERVERS ?? null,
    rdapBootstrap: env.RDAP_BOOTSTRAP.replace(/\/$/, ''),
    /** Whether registries on this machine may be asked, over plain http: in tests. */
    rdapLoopback: env.RDAP_LOOPBACK,
    /** Whether webhooks may go to this machine, over plain http: in tests. */
    webhookLoopback: env.WEBHOOK_LOOPBACK,
    /** Zones that tell by TXT records which autonomous system announces an address, for IPv4 and IPv6; null where nobody is asked. */
    routingZones: env.ROUTING_ZONES?.split(',') ?? null,
    /** A file of countries by address (MMDB) in place of the packaged one. */
    geoDatabase: env.GEO_DATABASE ?? null,
    logLevel: env.LOG_LEVEL,
  };
}

function mailboxOf(text: string): { name: string; address: string } {
  const [, name = '', address = ''] = MAILBOX.exec(text) ?? [];
  return { name: name.trim() || address, address };
}

function bytesOf(key: string): Buffer {
  return Buffer.from(key.split(':')[1] ?? '', 'base64url');
}

function productionFaults(env: Record<string, string | undefined>): string[] {
  const faults: string[] = [];
  const missing = (name: string, reason: string) => {
    if (!env[name]) faults.push(`${name} is missing: ${reason}`);
  };
  missing('DATABASE_URL', 'production never runs on the embedded Postgres');
  missing(
    'SECRETS',
    'production never runs on the secret of development; make a key with `npm --silent start -- secret`',
  );
  missing('OIDC_ISSUER', 'production never runs the identity provider of development');
  missing('PUBLIC_URL', 'receipts and sign-in name the address that the public sees');
  missing(
    'TRUSTED_PROXIES',
    'behind a proxy that is not counted all the world is one source, and its reports end in quarantine; 0 where there is none',
  );
  if (env['SMTP_URL']) missing('MAIL_FROM', 'notices say who writes them, and answers come back there');
  // By its bytes: the last character of base64 can be written in several ways.
  const known = bytesOf(DEVELOPMENT_SECRETS);
  if (env['SECRETS']?.split(',').some((key) => bytesOf(key).equals(known))) {
    faults.push('SECRETS holds the secret of development, which everybody knows');
  }
  if (env['GRAPHIQL'] === 'true') faults.push('GRAPHIQL must not be true in production');
  for (const name of ['RDAP_LOOPBACK', 'WEBHOOK_LOOPBACK']) {
    if (env[name] === 'true') faults.push(`${name} must not be true in production`);
  }
  for (const name of ['OIDC_ISSUER', 'PUBLIC_URL', 'RDAP_BOOTSTRAP']) {
    if (/^http:/i.test(env[name] ?? '')) faults.push(`${name} must begin with https:// in production`);
  }
  return faults;
}

/** The settings that an environment asks for. Throws a `ConfigError` that lists every fault at once. */
export function readConfig(env: Record<string, string | undefined>): Config {
  const given = Object.fromEntries(Object.entries(env).filter(([, value]) => value !== ''));
  const parsed = environment.safeParse(given);
  const faults = parsed.success
    ? []
    : parsed.error.issues.map((issue) => `${issue.path[0]?.toString() ?? 'environment'}: ${issue.message}`);
  if (given['NODE_ENV'] === 'production') faults.push(...productionFaults(given));
  if (!parsed.success || faults.length > 0) throw new ConfigError(faults);
  return settings(parsed.data);
}

/** Which of several processes behind one port this one is (from 1), and what they share: a folder for their sockets, and a salt. */
export type Place = { number: number; of: number; folder: string; salt: string };

/** What the process that started this one told it; null for one that serves alone. */
export function givenPlace(): Place | null {
  const told = process.env['PROCESS_PLACE'];
  return told ? (JSON.parse(told) as Place) : null;
}

let current: Config | undefined;

/** The settings of this process, read once. Throws a `ConfigError` on the first call if any is wrong. */
export function config(): Config {
  current ??= readConfig(process.env);
  return current;
}
