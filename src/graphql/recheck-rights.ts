import { type DocumentNode, GraphQLError, type GraphQLResolveInfo, type GraphQLSchema, Kind } from 'graphql';
import { currentViewer } from '../account/authenticate.ts';
import { catchUp } from '../replicas.ts';
import type { Context } from './context.ts';
import { refusal } from './refuse-early.ts';
import type { PermissionTree } from './shield.ts';

/**
 * Makes every subscription of a protected schema ask again before each event who is following and whether they still may:
 * a changed role or a disabled account ends it before the event is resolved.
 */
export function recheckRights(schema: GraphQLSchema, tree: PermissionTree): GraphQLSchema {
  for (const field of Object.values(schema.getSubscriptionType()?.getFields() ?? {})) {
    const start = field.subscribe;
    if (!start) throw new Error(`Subscription.${field.name} has no subscribe function.`);
    field.subscribe = async (root, args, context: Context, info) => {
      const events: unknown = await start(root, args, context, info);
      if (events instanceof Error) throw events; // shield hands a refusal over as a value
      return whilePermitted(events as AsyncIterable<unknown>, context, info, tree);
    };
  }
  return schema;
}

async function* whilePermitted(
  events: AsyncIterable<unknown>,
  context: Context,
  info: GraphQLResolveInfo,
  tree: PermissionTree,
): AsyncGenerator {
  const definitions = [info.operation, ...Object.values(info.fragments)];
  const document: DocumentNode = { kind: Kind.DOCUMENT, definitions };
  for await (const event of events) {
    const { viewer } = context;
    context.viewer = viewer && (await currentViewer(viewer.id));
    context.now = new Date();
    // Whoever is told of a change asks for it next.
    await catchUp(context.viewer);
    const refused = await refusal(info.schema, tree, document, info.operation.name?.value, context);
    if (refused) throw new GraphQLError(refused.message, { extensions: refused.extensions });
    yield event;
  }
}
