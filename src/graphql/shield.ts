import { createRequire } from 'node:module';
import { GraphQLError } from 'graphql';

// graphql-shield's ES build does not load on Node 24 (`util.isUndefined` is gone): its CommonJS build does, and with it that of
// graphql-middleware, so that no second one need be loaded.
const require = createRequire(import.meta.url);
const loaded = require('graphql-shield') as typeof import('graphql-shield');
const { chain, not, race } = loaded;

export const { applyMiddleware } = require('graphql-middleware') as typeof import('graphql-middleware');
export const { allow, and, deny, or, rule, shield } = loaded;

/** A rule of graphql-shield, simple (`rule`, `allow`, `deny`) or made of others (`and`, `or`). */
export type ShieldRule = Parameters<typeof and>[number];

/** The permissions: for each object type one rule, or one for each field. */
export type PermissionTree = Readonly<Record<string, ShieldRule | Readonly<Record<string, ShieldRule>>>>;

const kinds = new Map([
  [Object.getPrototypeOf(rule()(() => false)), 'rule'],
  [Object.getPrototypeOf(allow), 'allow'],
  [Object.getPrototypeOf(deny), 'deny'],
  [Object.getPrototypeOf(and()), 'and'],
  [Object.getPrototypeOf(or()), 'or'],
  [Object.getPrototypeOf(not(deny)), 'not'],
  [Object.getPrototypeOf(chain()), 'chain'],
  [Object.getPrototypeOf(race()), 'race'],
] as const);

type RuleKind = 'rule' | 'allow' | 'deny' | 'and' | 'or' | 'not' | 'chain' | 'race';

/** Says which of graphql-shield's rules a value is, or null where it is none that we know. */
export function ruleKind(value: unknown): RuleKind | null {
  if (typeof value !== 'object' || value === null) return null;
  return kinds.get(Object.getPrototypeOf(value)) ?? null;
}

/** True for a value that graphql-shield can evaluate. */
export function isShieldRule(value: unknown): value is ShieldRule {
  return ruleKind(value) !== null;
}

/** The refusal for a rule that answers `false` without an error of its own. */
export function notAllowed(): GraphQLError {
  return new GraphQLError('You are not allowed to do this.', { extensions: { code: 'FORBIDDEN' } });
}
