import type { ExecutionArgs } from 'graphql';
import { type DocumentNode, GraphQLError, type GraphQLSchema } from 'graphql';
import type { Plugin } from 'graphql-yoga';
import { operationToRun, type ReachedField, reachedFields } from './reached-fields.ts';
import { deny, isShieldRule, notAllowed, type PermissionTree, type ShieldRule } from './shield.ts';

type MayIntrospect<Context> = (context: Context) => boolean;

interface Stoppable {
  args: ExecutionArgs;
  setResultAndStopExecution(result: { errors: GraphQLError[]; data: null }): void;
}

/**
 * A Yoga plugin that answers an operation with a refusal, before anything of it is executed, where the permissions
 * refuse any field that it could reach; a rule that throws becomes a masked server fault.
 */
export function refuseEarly<Context>(
  tree: PermissionTree,
  { mayIntrospect }: { mayIntrospect: MayIntrospect<Context> },
): Plugin {
  const refuse = async ({ args, setResultAndStopExecution }: Stoppable) => {
    const { schema, document, operationName, contextValue } = args;
    const error = await refusal(schema, tree, document, operationName, contextValue as Context, mayIntrospect);
    if (error) setResultAndStopExecution({ errors: [error], data: null });
  };
  return { onExecute: refuse, onSubscribe: refuse };
}

/**
 * The refusal of the operation that would run, with its place in the document, or null where every field that it
 * could reach (whatever `@skip` and `@include` say) is permitted. Rejects where a rule throws or answers nonsense.
 */
export async function refusal<Context>(
  schema: GraphQLSchema,
  tree: PermissionTree,
  document: DocumentNode,
  operationName: string | null | undefined,
  context: Context,
  mayIntrospect: MayIntrospect<Context> = () => false,
): Promise<GraphQLError | null> {
  const operation = operationToRun(document, operationName);
  if (!operation) return null;
  const { fields, introspection } = reachedFields(schema, document, operation);
  if (introspection && !mayIntrospect(context)) return placed(introspectionIsClosed(), introspection);
  return refusalBy(rulesMet(tree, fields), context);
}

/** What decides an operation: each rule that its fields have, once, with the first field that has it. */
export type RulesMet = ReadonlyMap<ShieldRule, ReachedField>;

/** The rules of some fields, in the order of the document. A field without a rule has that which refuses. */
export function rulesMet(tree: PermissionTree, fields: readonly ReachedField[]): RulesMet {
  const met = new Map<ShieldRule, ReachedField>();
  for (const field of fields) {
    const rule = ruleOf(tree, field);
    if (!met.has(rule)) met.set(rule, field);
  }
  return met;
}

/** The refusal by the first of these rules that refuses, or null. Rejects where a rule throws or answers nonsense. */
export async function refusalBy(rules: RulesMet, context: unknown): Promise<GraphQLError | null> {
  for (const [rule, field] of rules) {
    const error = await verdict(rule, context);
    if (error) return placed(error, field);
  }
  return null;
}

function ruleOf(tree: PermissionTree, { type, name }: ReachedField): ShieldRule {
  const node = Object.hasOwn(tree, type) ? tree[type] : undefined;
  if (!node || isShieldRule(node)) return node ?? deny;
  return (Object.hasOwn(node, name) ? node[name] : undefined) ?? deny;
}

// `debug` makes a rule that throws reject, where shield would call it a refusal.
const ruleOptions = { debug: true, allowExternalErrors: true, fallbackRule: deny, hashFunction: () => '' };

async function verdict(rule: ShieldRule, context: unknown): Promise<GraphQLError | null> {
  const answer = await answerOf(rule, context);
  if (answer === true) return null;
  if (answer === false) return notAllowed();
  if (answer instanceof GraphQLError) return answer;
  throw new Error('A permission rule answered with neither true, false nor a GraphQLError.', { cause: answer });
}

async function answerOf(rule: ShieldRule, context: unknown): Promise<unknown> {
  try {
    return await rule.resolve(...roleOnly(context), ruleOptions);
  } catch (cause) {
    // Wrapped, since a GraphQLError would reach the client as if it were a refusal.
    throw new Error('A permission rule failed.', { cause });
  }
}

// Before execution there is no parent, no argument and no field: a rule that looks at more than the context is a fault.
function roleOnly(context: unknown) {
  type Asked = Parameters<ShieldRule['resolve']>;
  return [{}, {}, context, undefined] as unknown as [Asked[0], Asked[1], Asked[2], Asked[3]];
}

function introspectionIsClosed(): GraphQLError {
  return new GraphQLError('Introspection is not open to you.', { extensions: { code: 'FORBIDDEN' } });
}

function placed(error: GraphQLError, { node, root }: Pick<ReachedField, 'node' | 'root'>): GraphQLError {
  return new GraphQLError(error.message, { nodes: [node], path: [root], extensions: error.extensions });
}
