import { type ExecutionResult, GraphQLError, type GraphQLFormattedError } from 'graphql';
import { timeOperation } from '../metrics.ts';
import { onServers } from '../replicas.ts';
import type { CompiledOperation } from './compiled-operation.ts';
import { type Context, createContext } from './context.ts';
import { type Asked, hotOperation } from './hot-operations.ts';
import { withoutSuggestion } from './limits.ts';
import { maskError } from './mask-error.ts';
import { type Authenticate, signIn } from './sign-in.ts';

/** An answer in JSON, for whoever writes it to the socket. */
export type HotAnswer = { status: number; headers: Record<string, string>; body: string };

/**
 * Answers what compiled operations can answer, as Yoga would; null where a request is for Yoga, and then nothing has run.
 */
export function createHotAnswers(authenticate: Authenticate) {
  return async (asked: Asked, authorization: string | null, source: string): Promise<HotAnswer | null> => {
    const operation = isPlain(asked.variables) ? hotOperation(asked) : null;
    if (!operation) return null;
    const now = new Date();
    try {
      const context = createContext(await signIn(authenticate, authorization, now), source, now);
      context.operation = operation.name;
      const result = await runOnce(operation, context, asked.variables ?? {});
      return result && answerOf(result);
    } catch (error) {
      return answerOf({ errors: [error as GraphQLError] });
    }
  };
}

// Null where the variables do not fit: what is wrong with them is told by graphql-js, in its words.
async function runOnce(operation: CompiledOperation, context: Context, variables: object) {
  const refused = await operation.refuse(context);
  if (refused) return { data: null, errors: [refused] };
  const ended = timeOperation(operation.kind);
  const run = () => operation.run(undefined, context, variables);
  const result = (await onServers(operation.kind, context.viewer, run)) as ExecutionResult;
  if (result.data === undefined) return null;
  ended(result.errors ? 'error' : 'ok');
  return result;
}

function isPlain(variables: unknown): variables is object | null | undefined {
  return variables == null || (typeof variables === 'object' && !Array.isArray(variables));
}

function answerOf({ data, errors }: ExecutionResult): HotAnswer {
  if (!errors) return { status: 200, headers: {}, body: JSON.stringify({ data }) };
  const told = errors.map(formatted);
  const https = told.flatMap(({ http }) => http ?? []);
  return {
    status: Math.max(0, ...https.map(({ status }) => status)) || 200,
    headers: Object.assign({}, ...https.map(({ headers }) => headers ?? {})),
    body: JSON.stringify({ ...(data === undefined ? {} : { data }), errors: told.map(({ error }) => error) }),
  };
}

type Http = { status: number; headers?: Record<string, string> };

// As Yoga writes an error: masked, without suggestions, and with what is meant for HTTP taken out.
function formatted(error: GraphQLError): { error: GraphQLFormattedError; http: Http | undefined } {
  const masked = maskError(error);
  const {
    message,
    locations,
    path,
    extensions: said = {},
  } = masked instanceof GraphQLError ? masked.toJSON() : new GraphQLError(masked.message).toJSON();
  const { http, ...extensions } = said as Record<string, unknown> & { http?: Http };
  return {
    error: {
      message: withoutSuggestion(message),
      ...(locations ? { locations } : error.locations ? { locations: error.locations } : {}),
      ...(path ? { path } : {}),
      ...(Object.keys(extensions).length > 0 ? { extensions } : {}),
    },
    http,
  };
}
