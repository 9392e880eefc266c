import type { ExecutionArgs } from 'graphql';
import type { Plugin } from 'graphql-yoga';
import { onServers } from '../replicas.ts';
import type { Context } from './context.ts';
import { operationToRun } from './reached-fields.ts';

/** A Yoga plugin that lets queries read from replicas, and has mutations say what their account must see from then on. */
export function readFromReplicas(): Plugin {
  return {
    onExecute({ executeFn, setExecuteFn }) {
      setExecuteFn((args: ExecutionArgs) => {
        const kind = operationToRun(args.document, args.operationName)?.operation ?? 'query';
        return onServers(kind, (args.contextValue as Context).viewer, () => executeFn(args));
      });
    },
  };
}
