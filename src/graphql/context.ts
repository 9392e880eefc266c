import { GraphQLError } from 'graphql';
import type { By, BySignedIn, Viewer } from '../account/viewer.ts';
import { createLoaders, type Loaders } from './loaders.ts';

/** What every resolver knows of its request. `viewer` is null for a stranger; a running subscription sets it anew. */
export type Context = {
  viewer: Viewer | null;
  /** The name of the operation, or of its first field where it has none: what the audit trail says for why. */
  operation: string;
  /** Tells where the request comes from, as keyed hashes that mean nothing after two hours; for the limits on what one source sends only. */
  source: () => string;
  /** The origin of the page of another site that sends it, which a portal has registered; null for our own pages and for programs. */
  origin: string | null;
  now: Date;
  loaders: Loaders;
};

/** The context of one request. */
export function createContext(
  viewer: Viewer | null,
  source: string | (() => string),
  now: Date,
  origin: string | null = null,
): Context {
  return {
    viewer,
    operation: 'unnamed',
    source: typeof source === 'string' ? () => source : source,
    origin,
    now,
    loaders: createLoaders(),
  };
}

/** By whom a use case runs. */
export function byOf({ viewer, operation }: Context): By {
  return { viewer, operation };
}

/** By which account a use case runs. Throws an UNAUTHENTICATED error for a stranger, whom the permissions have refused before. */
export function signedIn({ viewer, operation }: Context): BySignedIn {
  if (!viewer) throw new GraphQLError('Sign in first.', { extensions: { code: 'UNAUTHENTICATED' } });
  return { viewer, operation };
}
