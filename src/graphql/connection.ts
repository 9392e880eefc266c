import type { ObjectRef } from '@pothos/core';
import { GraphQLError } from 'graphql';
import { builder } from './builder.ts';
import { largestPage } from './limits.ts';

/** A node, and what gives the key of its cursor, which is made for whoever asks for it: for lists within a page nobody mostly does. */
type Edge<Node> = { node: Node; key: () => readonly string[] };

/**
 * A page of nodes. No cursor is a getter: V8 gives each object with one a hidden class of its own, which holds on to the whole row
 * until the next full collection.
 */
export type Page<Node> = {
  edges: Edge<Node>[];
  pageInfo: { hasNextPage: boolean; last: Pick<Edge<Node>, 'key'> | null };
};

const PageInfo = builder.objectRef<Page<unknown>['pageInfo']>('PageInfo').implement({
  description: 'Whether and where a list goes on.',
  fields: (t) => ({
    hasNextPage: t.exposeBoolean('hasNextPage', { description: 'Whether more follow.' }),
    endCursor: t.string({
      nullable: true,
      description: 'What to send as `after` for the next page.',
      resolve: ({ last }) => last && toCursor(last.key()),
    }),
  }),
});

/** Makes the connection type of a node type: `<Name>Connection` with `<Name>Edge`. */
export function connectionOf<Node extends object>(
  name: string,
  node: ObjectRef<typeof builder.$inferSchemaTypes, Node>,
  what: string,
) {
  const Edge = builder.objectRef<Edge<Node>>(`${name}Edge`).implement({
    description: `One of ${what}, with its place in the list.`,
    fields: (t) => ({
      cursor: t.string({
        description: 'What to send as `after` to go on after this one.',
        resolve: ({ key }) => toCursor(key()),
      }),
      // Of any type, which the builder cannot follow.
      node: t.expose('node' as never, { type: node as never, description: 'The thing itself.' }),
    }),
  });
  return builder.objectRef<Page<Node>>(`${name}Connection`).implement({
    description: `A page of ${what}.`,
    fields: (t) => ({
      edges: t.expose('edges', { type: [Edge], description: 'What the page holds.' }),
      pageInfo: t.expose('pageInfo', { type: PageInfo, description: 'Whether and where the list goes on.' }),
    }),
  });
}

/** Makes a page of `rows`, of which one more than `first` was read to see whether more follow. */
export function pageOf<Node>(rows: Node[], first: number, keyOf: (node: Node) => readonly string[]): Page<Node> {
  const edges = rows.slice(0, first).map((node) => ({ node, key: () => keyOf(node) }));
  return { edges, pageInfo: { hasNextPage: rows.length > first, last: edges.at(-1) ?? null } };
}

/** Whether so many can be asked for at a time. */
export function isPageSize(size: unknown, most = largestPage): size is number {
  return typeof size === 'number' && size >= 1 && size <= most;
}

/** The size of a page that was asked for, or `usual`. Throws a BAD_USER_INPUT error outside 1 to `most`. */
export function pageSize(first: number | null | undefined, usual: number, most = largestPage): number {
  const size = first ?? usual;
  if (isPageSize(size, most)) return size;
  throw new GraphQLError(`Ask for 1 to ${most} at a time.`, { extensions: { code: 'BAD_USER_INPUT' } });
}

/** The key behind a cursor, of as many texts as it was made of; null for no cursor. Throws a BAD_USER_INPUT error for a cursor not of ours. */
export function fromCursor(cursor: string | null | undefined, shape: readonly RegExp[]): string[] | null {
  if (!cursor) return null;
  const key = Buffer.from(cursor, 'base64url').toString('utf8').split(' ');
  if (key.length === shape.length && shape.every((part, index) => part.test(key[index] ?? ''))) return key;
  throw new GraphQLError('This cursor is not one of ours. Send an endCursor as it was given, or leave after out.', {
    extensions: { code: 'BAD_USER_INPUT' },
  });
}

export const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
export const WHOLE_NUMBER = /^\d{1,15}$/;

/** The opaque form of a place in a list. */
export function toCursor(key: readonly string[]): string {
  return Buffer.from(key.join(' ')).toString('base64url');
}
