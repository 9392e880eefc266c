import type { ObjectRef } from '@pothos/core';
import { GraphQLError } from 'graphql';
import { builder } from './builder.ts';
import { largestPage } from './limits.ts';

/** A page of nodes, each with the cursor to go on after it. */
export type Page<Node> = {
  edges: { cursor: string; node: Node }[];
  pageInfo: { hasNextPage: boolean; endCursor: string | null };
};

const PageInfo = builder.objectRef<Page<unknown>['pageInfo']>('PageInfo').implement({
  description: 'Whether and where a list goes on.',
  fields: (t) => ({
    hasNextPage: t.exposeBoolean('hasNextPage', { description: 'Whether more follow.' }),
    endCursor: t.exposeString('endCursor', {
      nullable: true,
      description: 'What to send as `after` for the next page.',
    }),
  }),
});

/** Makes the connection type of a node type: `<Name>Connection` with `<Name>Edge`. */
export function connectionOf<Node extends object>(
  name: string,
  node: ObjectRef<typeof builder.$inferSchemaTypes, Node>,
  what: string,
) {
  const Edge = builder.objectRef<Page<Node>['edges'][number]>(`${name}Edge`).implement({
    description: `One of ${what}, with its place in the list.`,
    fields: (t) => ({
      cursor: t.exposeString('cursor', { description: 'What to send as `after` to go on after this one.' }),
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
  const edges = rows.slice(0, first).map((node) => edgeOf(node, keyOf));
  const pageInfo = {
    hasNextPage: rows.length > first,
    get endCursor() {
      return edges.at(-1)?.cursor ?? null;
    },
  };
  return { edges, pageInfo };
}

// Its cursor is made for whoever asks for it: a page has lists in it, whose cursors nobody mostly does.
function edgeOf<Node>(node: Node, keyOf: (node: Node) => readonly string[]): Page<Node>['edges'][number] {
  return {
    node,
    get cursor() {
      return toCursor(keyOf(node));
    },
  };
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
