import type { initGraphQLTada, TadaDocumentNode } from 'gql.tada';
import type { introspection } from '../generated/graphql-env.d.ts';

type Typed = ReturnType<
  typeof initGraphQLTada<{
    introspection: introspection;
    scalars: { Date: string; DateTime: string; CountryCode: string; LanguageTag: string; YearMonth: string };
  }>
>;

/**
 * A GraphQL document as text, with the types of its answer and variables read from schema.graphql by gql.tada. Only its types
 * are used: at run time this is the text, followed by that of its fragments.
 */
export const graphql = ((text: string, fragments: readonly unknown[] = []) =>
  [text, ...fragments].join('\n')) as unknown as Typed;

/** Asks the platform's own GraphQL server, in process and as a stranger, unless the visit signs in. Throws when the answer holds errors. */
export type Ask = <Answer, Variables>(
  document: TadaDocumentNode<Answer, Variables>,
  variables: Variables,
  visit: Visit,
) => Promise<Answer>;

/** Where a request for a page comes from: `source` is the hash of client-source.ts. `authorization` is what a program signs in with. */
export type Visit = { source: string; authorization?: string };
