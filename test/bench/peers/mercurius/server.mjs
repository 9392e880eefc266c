import { readFileSync } from 'node:fs';
import Fastify from 'fastify';
import { GraphQLScalarType } from 'graphql';
import mercurius from 'mercurius';
import pg from 'pg';
import { connections } from '../connections.mjs';
import { analyst, createSignIn, readerOf, refuse } from '../sign-in.mjs';
import * as words from '../words.mjs';
import { createLoaders, listsOfCase, pageOf } from './loaders.mjs';
import { statements } from './statements.mjs';

const { HOST = '127.0.0.1', PORT = '0' } = process.env;
const pool = new pg.Pool(connections);
const signIn = createSignIn(pool);

async function ask(name, values) {
  const { rows } = await pool.query({ name, text: statements[name], values });
  return rows;
}

async function submitReport(_root, { input: { portal, address: typed } }) {
  const { address, digest, host, domain } = words.readAddress(typed);
  const { code, hash } = words.newAccessCode();
  const reference = words.newReference();
  const values = [
    'stranger',
    'submitReport',
    portal,
    digest,
    address,
    host,
    domain,
    typed,
    hash,
    words.sha256(typed),
    reference,
  ];
  const [filed] = await ask('submit', values);
  if (!filed) refuse('BAD_USER_INPUT');
  return { accessCode: code, receivedOn: words.dayOf(new Date()), reports: [{ reference, address: typed }] };
}

async function countryStatistics(_root, { country, from, to }, { viewer }) {
  readerOf(viewer, country);
  const [{ editions, running }] = await ask('figures', [country, `${from}-01`, `${to}-01`]);
  const months = editions.map(words.monthOf);
  const days = months.map(({ publishedOn }) => publishedOn).sort();
  return {
    country,
    asOf: days.at(-1) ?? words.dayOf(new Date()),
    edition: Math.max(0, ...months.map(({ edition }) => edition)),
    months,
    provisional: words.protectCount(running),
  };
}

async function cases(_root, { first, after }, { viewer }) {
  const { id } = analyst(viewer);
  const place = words.placeOf(after);
  const actor = `account:${id}`;
  return pageOf(await ask('queue', [actor, 'cases', first, place.priority, place.id, actor]), first, words.cursorOf);
}

async function oneCase(_root, { number }, { viewer }) {
  const [found = null] = await ask('oneCase', [`account:${analyst(viewer).id}`, 'case', number]);
  return found;
}

async function claimNextCase(_root, _args, { viewer }) {
  const { id } = analyst(viewer);
  // Only cases that somebody else is writing on were left: look again.
  for (let attempt = 0; attempt < 20; attempt += 1) {
    const [taken] = await ask('claim', [`account:${id}`, 'claimNextCase', id]);
    if (taken) return taken;
  }
  return refuse('QUEUE_EMPTY');
}

async function releaseCase(_root, { number }, { viewer }) {
  const { id } = analyst(viewer);
  const [given] = await ask('release', [`account:${id}`, 'releaseCase', number, id]);
  return given ?? refuse('NOT_CLAIMED');
}

const colleague = ({ by_id: id, by_name: name }) => (id ? { id, name } : null);
const resolvers = {
  DateTime: new GraphQLScalarType({ name: 'DateTime', serialize: (time) => time.toISOString() }),
  Query: { countryStatistics, cases, case: oneCase },
  Mutation: { submitReport, claimNextCase, releaseCase },
  Case: {
    ...listsOfCase,
    defangedAddress: ({ address }) => words.defang(address),
    claim: ({ id }, _args, { loaders }) => loaders.claim(id),
    reports: ({ id }, { first }, { loaders }) => loaders.reports(id, first),
    assessments: async ({ id, state }, _args, { loaders, viewer }) =>
      words.visibleOpinions(state, await loaders.list('assessments', id), viewer),
  },
  CaseReport: {
    portal: ({ portal_code: code, portal_name: name, portal_country: country }) => ({ code, name, country }),
  },
  Claim: { by: colleague },
  Assessment: { assessor: colleague },
  HostTrace: { recordedBy: colleague },
  Action: { sentBy: colleague },
  Observation: { observedBy: colleague },
};

const app = Fastify({ logger: false });
app.register(mercurius, {
  schema: readFileSync(new URL('../schema.graphql', import.meta.url), 'utf8'),
  resolvers,
  jit: 1,
  context: async ({ headers }) => ({ viewer: await signIn(headers.authorization), loaders: createLoaders(ask) }),
});
await app.listen({ host: HOST, port: Number(PORT) });
process.stdout.write('ready\n');
process.once('SIGTERM', () => app.close().then(() => pool.end()));
