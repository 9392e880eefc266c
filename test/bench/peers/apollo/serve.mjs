import { readFileSync } from 'node:fs';
import { ApolloServer } from '@apollo/server';
import { startStandaloneServer } from '@apollo/server/standalone';
import { PrismaPg } from '@prisma/adapter-pg';
import pg from 'pg';
import { PrismaClient } from '../../../../src/generated/prisma/client.ts';
import { connections } from '../connections.mjs';
import { createSignIn } from '../sign-in.mjs';
import { resolversOf } from './resolvers.mjs';

const { HOST = '127.0.0.1', PORT = '0' } = process.env;

/** Serves Apollo Server with its defaults of production, over Prisma. */
export async function serve() {
  const prisma = new PrismaClient({ adapter: new PrismaPg(connections) });
  const signIn = createSignIn(new pg.Pool({ ...connections, max: 1 }));
  const server = new ApolloServer({
    typeDefs: readFileSync(new URL('../schema.graphql', import.meta.url), 'utf8'),
    resolvers: resolversOf(prisma),
  });
  await startStandaloneServer(server, {
    listen: { host: HOST, port: Number(PORT) },
    context: async ({ req }) => ({ viewer: await signIn(req.headers.authorization) }),
  });
  process.stdout.write('ready\n');
  process.once('SIGTERM', () => process.exit(0));
}
