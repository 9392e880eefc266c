import SchemaBuilder, { BasePlugin, type PothosOutputFieldConfig, type SchemaTypes } from '@pothos/core';
import { defaultFieldResolver, type GraphQLFieldResolver, type GraphQLResolveInfo } from 'graphql';
import { isWhole } from '../read-tree.ts';
import { isReadWithRow } from './asked.ts';

type Path = GraphQLResolveInfo['path'];
type Link = { path: Path | undefined; below: Map<string | number, Link> };

const name = 'steadyPaths' as const;

declare global {
  namespace PothosSchemaTypes {
    interface Plugins<Types extends SchemaTypes> {
      steadyPaths: SteadyPaths<Types>;
    }
  }
}

// Pothos asks for a class.
/**
 * Lets Pothos's Prisma plugin work in compiled operations: it knows what a query has loaded by the very objects of `info.path`,
 * which graphql-js makes once for each place of the answer, and graphql-jit anew for each field. Of a row that holds all that its
 * operation asks of it, it is asked nothing.
 */
class SteadyPaths<Types extends SchemaTypes> extends BasePlugin<Types> {
  override wrapResolve(
    resolve: GraphQLFieldResolver<unknown, Types['Context'], object>,
    field: PothosOutputFieldConfig<Types>,
  ): GraphQLFieldResolver<unknown, Types['Context'], object> {
    // Whoever does not take the fourth argument cannot look at the path.
    if (resolve === defaultFieldResolver || (resolve.length > 0 && resolve.length < 4)) return resolve;
    if (isReadWithRow(field)) return resolve;
    const own = field.extensions?.['pothosPrismaSelect'] ? field.resolve : undefined;
    return (parent, args, context, info) => {
      if (own && isWhole(parent)) return own(parent, args, context, info);
      // Its own mark of a path by graphql-js.
      if ('typename' in info.path) return resolve(parent, args, context, info);
      return resolve(parent, args, context, Object.assign(info, { path: steady(info.path, context).path }));
    };
  }
}

const placesOf = new WeakMap<object, Link>();

function steady(path: Path | undefined, context: object): Link {
  if (!path) {
    const top = placesOf.get(context) ?? { path: undefined, below: new Map() };
    placesOf.set(context, top);
    return top;
  }
  const above = steady(path.prev, context);
  const known = above.below.get(path.key);
  if (known) return known;
  const link = { path: { key: path.key, prev: above.path, typename: undefined }, below: new Map() };
  above.below.set(path.key, link);
  return link;
}

SchemaBuilder.registerPlugin(name, SteadyPaths);

/** The plugin’s name, for the builder. */
export const steadyPaths = name;
