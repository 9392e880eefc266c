import type { InputObjectRef } from '@pothos/core';
import type { GraphQLResolveInfo } from 'graphql';
import type { BySignedIn } from '../account/viewer.ts';
import { readCase } from '../case/read-cases.ts';
import type { Case } from '../generated/prisma/client.ts';
import type { Tree } from '../read-tree.ts';
import { fieldsAsked, wantedOfCases } from './asked.ts';
import { builder } from './builder.ts';
import { signedIn } from './context.ts';
import { caseWriteErrors } from './errors.ts';

type Fields = Parameters<Parameters<typeof builder.inputType<'Fields', never>>[1]['fields']>[0];

/** What every write on a case names, to spread into its input. */
export const caseInputFields = (t: Fields) => ({
  case: t.string({ required: true, description: 'The case’s number.' }),
  version: t.int({ required: true, description: 'The version that was read.' }),
  idempotencyKey: t.string({
    description: 'A new UUID for each step: a retry with the same key and input is one step.',
  }),
});

/** The input of a write on a case that needs nothing more. */
export const CaseInput = builder.inputType('CaseInput', {
  description: 'A case, as it was read.',
  fields: caseInputFields,
});

/** A case as it is after a write, for what is asked of it. Of its number alone, which is known, nothing is read. */
export function caseAfter(known: Pick<Case, 'id' | 'number'>, query: Tree, info: GraphQLResolveInfo): Promise<Case> {
  const asksMore = [...fieldsAsked(info, 'Case')].some((field) => field !== 'number');
  return asksMore ? readCase(wantedOfCases(query, info), known.id) : Promise.resolve(known as Case);
}

/**
 * Adds a mutation that is a write on a case: its result is the case as it is afterwards, or one of the failures that all
 * such writes share.
 */
export function caseMutation<Input extends { case: string }>(
  name: string,
  description: string,
  input: InputObjectRef<typeof builder.$inferSchemaTypes, Input>,
  write: (by: BySignedIn, input: Input, now: Date) => Promise<string>,
): void {
  builder.mutationField(name, (t) =>
    t.prismaField({
      type: 'Case',
      description,
      errors: { types: caseWriteErrors },
      args: { input: t.arg({ type: input, required: true, description: 'The case, and what to do.' }) },
      resolve: async (query, _root, args, context, info) => {
        const { input } = args as { input: Input };
        const id = await write(signedIn(context), input, context.now);
        return caseAfter({ id, number: input.case }, query, info);
      },
    }),
  );
}
