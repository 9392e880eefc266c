import { randomUUID } from 'node:crypto';
import { type ExecutionArgs, GraphQLError, Kind } from 'graphql';
import { createYoga, type Plugin, type YogaServerInstance } from 'graphql-yoga';
import { BadCredentialsError } from '../account/authenticate.ts';
import { IssuerUnavailableError } from '../account/verify-token.ts';
import type { Viewer } from '../account/viewer.ts';
import { isBusy } from '../db.ts';
import { log, traceOf } from '../log.ts';
import { countOperations } from '../metrics.ts';
import { type Context, createContext } from './context.ts';
import type { GraphiqlPage } from './graphiql.ts';
import { limitPlugins } from './limits.ts';
import { permissions } from './permissions.ts';
import { usePersistedDocuments } from './persisted-documents.ts';
import { protect } from './protect.ts';
import { operationToRun } from './reached-fields.ts';
import { recheckRights } from './recheck-rights.ts';
import { refuseEarly } from './refuse-early.ts';
import { schema } from './schema.ts';

/** A client chooses its operations' names; the audit trail keeps so many characters of them. */
const LONGEST_NAME = 80;

// Made when this file is loaded: a field without a rule ends the process before anything is opened.
const protectedSchema = recheckRights(protect(schema, permissions), permissions);

/** What the HTTP server tells of a request besides the request itself. */
type ServerContext = { source: string; origin: string | null };

type Options = {
  /** Who sends the request. Throws a `BadCredentialsError` for credentials that let nobody in. */
  authenticate: (authorization: string | null, now: Date) => Promise<Viewer | null>;
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
      return createContext(await signIn(authenticate, request, now), source, now, origin);
    },
    plugins: [
      usePersistedDocuments(),
      nameOperation(),
      refuseEarly<Context>(permissions, { mayIntrospect: ({ viewer }) => openIntrospection || viewer !== null }),
      ...limitPlugins({ introspection: true }),
      countOperations(),
    ],
    maskedErrors: { maskError: masked },
    graphiql: graphiql?.options ?? false,
    ...(graphiql ? { renderGraphiQL: graphiql.render } : {}),
    batching: false,
    multipart: false,
    cors: false,
    landingPage: false,
    logging: false,
  });
}

function nameOperation(): Plugin {
  const name = ({ args }: { args: ExecutionArgs }) => {
    const operation = operationToRun(args.document, args.operationName);
    const [first] = operation?.selectionSet.selections ?? [];
    const field = first?.kind === Kind.FIELD ? first.name.value : 'unnamed';
    (args.contextValue as Context).operation = (operation?.name?.value ?? field).slice(0, LONGEST_NAME);
  };
  return { onExecute: name, onSubscribe: name };
}

async function signIn(authenticate: Options['authenticate'], request: Request, now: Date): Promise<Viewer | null> {
  try {
    return await authenticate(request.headers.get('authorization'), now);
  } catch (error) {
    if (error instanceof BadCredentialsError) {
      throw new GraphQLError(error.message, {
        extensions: { code: 'UNAUTHENTICATED', http: { status: 401, headers: { 'www-authenticate': 'Bearer' } } },
      });
    }
    if (error instanceof IssuerUnavailableError) {
      throw new GraphQLError('The sign-in service does not answer. Try again in a minute.', {
        extensions: { code: 'IDENTITY_UNAVAILABLE', http: { status: 503 } },
      });
    }
    throw error;
  }
}

function busy(): GraphQLError {
  log.warn('A request found no connection to the database.');
  return new GraphQLError('The platform is busy. Send this again in a few seconds, with the same idempotency key.', {
    extensions: { code: 'BUSY', http: { status: 503, headers: { 'retry-after': '5' } } },
  });
}

// What we say on purpose is a GraphQLError. All else may hold anything, so the client gets an id and the log what is safe.
function masked(error: unknown): Error {
  if (error instanceof GraphQLError && (!error.originalError || error.originalError instanceof GraphQLError))
    return error;
  const thrown = error instanceof GraphQLError ? error.originalError : error;
  if (isBusy(thrown)) return busy();
  const id = randomUUID();
  log.error('A request failed.', { id, ...traceOf(thrown) });
  return new GraphQLError('Something failed on our side. If it lasts, tell us this id.', {
    ...(error instanceof GraphQLError ? { nodes: error.nodes ?? null, path: error.path ?? null } : {}),
    extensions: { code: 'INTERNAL_SERVER_ERROR', id },
  });
}
