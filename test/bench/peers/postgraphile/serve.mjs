import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import pg from 'pg';
import { postgraphile } from 'postgraphile';
import { makePgService } from 'postgraphile/adaptors/pg';
import { grafserv } from 'postgraphile/grafserv/node';
import { PostGraphileAmberPreset } from 'postgraphile/presets/amber';
import { connections } from '../connections.mjs';
import { createSignIn } from '../sign-in.mjs';
import { schemaExtensions } from './schema-extensions.mjs';

const { HOST = '127.0.0.1', PORT = '0' } = process.env;
const ROLES = { PARTNER: 'peer_partner', ANALYST: 'peer_analyst', SUPERVISOR: 'peer_analyst' };

/** Serves PostGraphile with its defaults over the platform's tables and the functions of setup.sql. */
export async function serve() {
  const pool = new pg.Pool(connections);
  await pool.query(readFileSync(new URL('setup.sql', import.meta.url), 'utf8'));
  const signIn = createSignIn(pool);

  const instance = postgraphile({
    extends: [PostGraphileAmberPreset],
    plugins: [schemaExtensions],
    pgServices: [makePgService({ pool, schemas: ['public', 'peer_postgraphile'], pubsub: false })],
    grafast: {
      explain: false,
      // Who asks is a role of the database: its grants decide.
      context: async ({ node }) => ({ pgSettings: settingsOf(await signIn(node?.req.headers.authorization)) }),
    },
    grafserv: { graphiql: false, watch: false },
  });
  const server = createServer();
  await instance.createServ(grafserv).addTo(server);
  await instance.getSchema();
  server.listen(Number(PORT), HOST, () => process.stdout.write('ready\n'));
  process.once('SIGTERM', () => process.exit(0));
}

function settingsOf(viewer) {
  if (!viewer) return { role: 'peer_stranger' };
  const { id, role, countries, agreementFrom } = viewer;
  return {
    role: ROLES[role] ?? 'peer_stranger',
    'peer.account': id,
    ...(countries && agreementFrom <= new Date() ? { 'peer.countries': countries.join() } : {}),
  };
}
