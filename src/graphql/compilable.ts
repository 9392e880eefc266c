import {
  type ASTNode,
  type DocumentNode,
  type GraphQLSchema,
  isNonNullType,
  Kind,
  TypeInfo,
  visit,
  visitWithTypeInfo,
} from 'graphql';

/** What a text in a document may hold, and neither a quote nor an underscore: enough for codes, numbers, days and tags. */
const PLAIN_TEXT = /^[A-Za-z0-9 .:/-]*$/;

/** Of a document that can be compiled: the variables that must not be null, even where their type lets them be. */
export type Compilable = { neverNull: ReadonlySet<string> };

/**
 * What is to be known of a valid document to compile it, or null where it is not plain enough: graphql-jit writes a program, and what
 * strangers send must mean in it what it means to graphql-js, and nothing more. So only plain texts and names, from which none of
 * its own marks can be made (some become code); no `@skip` or `@include` beside fragments, which it keeps by their first place; and
 * no variable within a literal, whose value it would not check.
 */
export function compilable(schema: GraphQLSchema, document: DocumentNode): Compilable | null {
  const types = new TypeInfo(schema);
  const neverNull = new Set<string>();
  const seen = new Set<string>();
  let isPlain = true;
  visit(
    document,
    visitWithTypeInfo(types, {
      enter: (node, _key, _parent, _path, ancestors) => {
        seen.add(node.kind);
        if (node.kind === Kind.STRING) isPlain &&= PLAIN_TEXT.test(node.value);
        if (node.kind === Kind.NAME) isPlain &&= node.value === '__typename' || !node.value.includes('__');
        if (node.kind !== Kind.VARIABLE) return;
        isPlain &&= !ancestors.some(isLiteral);
        if (isNonNullType(types.getInputType())) neverNull.add(node.name.value);
      },
    }),
  );
  return isPlain && !(seen.has(Kind.DIRECTIVE) && seen.has(Kind.FRAGMENT_DEFINITION)) ? { neverNull } : null;
}

function isLiteral(node: ASTNode | readonly ASTNode[]): boolean {
  return 'kind' in node && (node.kind === Kind.OBJECT || node.kind === Kind.LIST);
}
