import { type ExecutionArgs, Kind, type OperationDefinitionNode } from 'graphql';
import type { Plugin } from 'graphql-yoga';
import type { Context } from './context.ts';
import { operationToRun } from './reached-fields.ts';

/** A client chooses its operations' names; the audit trail keeps so many characters of them. */
const LONGEST_NAME = 80;

/** What the audit trail calls an operation: its name, or that of its first field where it has none. */
export function nameOfOperation(operation: OperationDefinitionNode | null): string {
  const [first] = operation?.selectionSet.selections ?? [];
  const field = first?.kind === Kind.FIELD ? first.name.value : 'unnamed';
  return (operation?.name?.value ?? field).slice(0, LONGEST_NAME);
}

/** A Yoga plugin that puts the name of the operation into its context. */
export function nameOperation(): Plugin {
  const name = ({ args }: { args: ExecutionArgs }) => {
    (args.contextValue as Context).operation = nameOfOperation(operationToRun(args.document, args.operationName));
  };
  return { onExecute: name, onSubscribe: name };
}
