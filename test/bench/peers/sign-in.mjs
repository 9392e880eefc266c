import { readFileSync } from 'node:fs';
import { GraphQLError } from 'graphql';
import { createLocalJWKSet, jwtVerify } from 'jose';

/** How long a verified token and its account are remembered: longer than the platform would dare, in the peers' favour. */
const REMEMBERED_MS = 60_000;
const REMEMBERED_AT_MOST = 1_000;

const ACCOUNT = `SELECT a.id, a.name, a.role::text AS role, p.countries, p.agreement_from AS "agreementFrom"
  FROM accounts a LEFT JOIN partners p ON p.id = a.partner_id WHERE a.subject = $1 AND a.disabled_at IS NULL`;

/** Makes what tells who sends a request, by its Authorization header: null for a stranger. Throws where a token lets nobody in. */
export function createSignIn(pool) {
  const { BENCH_JWKS = '', OIDC_ISSUER: issuer, OIDC_AUDIENCE: audience } = process.env;
  const keys = createLocalJWKSet(JSON.parse(readFileSync(BENCH_JWKS, 'utf8')));
  const known = new Map();

  const read = async (token) => {
    const { payload } = await jwtVerify(token, keys, { issuer, audience }).catch(() => refuse('UNAUTHENTICATED'));
    const { rows } = await pool.query({ name: 'account', text: ACCOUNT, values: [payload.sub] });
    return rows[0] ?? refuse('UNAUTHENTICATED');
  };

  return async (authorization) => {
    if (!authorization) return null;
    const token = authorization.slice('Bearer '.length);
    const remembered = known.get(token);
    if (remembered && remembered.until > Date.now()) return remembered.viewer;
    const viewer = await read(token);
    if (known.size >= REMEMBERED_AT_MOST) known.clear();
    known.set(token, { viewer, until: Date.now() + REMEMBERED_MS });
    return viewer;
  };
}

/** Whoever is an analyst; anybody else is refused. */
export function analyst(viewer) {
  if (viewer?.role !== 'ANALYST' && viewer?.role !== 'SUPERVISOR') refuse('FORBIDDEN');
  return viewer;
}

/** Whoever may read a country's figures; anybody else is refused. */
export function readerOf(viewer, country) {
  const isStaff = viewer?.role === 'SUPERVISOR' || viewer?.role === 'ADMINISTRATOR';
  const isPartner =
    viewer?.role === 'PARTNER' && viewer.countries?.includes(country) && viewer.agreementFrom <= new Date();
  if (!isStaff && !isPartner) refuse('FORBIDDEN');
  return viewer;
}

/** Refuses, by the platform's own code. */
export function refuse(code) {
  const error = new GraphQLError('You may not do this.', { extensions: { code } });
  // Where nobody has begun to answer, Fastify asks an error for the status.
  throw code === 'UNAUTHENTICATED' ? Object.assign(error, { statusCode: 401 }) : error;
}
