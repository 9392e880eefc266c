import { type ExecutionResult, GraphQLError, type GraphQLFormattedError } from 'graphql';
import { timeOperation } from '../metrics.ts';
import { onServers } from '../replicas.ts';
import type { CompiledOperation } from './compiled-operation.ts';
import { type Context, createContext } from './context.ts';
import { type Asked, hotOperation } from './hot-operations.ts';
import { withoutSuggestion } from './limits.ts';
import { maskError } from './mask-error.ts';
import { type Authenticate, signIn } from './sign-in.ts';

/** An answer in JSON, as a text or its bytes, with the headers that are its own, for whoever writes it to the socket. */
export type HotAnswer = { status: number; headers: Record<string, string> | null; body: string | Buffer };

/**
 * Answers what compiled operations can answer, as Yoga would; null where a request is for Yoga, and then nothing has run.
 */
export function createHotAnswers(authenticate: Authenticate) {
  return async (asked: Asked, authorization: string | null, source: () => string): Promise<HotAnswer | null> => {
    const variables = asked.variables ?? {};
    const operation = hotOperation(asked);
    if (!operation?.fits(variables)) return null;
    const now = new Date();
    try {
      const context = createContext(await signIn(authenticate, authorization, now), source, now);
      context.operation = operation.name;
      return await answerOnce(operation, context, variables);
    } catch (error) {
      return answerOf({ errors: [error as GraphQLError] });
    }
  };
}

// Null where the variables do not fit: what is wrong with them is told by graphql-js, in its words.
async function answerOnce(
  operation: CompiledOperation,
  context: Context,
  variables: Record<string, unknown>,
): Promise<HotAnswer | null> {
  const refused = await operation.refuse(context);
  if (refused) return answerOf({ data: null, errors: [refused] });
  const ended = timeOperation(operation.kind);
  const result = await onServers(operation.kind, context.viewer, () => keptOrRun(operation, context, variables));
  if (typeof result === 'string' || Buffer.isBuffer(result)) {
    ended('ok');
    return { status: 200, headers: null, body: result };
  }
  if (result.data === undefined) return null;
  ended(result.errors ? 'error' : 'ok');
  return answerOf(result);
}

type Result = ExecutionResult | string | Buffer;

function keptOrRun(
  { keptAnswer, run }: CompiledOperation,
  context: Context,
  variables: Record<string, unknown>,
): Result | Promise<Result> {
  if (!keptAnswer) return run(undefined, context, variables) as ExecutionResult | Promise<ExecutionResult>;
  return keptAnswer(context, variables).then((kept) => kept ?? (run(undefined, context, variables) as ExecutionResult));
}

function answerOf({ data, errors }: ExecutionResult): HotAnswer {
  if (!errors) return { status: 200, headers: null, body: JSON.stringify({ data }) };
  const told = errors.map(formatted);
  const https = told.flatMap(({ http }) => http ?? []);
  return {
    status: Math.max(0, ...https.map(({ status }) => status)) || 200,
    headers: Object.assign({}, ...https.map(({ headers }) => headers ?? {})),
    body: JSON.stringify({ errors: told.map(({ error }) => error), ...(data === undefined ? {} : { data }) }),
  };
}

type Http = { status: number; headers?: Record<string, string> };

// What goes wrong in the program itself (a value without a form, a null where there must be none) is an error of its own making.
function isFaultOfProgram({ originalError, path, extensions }: GraphQLError): boolean {
  return !originalError && path !== undefined && extensions?.['code'] === undefined;
}

function thrownBy({ message, nodes, path, stack }: GraphQLError): GraphQLError {
  const originalError = new Error(message);
  if (stack) originalError.stack = stack;
  return new GraphQLError(message, { nodes: nodes ?? null, path: path ?? null, originalError });
}

// As Yoga writes an error: masked, without suggestions, and with what is meant for HTTP taken out.
function formatted(error: GraphQLError): { error: GraphQLFormattedError; http: Http | undefined } {
  const masked = maskError(isFaultOfProgram(error) ? thrownBy(error) : error);
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
