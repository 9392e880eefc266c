import { z } from 'zod';

/** The one secret of development: known to everybody, so production refuses it. */
const DEVELOPMENT_SECRETS = 'development:ZGV2ZWxvcG1lbnQtb25seS1ub3QtYS1zZWNyZXQtMDE';

const flag = z.enum(['true', 'false']).transform((text) => text === 'true');
const wholeNumber = (least: number, most: number) =>
  z.string().regex(/^\d+$/, 'must be a whole number').transform(Number).pipe(z.number().min(least).max(most));
const webAddress = z.url({ protocol: /^https?$/, error: 'must be a web address (https://…)' });

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
  SECRETS: z
    .string()
    .default(DEVELOPMENT_SECRETS)
    .transform((text) => text.split(','))
    .pipe(z.array(secretKey).min(1))
    .refine((keys) => new Set(keys.map(({ id }) => id)).size === keys.length, 'each key needs an id of its own'),
  OIDC_ISSUER: webAddress.optional(),
  OIDC_AUDIENCE: z.url('must be an absolute URI').default('urn:reporting-portals:api'),
  TRUSTED_PROXIES: wholeNumber(0, 10).default(0),
  METRICS_TOKEN: z.string().min(16, 'must be at least 16 characters').optional(),
  GRAPHIQL: flag.optional(),
  JOBS: flag.default(true),
  RANDOM_REVIEW_PERCENT: wholeNumber(0, 100).default(5),
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
    secrets: env.SECRETS,
    /** Null in development and tests: the platform then runs an identity provider of its own. */
    oidcIssuer: env.OIDC_ISSUER ?? null,
    oidcAudience: env.OIDC_AUDIENCE,
    trustedProxies: env.TRUSTED_PROXIES,
    metricsToken: env.METRICS_TOKEN ?? null,
    graphiql: env.GRAPHIQL ?? !production,
    jobs: env.JOBS,
    /** Of 100 first opinions, how many a draw sends to a second analyst (domain.md §5). */
    randomReviewPercent: env.RANDOM_REVIEW_PERCENT,
    logLevel: env.LOG_LEVEL,
  };
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
  // By its bytes: the last character of base64 can be written in several ways.
  const known = bytesOf(DEVELOPMENT_SECRETS);
  if (env['SECRETS']?.split(',').some((key) => bytesOf(key).equals(known))) {
    faults.push('SECRETS holds the secret of development, which everybody knows');
  }
  if (env['GRAPHIQL'] === 'true') faults.push('GRAPHIQL must not be true in production');
  for (const name of ['OIDC_ISSUER', 'PUBLIC_URL']) {
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

let current: Config | undefined;

/** The settings of this process, read once. Throws a `ConfigError` on the first call if any is wrong. */
export function config(): Config {
  current ??= readConfig(process.env);
  return current;
}
