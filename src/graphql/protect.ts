import {
  defaultFieldResolver,
  type GraphQLField,
  type GraphQLFieldResolver,
  type GraphQLNamedType,
  type GraphQLObjectType,
  type GraphQLSchema,
  isEnumType,
  isInputObjectType,
  isInterfaceType,
  isIntrospectionType,
  isObjectType,
  isUnionType,
} from 'graphql';
import {
  applyMiddleware,
  deny,
  isShieldRule,
  notAllowed,
  type PermissionTree,
  ruleKind,
  type ShieldRule,
  shield,
} from './shield.ts';

/**
 * Joins a schema and its permissions: every field is resolved only after its rule passed, and a subscription's rule
 * is asked when it starts and again at every event. Throws an `Error` that names each fault where the two don't fit.
 */
export function protect(schema: GraphQLSchema, tree: PermissionTree): GraphQLSchema {
  const faults = permissionFaults(schema, tree);
  if (faults.length > 0) throw new Error(`The permissions do not fit the schema:\n- ${faults.join('\n- ')}`);

  const guards = shield(tree, {
    fallbackRule: deny,
    fallbackError: notAllowed(),
    // Errors of resolvers pass through: Yoga masks them. Otherwise an outage would read as a refusal.
    allowExternalErrors: true,
    // Not about verbosity: without it shield turns a rule that throws into a refusal, and hands a non-Error that a
    // resolver throws to the client as the field's value.
    debug: true,
  }).generate(schema);
  const protectedSchema = applyMiddleware(schema, guards);
  protectSubscriptions(schema, protectedSchema, new Map(Object.entries(guards)));
  return protectedSchema;
}

/** Lists every way in which a rule tree leaves a field of the schema open or says something that shield would ignore. */
export function permissionFaults(schema: GraphQLSchema, tree: PermissionTree): string[] {
  if (isShieldRule(tree)) return ['the tree is one rule for the whole schema: write one for each type'];
  const roots = [schema.getQueryType(), schema.getMutationType(), schema.getSubscriptionType()];
  const types = Object.values(schema.getTypeMap()).filter((type) => !isIntrospectionType(type));
  return [
    ...types.filter(isObjectType).flatMap((type) => faultsOfType(type, roots.includes(type), tree)),
    ...Object.keys(tree).flatMap((name) => faultsOfName(name, schema.getType(name))),
  ];
}

function faultsOfType(type: GraphQLObjectType, isRoot: boolean, tree: PermissionTree): string[] {
  const node: unknown = Object.hasOwn(tree, type.name) ? tree[type.name] : {};
  if (isShieldRule(node)) {
    const shared = isRoot ? [`${type.name}: each of its fields needs a rule of its own`] : [];
    return [...shared, ...faultsOfRule(type.name, node)];
  }
  if (!isFieldMap(node)) return [`${type.name}: not a rule of graphql-shield`];
  if (!isRoot && Object.keys(node).length === 0) return [`${type.name}: a type without a rule`];

  const fields = Object.keys(type.getFields());
  return [
    ...fields.filter((field) => !Object.hasOwn(node, field)).map((field) => `${type.name}.${field}: no rule`),
    ...Object.keys(node).flatMap((field) => {
      if (field === '*') return [`${type.name}.*: a wildcard`];
      if (!fields.includes(field)) return [`${type.name}.${field}: a rule without a field`];
      return faultsOfRule(`${type.name}.${field}`, node[field]);
    }),
  ];
}

function isFieldMap(node: unknown): node is Readonly<Record<string, unknown>> {
  if (typeof node !== 'object' || node === null) return false;
  const prototype = Object.getPrototypeOf(node);
  return prototype === Object.prototype || prototype === null;
}

function faultsOfName(name: string, type: GraphQLNamedType | undefined): string[] {
  if (name === '*') return ['*: a wildcard'];
  if (!type) return [`${name}: a rule without a type`];
  if (isIntrospectionType(type)) return [`${name}: a rule on an introspection type, which shield ignores`];
  if (!isObjectType(type)) return [`${name}: a rule on ${kindOfType(type)}, which shield ignores`];
  return [];
}

function kindOfType(type: GraphQLNamedType): string {
  if (isInterfaceType(type)) return 'an interface';
  if (isUnionType(type)) return 'a union';
  if (isInputObjectType(type)) return 'an input type';
  return isEnumType(type) ? 'an enum' : 'a scalar';
}

function faultsOfRule(where: string, rule: unknown): string[] {
  if (!isShieldRule(rule)) return [`${where}: not a rule of graphql-shield`];
  const kind = ruleKind(rule);
  if (kind === 'allow' || kind === 'deny') return [];
  if (!isLogicRule(rule)) {
    return Reflect.get(rule, 'cache') === 'no_cache' ? [] : [`${where}: a rule whose cache is not 'no_cache'`];
  }
  const parts = rule.getRules().flatMap((part) => faultsOfRule(where, part));
  if (kind === 'not') return [`${where}: 'not', which passes when its rule throws`, ...parts];
  if (kind === 'chain' || kind === 'race') return [`${where}: '${kind}', which fails on Node 24`, ...parts];
  if (rule.getRules().length === 0) return [`${where}: an empty '${kind}'`];
  return parts;
}

type LogicRule = Extract<ShieldRule, { getRules(): unknown }>;

function isLogicRule(rule: ShieldRule): rule is LogicRule {
  return 'getRules' in rule;
}

// graphql-middleware wraps either `resolve` or `subscribe` of a field, never both: with both, a subscription would
// start for anyone; with `subscribe` alone, its events would go unchecked.
function protectSubscriptions(
  schema: GraphQLSchema,
  protectedSchema: GraphQLSchema,
  guardsByType: ReadonlyMap<string, unknown>,
): void {
  const original = schema.getSubscriptionType();
  const result = protectedSchema.getSubscriptionType();
  if (!original || !result) return;

  for (const [name, field] of Object.entries(result.getFields())) {
    const guard = guardOf(Reflect.get(Object(guardsByType.get(original.name)), name));
    guardField(field, original.getFields()[name], guard);
  }
}

type Resolve = GraphQLFieldResolver<unknown, unknown>;
type Guard = (next: () => unknown, ...asked: Parameters<Resolve>) => unknown;

function guardOf(middleware: unknown): Guard {
  const guard = typeof middleware === 'function' ? middleware : Reflect.get(Object(middleware), 'resolve');
  return guard as Guard;
}

function guardField(
  field: GraphQLField<unknown, unknown>,
  original: GraphQLField<unknown, unknown> | undefined,
  guard: Guard,
): void {
  field.resolve = guarded(guard, original?.resolve ?? defaultFieldResolver);
  if (original?.subscribe) field.subscribe = guarded(guard, original.subscribe);
}

function guarded(guard: Guard, resolve: Resolve): Resolve {
  return (...asked) => guard(() => resolve(...asked), ...asked);
}
