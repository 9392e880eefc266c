// Documents that reach one field of the schema, plainly and in every disguise that GraphQL offers.
import {
  type DocumentNode,
  type GraphQLArgument,
  type GraphQLInputField,
  type GraphQLInputType,
  type GraphQLObjectType,
  type GraphQLSchema,
  getNamedType,
  isAbstractType,
  isEnumType,
  isInputObjectType,
  isLeafType,
  isListType,
  isNonNullType,
  isObjectType,
  isRequiredArgument,
  isRequiredInputField,
  parse,
} from 'graphql';

/** One field on the way down; `below` is the object type that stands there, and `abstract` whether that must be asked for. */
type Step = { owner: string; field: string; args: string; below: string; abstract: boolean };
type Way = { operation: 'query' | 'mutation' | 'subscription'; steps: Step[] };
export type Asked = { query: string; operationName?: string };

/** The object types of a schema that its authors wrote. */
export function objectTypes(schema: GraphQLSchema): GraphQLObjectType[] {
  return Object.values(schema.getTypeMap())
    .filter(isObjectType)
    .filter(({ name }) => !name.startsWith('__'));
}

// The shortest way to each object type, by a query where there is one, else by a mutation.
function waysTo(schema: GraphQLSchema): Map<string, Way> {
  const ways = new Map<string, Way>();
  for (const operation of ['query', 'mutation', 'subscription'] as const) {
    const root = schema.getRootType(operation as never)!;
    const waiting: { type: GraphQLObjectType; steps: Step[] }[] = [{ type: root, steps: [] }];
    for (let next = waiting.shift(); next; next = waiting.shift()) {
      const { type, steps } = next;
      if (ways.has(type.name)) continue;
      ways.set(type.name, { operation, steps });
      waiting.push(...stepsBelow(schema, type).map(([below, step]) => ({ type: below, steps: [...steps, step] })));
    }
  }
  return ways;
}

function stepsBelow(schema: GraphQLSchema, owner: GraphQLObjectType): [GraphQLObjectType, Step][] {
  return Object.values(owner.getFields()).flatMap((field) => {
    const type = getNamedType(field.type);
    const abstract = isAbstractType(type);
    const possible = abstract ? schema.getPossibleTypes(type) : isObjectType(type) ? [type] : [];
    const step = { owner: owner.name, field: field.name, args: argumentsOf(field.args), abstract };
    return possible.map((below): [GraphQLObjectType, Step] => [below, { ...step, below: below.name }]);
  });
}

// A field with the fewest arguments that are valid, and `__typename` below it where something must be asked for.
function smallest(type: GraphQLObjectType, name: string): string {
  const field = type.getFields()[name]!;
  return `${name}${argumentsOf(field.args)}${isLeafType(getNamedType(field.type)) ? '' : ' { __typename }'}`;
}

function argumentsOf(args: readonly GraphQLArgument[]): string {
  const needed = args.filter(isRequiredArgument).map(pair);
  return needed.length > 0 ? `(${needed.join(', ')})` : '';
}

const pair = ({ name, type }: GraphQLArgument | GraphQLInputField): string => `${name}: ${literalOf(type)}`;

const scalars: Record<string, string> = {
  Int: '1',
  Boolean: 'true',
  DateTime: '"2026-01-01T00:00:00Z"',
  Date: '"2026-01-01"',
  YearMonth: '"2026-01"',
  CountryCode: '"KE"',
  LanguageTag: '"en"',
};

function literalOf(type: GraphQLInputType): string {
  if (isNonNullType(type)) return literalOf(type.ofType);
  if (isListType(type)) return `[${literalOf(type.ofType)}]`;
  if (isEnumType(type)) return type.getValues()[0]!.name;
  if (!isInputObjectType(type)) return scalars[type.name] ?? '"x"';
  return `{ ${Object.values(type.getFields()).filter(isRequiredInputField).map(pair).join(', ')} }`;
}

/** A valid document, and every field that it asks for. */
export type Document = Asked & {
  name: string;
  parsed: DocumentNode;
  reaches: (readonly [type: string, field: string])[];
};

/** For each field of each type a document that reaches it in a disguise. */
export function aDocumentEach(schema: GraphQLSchema, disguise: string): Document[] {
  const ways = waysTo(schema);
  return objectTypes(schema).flatMap((type) =>
    Object.keys(type.getFields()).map((field) => disguised(type, [field], ways.get(type.name)!, disguise)),
  );
}

/** For each type below the roots a document that reaches all its fields: disguised in turn, from the given disguise on. */
export function aDocumentEachType(schema: GraphQLSchema, first: number): Document[] {
  const names = Object.keys(disguises);
  const ways = waysTo(schema);
  return objectTypes(schema)
    .filter((type) => ways.get(type.name)!.steps.length > 0)
    .map((type, index) =>
      disguised(type, Object.keys(type.getFields()), ways.get(type.name)!, names[(index + first) % names.length]!),
    );
}

/** For each root field a document of it alone. */
export function aDocumentEachRoot(schema: GraphQLSchema): Document[] {
  return aDocumentEach(schema, 'as they are').filter(({ reaches }) => reaches.length === 1);
}

/** The name of the root field by which `aDocumentEachDoor` reaches a type with nothing above it. */
export const doorTo = (type: GraphQLObjectType): string => `open${type.name}`;

/** For each field a document that reaches it through the door to its type, which the schema must have. */
export function aDocumentEachDoor(schema: GraphQLSchema): Document[] {
  return objectTypes(schema).flatMap((type) =>
    Object.keys(type.getFields()).map((field) => {
      const query = `{ ${doorTo(type)} { ${smallest(type, field)} } }`;
      return { query, parsed: parse(query), name: `${type.name}.${field}`, reaches: [[type.name, field] as const] };
    }),
  );
}

function disguised(type: GraphQLObjectType, fields: string[], way: Way, disguise: string): Document {
  const asked = disguises[disguise]!(way, type.name, fields.map((field) => smallest(type, field)).join(' '));
  const above = way.steps.map(({ owner, field }) => [owner, field] as const);
  const reaches = [...above, ...fields.map((field) => [type.name, field] as const)];
  return { ...asked, parsed: parse(asked.query), name: `${type.name}.${fields} ${disguise}`, reaches };
}

type Dress = {
  /** What a field becomes; 0 is the root, the last the field itself. */
  field?: (text: string, depth: number) => string;
  /** What a selection set on a type becomes. */
  set?: (type: string, inside: string) => string;
  /** What asks for an object type where an interface or a union stands. */
  narrow?: (type: string, inside: string) => string;
  /** What the whole operation becomes. */
  whole?: (operation: string, inside: string) => Asked;
};

function dressed({ operation, steps }: Way, type: string, leaves: string, dress: Dress): Asked {
  const { field = (text) => text, set = (_type, inside) => inside } = dress;
  const { narrow = (on, inside) => `... on ${on} { ${inside} }` } = dress;
  const { whole = (kind, inside) => ({ query: `${kind} { ${inside} }` }) } = dress;
  const from = (depth: number): string => {
    const step = steps[depth];
    if (!step) return set(type, field(leaves, depth));
    const below = step.abstract ? narrow(step.below, from(depth + 1)) : from(depth + 1);
    return set(step.owner, field(`${step.field}${step.args} { ${below} }`, depth));
  };
  return whole(operation, from(0));
}

// Something that anyone may ask, to hide behind.
const HARMLESS: Record<string, string> = {
  query: 'portals { code }',
  mutation: 'withdrawContact(accessCode: "x") { __typename }',
};
const beside = (operation: string, inside: string) => `${HARMLESS[operation] ?? ''} ${inside}`;

/** Every disguise, by name: each gives a valid document that reaches the fields `leaves` of a type by a way to it. */
export const disguises: Record<string, (way: Way, type: string, leaves: string) => Asked> = {
  'as they are': (...asked) => dressed(...asked, {}),

  'beside permitted fields, under other names': (...asked) =>
    dressed(...asked, {
      field: (text, depth) => `other${depth}: ${text}`,
      whole: (operation, inside) => ({ query: `${operation} { ${beside(operation, inside)} }` }),
    }),

  'in named fragments within fragments': (...asked) => {
    const fragments: string[] = [];
    const set = (type: string, inside: string) => {
      fragments.push(`fragment F${fragments.length} on ${type} { ${inside} }`);
      return `...F${fragments.length - 1}`;
    };
    const whole = (operation: string, inside: string) => ({
      query: [`${operation} { ${beside(operation, inside)} }`, ...fragments].join('\n'),
    });
    return dressed(...asked, { set, whole });
  },

  'in inline fragments, errors by way of their interface': (...asked) =>
    dressed(...asked, {
      set: (type, inside) => `... { ... on ${type} { ${inside} } }`,
      narrow: (type, inside) =>
        type.endsWith('Error') ? `... on Error { ... on ${type} { ${inside} } }` : `... on ${type} { ${inside} }`,
    }),

  'where @skip leaves them out': (way, type, leaves) =>
    dressed(way, type, `... @skip(if: true) { ${leaves} }`, {
      whole: (operation, inside) => ({ query: `${operation} { ${beside(operation, inside)} }` }),
    }),

  'where @include, by a variable, leaves them out': (...asked) =>
    dressed(...asked, {
      whole: (operation, inside) => ({
        query: `${operation} ($never: Boolean = false) { ${beside(operation, `... @include(if: $never) { ${inside} }`)} }`,
      }),
    }),

  'in the second of two operations': (...asked) =>
    dressed(...asked, {
      whole: (operation, inside) => ({
        query: `query Innocent { portals { code } } ${operation} Asked { ${inside} }`,
        operationName: 'Asked',
      }),
    }),
};
