import { EnvelopArmor } from '@escape.tech/graphql-armor';
import {
  type DocumentNode,
  GraphQLError,
  Kind,
  type SelectionNode,
  TypeInfo,
  ValidationContext,
  type ValidationRule,
  visit,
} from 'graphql';
import type { Plugin } from 'graphql-yoga';

/**
 * The most that one operation may hold; `cost` as graphql-armor counts it, the rest in pieces. It multiplies by page sizes, of which
 * a variable counts as the largest: the console's page of 100 whole cases costs 50,546, and 100 reports of each of 100 cases 435,481.
 */
export const operationLimits = { depth: 8, cost: 60_000, aliases: 15, tokens: 400, directives: 5 } as const;

/** The most that a page may hold; what holds more has no lists in it. */
export const largestPage = 100;

type Limit = keyof typeof operationLimits;

/**
 * Yoga plugins that refuse an operation beyond `operationLimits` with the code `OPERATION_TOO_LARGE`, and strip every
 * "Did you mean …" from errors, so that nobody learns the schema by guessing. With `introspection`, operations of nothing
 * but `__schema` and `__type` are bounded by their tokens and by graphql-js alone, since GraphiQL's is too deep: who may
 * introspect is not decided here.
 */
export function limitPlugins({ introspection }: { introspection: boolean }): Plugin[] {
  const armor = new EnvelopArmor(armorOptions()).protect().plugins;
  const limits: Plugin = {
    onParse: (asked) => {
      for (const { onParse } of armor) onParse?.(asked);
    },
    onValidate: (asked) => {
      if (introspection && isIntrospectionOnly(asked.params.documentAST)) return;
      const addValidationRule = (rule: ValidationRule) => asked.addValidationRule(onLargestPages(rule));
      for (const { onValidate } of armor) onValidate?.({ ...asked, addValidationRule });
    },
  };
  return [withoutNul(), limits, tidyErrors()];
}

function armorOptions() {
  const common = { ignoreIntrospection: false, flattenFragments: true };
  const { depth, cost, aliases, tokens, directives } = operationLimits;
  return {
    maxDepth: { n: depth, ...common, ...rejection('depth') },
    costLimit: { maxCost: cost, ...common, ...rejection('cost') },
    maxAliases: { n: aliases, allowList: [], ...rejection('aliases') },
    maxTokens: { n: tokens, ...rejection('tokens') },
    maxDirectives: { n: directives, ...rejection('directives') },
    // It misses most forms of "Did you mean": tidyErrors finds all.
    blockFieldSuggestion: { enabled: false },
  };
}

// graphql-armor sees the document and no variables: it is shown one in which the largest sizes stand.
function onLargestPages(rule: ValidationRule): ValidationRule {
  return (context) => ({
    [Kind.DOCUMENT]: (document: DocumentNode) => {
      const schema = context.getSchema();
      const shown = withLargestPages(document);
      const report = (error: GraphQLError) => context.reportError(error);
      visit(shown, rule(new ValidationContext(schema, shown, new TypeInfo(schema), report)));
    },
  });
}

function withLargestPages(document: DocumentNode): DocumentNode {
  return visit(document, {
    [Kind.ARGUMENT]: (argument) => {
      if (argument.name.value !== 'first' || argument.value.kind !== Kind.VARIABLE) return undefined;
      return { ...argument, value: { kind: Kind.INT, value: String(largestPage) } };
    },
  });
}

// Left to itself graphql-armor throws out of the validation: an error without a code, called a syntax error.
function rejection(limit: Limit) {
  const reject = (context: ValidationContext | null, { message }: GraphQLError): void => {
    const error = new GraphQLError(message.replace(/^Syntax Error: /, ''), {
      extensions: { code: 'OPERATION_TOO_LARGE', limit, maximum: operationLimits[limit] },
    });
    if (!context) throw error; // while parsing there is no context yet
    context.reportError(error);
  };
  return { onReject: [reject], propagateOnRejection: false };
}

function isIntrospectionOnly(document: DocumentNode): boolean {
  const operations = document.definitions.filter((definition) => definition.kind === Kind.OPERATION_DEFINITION);
  return operations.every(({ selectionSet }) => selectionSet.selections.every(isIntrospectionField));
}

function isIntrospectionField(selection: SelectionNode): boolean {
  return selection.kind === Kind.FIELD && ['__schema', '__type'].includes(selection.name.value);
}

// The last hook of a request, and not the validation's: graphql-js also suggests when it coerces variables, and leaves
// those errors without a code. An error with a path comes from a field, and is for the masking to judge.
function tidyErrors(): Plugin {
  return {
    onResultProcess({ result }) {
      if (!('errors' in result)) return;
      for (const error of result.errors ?? []) {
        error.message = withoutSuggestion(withoutValues(error));
        if (error instanceof GraphQLError && !error.path) error.extensions['code'] ??= 'BAD_USER_INPUT';
      }
    },
  };
}

/** An error's message without graphql-js's "Did you mean …". */
export function withoutSuggestion(message: string): string {
  return message.replace(/\s*Did you mean .*$/s, '');
}

// graphql-js quotes the value that it refuses. A report's address or a note must not come back in an error.
function withoutValues({ message, path, originalError }: GraphQLError): string {
  if (path) return message;
  if (!originalError || !/^Variable "\$\w+" got invalid value /.test(message)) return withoutQuotedValue(message);
  const place = / at "[^"]+"$/.exec(message.slice(0, -originalError.message.length - 2))?.[0] ?? '';
  return `The variables have a fault${place}: ${withoutQuotedValue(originalError.message)}`;
}

function withoutQuotedValue(message: string): string {
  return message
    .replace(/( cannot represent [^:]*):.*$/s, '$1.')
    .replace(/^Value .* does not exist in/s, 'This value does not exist in')
    .replace(/^Expected value of type ("[^"]+"), found .*$/s, 'Expected a value of type $1.')
    .replace(/(Unexpected|found) (\w+) ".*"/s, '$1 $2');
}

// As guardHttp does for what stands in the body itself.
function withoutNul(): Plugin {
  return {
    onParams({ params, setParams }) {
      if (typeof params.query !== 'string' || !params.query.includes('\\u0000')) return;
      setParams({ ...params, query: params.query.replace(/(?<!\\)((?:\\\\)*)\\u0000/g, '$1') });
    },
  };
}
