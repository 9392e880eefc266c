import {
  type DocumentNode,
  type GraphQLError,
  type GraphQLSchema,
  getVariableValues,
  isAbstractType,
  isObjectType,
  Kind,
  TypeInfo,
  visit,
  visitWithTypeInfo,
} from 'graphql';
import { type CompiledQuery, compileQuery, isCompiledQuery } from 'graphql-jit';
import { compilable } from './compilable.ts';
import type { Context } from './context.ts';
import { type KeptAnswer, keepAnswers } from './kept-answers.ts';
import { nameOfOperation } from './name-operation.ts';
import { operationToRun, type ReachedField, reachedFields } from './reached-fields.ts';
import { refusalBy, rulesMet } from './refuse-early.ts';
import type { PermissionTree } from './shield.ts';

/** A document of one operation as a program: made once, run for every request that sends the same text. */
export type CompiledOperation = {
  kind: 'query' | 'mutation';
  /** The name in the document, which is all that a request may name, or null. */
  named: string | null;
  /** What the audit trail calls it. */
  name: string;
  /** Whether graphql-js takes these variables, which is stricter than the program: if not, it says why. */
  fits: (variables: Record<string, unknown>) => boolean;
  /** The refusal of the whole operation by the rules of every field that it can reach, or null. */
  refuse: (context: Context) => Promise<GraphQLError | null>;
  /** What to try before running it, or null; as `run`, only after `refuse` gave null. */
  keptAnswer: KeptAnswer | null;
  run: CompiledQuery['query'];
};

/**
 * Compiles a document that was parsed, validated and found within the limits. The program runs the schema without
 * graphql-shield's wrapping of each field, so it is only to be run after `refuse` gave null. Null for what is never compiled:
 * several operations, subscriptions, introspection, whatever is not plain (`compilable`), and a document of which TypeInfo sees a
 * field that was not judged.
 */
export function compileOperation(
  schema: GraphQLSchema,
  tree: PermissionTree,
  document: DocumentNode,
): CompiledOperation | null {
  const operation = operationToRun(document, null);
  if (!operation || operation.operation === 'subscription') return null;
  const plain = compilable(schema, document);
  if (!plain) return null;
  const { fields, introspection } = reachedFields(schema, document, operation);
  if (introspection || !areAllJudged(schema, document, fields)) return null;
  const compiled = compileQuery(schema, document);
  if (!isCompiledQuery(compiled)) return null;
  const rules = rulesMet(tree, fields);
  return {
    kind: operation.operation,
    named: operation.name?.value ?? null,
    name: nameOfOperation(operation),
    fits: (variables) => {
      const { coerced } = getVariableValues(schema, operation.variableDefinitions ?? [], variables);
      return coerced !== undefined && [...plain.neverNull].every((name) => coerced[name] !== null);
    },
    refuse: (context) => refusalBy(rules, context),
    keptAnswer: keepAnswers(schema, document, operation, fields),
    run: compiled.query,
  };
}

// The second fence: graphql-js names every field by a walk of its own, so that a fault in ours keeps a document from being compiled.
function areAllJudged(schema: GraphQLSchema, document: DocumentNode, fields: readonly ReachedField[]): boolean {
  const judged = new Set(fields.map(({ type, name }) => `${type}.${name}`));
  const types = new TypeInfo(schema);
  let all = true;
  visit(
    document,
    visitWithTypeInfo(types, {
      [Kind.FIELD]: ({ name: { value: name } }) => {
        if (name === '__typename') return;
        const parent = types.getParentType();
        const owners = isAbstractType(parent) ? schema.getPossibleTypes(parent) : [parent];
        // Of an abstract type at least one object type can stand there; which of them can is for the walk to say.
        all &&= owners.some((owner) => isObjectType(owner) && judged.has(`${owner.name}.${name}`));
      },
    }),
  );
  return all;
}
