import {
  type DocumentNode,
  type FieldNode,
  type FragmentSpreadNode,
  type GraphQLObjectType,
  type GraphQLOutputType,
  type GraphQLSchema,
  getNamedType,
  isAbstractType,
  isObjectType,
  Kind,
  type NamedTypeNode,
  type OperationDefinitionNode,
  type SelectionSetNode,
} from 'graphql';

/** One field of one object type that an operation can reach, where it first does so. */
export interface ReachedField {
  type: string;
  name: string;
  node: FieldNode;
  /** The response key of the root field above it. */
  root: string;
  /** Whether the document asks for it in one place only. */
  once: boolean;
}

interface Reach {
  fields: readonly ReachedField[];
  /** The first `__schema` or `__type` of the operation. */
  introspection: { node: FieldNode; root: string } | null;
}

type Types = ReadonlySet<GraphQLObjectType>;

// An operation node belongs to one document, and Yoga keeps parsed documents: so each is walked once.
const known = new WeakMap<GraphQLSchema, WeakMap<OperationDefinitionNode, Reach>>();

/** The operation that GraphQL would execute, or null where it would answer with an error instead. */
export function operationToRun(
  document: DocumentNode,
  operationName: string | null | undefined,
): OperationDefinitionNode | null {
  const operations = document.definitions.filter((definition) => definition.kind === Kind.OPERATION_DEFINITION);
  if (operationName == null) return operations.length === 1 ? (operations[0] ?? null) : null;
  return operations.findLast(({ name }) => name?.value === operationName) ?? null;
}

/**
 * Every field that an operation can reach, under an abstract type for each object type that may stand there,
 * in the order of the document; `@skip` and `@include` hide nothing, `__typename` is left out.
 */
export function reachedFields(
  schema: GraphQLSchema,
  document: DocumentNode,
  operation: OperationDefinitionNode,
): Reach {
  const ofSchema = known.get(schema) ?? new WeakMap<OperationDefinitionNode, Reach>();
  known.set(schema, ofSchema);
  const reach = ofSchema.get(operation) ?? walk(schema, document, operation);
  ofSchema.set(operation, reach);
  return reach;
}

function walk(schema: GraphQLSchema, document: DocumentNode, operation: OperationDefinitionNode): Reach {
  const fragments = new Map(
    document.definitions
      .filter((definition) => definition.kind === Kind.FRAGMENT_DEFINITION)
      .map((fragment) => [fragment.name.value, fragment]),
  );
  const fields = new Map<string, ReachedField>();
  const spreadsSeen = new Set<string>();
  let introspection: Reach['introspection'] = null;

  const visitSelections = (set: SelectionSetNode, types: Types, root: string | null): void => {
    for (const selection of set.selections) {
      if (selection.kind === Kind.FIELD) visitField(selection, types, root ?? responseKey(selection));
      else if (selection.kind === Kind.FRAGMENT_SPREAD) visitSpread(selection, types, root);
      else visitSelections(selection.selectionSet, narrowed(schema, types, selection.typeCondition), root);
    }
  };

  const visitSpread = (spread: FragmentSpreadNode, types: Types, root: string | null): void => {
    const fragment = fragments.get(spread.name.value);
    // A fragment on types that it was seen on adds nothing: which also ends cycles and defuses fragment bombs.
    const key = [spread.name.value, ...[...types].map((type) => type.name).sort()].join();
    if (!fragment || spreadsSeen.has(key)) return;
    spreadsSeen.add(key);
    visitSelections(fragment.selectionSet, narrowed(schema, types, fragment.typeCondition), root);
  };

  const visitField = (node: FieldNode, types: Types, root: string): void => {
    const name = node.name.value;
    if (name === '__typename') return;
    if (name.startsWith('__')) {
      introspection ??= { node, root };
      return;
    }
    const owners = [...types].filter((type) => Object.hasOwn(type.getFields(), name));
    for (const { name: type } of owners) {
      const coordinate = `${type}.${name}`;
      const before = fields.get(coordinate);
      if (before) before.once &&= before.node === node;
      else fields.set(coordinate, { type, name, node, root, once: true });
    }
    if (node.selectionSet) visitSelections(node.selectionSet, typesBelow(schema, owners, name), root);
  };

  const rootType = schema.getRootType(operation.operation);
  visitSelections(operation.selectionSet, new Set(rootType ? [rootType] : []), null);
  return { fields: [...fields.values()], introspection };
}

function responseKey(node: FieldNode): string {
  return node.alias?.value ?? node.name.value;
}

function typesBelow(schema: GraphQLSchema, owners: readonly GraphQLObjectType[], field: string): Types {
  return new Set(owners.flatMap((owner) => objectTypes(schema, owner.getFields()[field]?.type)));
}

function objectTypes(schema: GraphQLSchema, output: GraphQLOutputType | undefined): readonly GraphQLObjectType[] {
  const type = getNamedType(output);
  if (isObjectType(type)) return [type];
  return isAbstractType(type) ? schema.getPossibleTypes(type) : [];
}

function narrowed(schema: GraphQLSchema, types: Types, condition: NamedTypeNode | undefined): Types {
  if (!condition) return types;
  const wanted = schema.getType(condition.name.value);
  const fits = (type: GraphQLObjectType) =>
    type === wanted || (isAbstractType(wanted) && schema.isSubType(wanted, type));
  return new Set([...types].filter(fits));
}
