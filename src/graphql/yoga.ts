import { createRequire } from 'node:module';
import type { YogaServerInstance } from 'graphql-yoga';
import { countOperations } from '../metrics.ts';
import { type Context, createContext } from './context.ts';
import type { GraphiqlPage } from './graphiql.ts';
import { learnHotOperations } from './hot-operations.ts';
import { limitPlugins } from './limits.ts';
import { maskError } from './mask-error.ts';
import { nameOperation } from './name-operation.ts';
import { permissions } from './permissions.ts';
import { usePersistedDocuments } from './persisted-documents.ts';
import { protect } from './protect.ts';
import { readFromReplicas } from './read-from-replicas.ts';
import { recheckRights } from './recheck-rights.ts';
import { refuseEarly } from './refuse-early.ts';
import { schema } from './schema.ts';
import { type Authenticate, signIn } from './sign-in.ts';

// Its CommonJS build has as many files, hundreds, but none of them costs a start a question to the thread in which tsx resolves ES modules.
const { createYoga } = createRequire(import.meta.url)('graphql-yoga') as typeof import('graphql-yoga');

// Made when this file is loaded: a field without a rule ends the process before anything is opened.
const protectedSchema = recheckRights(protect(schema, permissions), permissions);

/** What the HTTP server tells of a request besides the request itself. */
type ServerContext = { source: string; origin: string | null };

type Options = {
  authenticate: Authenticate;
  /** Whether strangers may read the schema itself; those who are signed in always may. */
  openIntrospection: boolean;
  /** The page of GraphiQL, in development only. */
  graphiql: GraphiqlPage | null;
};

/**
 * The GraphQL server: the schema under its permissions and limits.
 */
export function createGraphql({
  authenticate,
  openIntrospection,
  graphiql,
}: Options): YogaServerInstance<ServerContext, Context> {
  return createYoga<ServerContext, Context>({
    schema: protectedSchema,
    graphqlEndpoint: '/graphql',
    context: async ({ request, source, origin }) => {
      const now = new Date();
      const viewer = await signIn(authenticate, request.headers.get('authorization'), now);
      return createContext(viewer, source, now, origin);
    },
    plugins: [
      usePersistedDocuments(),
      nameOperation(),
      refuseEarly<Context>(permissions, { mayIntrospect: ({ viewer }) => openIntrospection || viewer !== null }),
      ...limitPlugins({ introspection: true }),
      countOperations(),
      learnHotOperations(),
      readFromReplicas(),
    ],
    maskedErrors: { maskError },
    graphiql: graphiql?.options ?? false,
    ...(graphiql ? { renderGraphiQL: graphiql.render } : {}),
    batching: false,
    multipart: false,
    cors: false,
    landingPage: false,
    logging: false,
  });
}
