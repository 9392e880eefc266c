import {
  type DocumentNode,
  defaultFieldResolver,
  type GraphQLField,
  GraphQLObjectType,
  GraphQLSchema,
  getArgumentValues,
  getVariableValues,
  isObjectType,
  Kind,
  type OperationDefinitionNode,
} from 'graphql';
import { compileQuery, isCompiledQuery } from 'graphql-jit';
import type { Context } from './context.ts';
import type { ReachedField } from './reached-fields.ts';

const MOST_BYTES = 8_000_000;
/** What an entry costs beside its texts, so that small ones do not become many. */
const ENTRY_BYTES = 4_000;

/** Of a field of Query: it gives the same object as long as the same is to be told, and all that stands below it hangs on that object alone. */
export const answersAreKept = { answersAreKept: true };

/** Gives the answer, kept or not; null where it is to be found in the ordinary way. Only for whom the rules permit all of it. */
export type KeptAnswer = (context: Context, variables: Record<string, unknown>) => Promise<string | Buffer | null>;

/** What was asked for once has no body: most of it never comes again. */
type Kept = { basis: object; body: Buffer | null };
type Resolve = (parent: unknown, args: object, context: Context) => unknown;

// By operation and variables, what was sent last at the end.
const kept = new Map<string, Kept>();
let bytes = 0;
let operations = 0;

/**
 * Of an operation whose only field is one of those whose answers are kept: its resolver runs for every request, and says by the very
 * object that it gives whether the text that was sent before is still the answer. Null for all other operations. What is below
 * runs as a program of its own, without any context, so that nothing of whoever asks can be in it.
 */
export function keepAnswers(
  schema: GraphQLSchema,
  document: DocumentNode,
  operation: OperationDefinitionNode,
  fields: readonly ReachedField[],
): KeptAnswer | null {
  const [node, ...others] = operation.selectionSet.selections;
  const query = schema.getQueryType();
  if (operation.operation !== 'query' || !query || others.length > 0) return null;
  if (node?.kind !== Kind.FIELD || node.directives?.length) return null;
  const field = query.getFields()[node.name.value];
  if (!field?.resolve || field.resolve.length > 3 || field.extensions['answersAreKept'] !== true) return null;
  if (!fields.every(({ type, name }) => type === query.name || looksAtItsParentOnly(schema, type, name))) return null;
  const below = compileQuery(onlyBelow(schema, query, field.name), document);
  if (!isCompiledQuery(below)) return null;

  const resolve = field.resolve as Resolve;
  const basisOf = async (context: Context, variables: Record<string, unknown>): Promise<object | null> => {
    const { coerced } = getVariableValues(schema, operation.variableDefinitions ?? [], variables);
    return coerced ? asObject(await resolve(undefined, getArgumentValues(field, node, coerced), context)) : null;
  };
  operations += 1;
  const name = `${operations} `;
  return async (context, variables) => {
    // Whatever is wrong is told in the ordinary way, by running into it again.
    const basis = await basisOf(context, variables).catch(() => null);
    if (!basis) return null;
    const key = name + JSON.stringify(variables);
    const found = kept.get(key);
    if (found?.body && found.basis === basis) return keep(key, found);
    const { data, errors } = await below.query(basis, undefined, variables);
    if (errors || !data) return null;
    const text = JSON.stringify({ data });
    return keep(key, { basis, body: found ? Buffer.from(text) : null }) ?? text;
  };
}

function looksAtItsParentOnly(schema: GraphQLSchema, typeName: string, name: string): boolean {
  const type = schema.getType(typeName);
  const field: GraphQLField<unknown, unknown> | undefined = isObjectType(type) ? type.getFields()[name] : undefined;
  if (!field) return false;
  const { resolve = defaultFieldResolver } = field;
  return resolve === defaultFieldResolver || resolve.length === 1 || resolve.length === 2;
}

// A schema of this one field, which gives what it is given.
function onlyBelow(schema: GraphQLSchema, query: GraphQLObjectType, name: string): GraphQLSchema {
  const field = query.toConfig().fields[name];
  if (!field) throw new Error('Query lacks a field that it has.');
  const fields = { [name]: { ...field, resolve: (given: unknown) => given } };
  return new GraphQLSchema({
    query: new GraphQLObjectType({ name: query.name, fields }),
    directives: schema.getDirectives(),
  });
}

function asObject(value: unknown): object | null {
  return typeof value === 'object' ? value : null;
}

function keep(key: string, answer: Kept): Buffer | null {
  forget(key);
  kept.set(key, answer);
  bytes += sizeOf(key, answer);
  for (const oldest of kept.keys()) {
    if (bytes <= MOST_BYTES) break;
    forget(oldest);
  }
  return answer.body;
}

function forget(key: string): void {
  const found = kept.get(key);
  if (!found) return;
  kept.delete(key);
  bytes -= sizeOf(key, found);
}

function sizeOf(key: string, { body }: Kept): number {
  return ENTRY_BYTES + 2 * key.length + (body?.length ?? 0);
}
