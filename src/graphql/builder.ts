import SchemaBuilder from '@pothos/core';
import ErrorsPlugin from '@pothos/plugin-errors';
import PrismaPlugin, { getRefFromModel } from '@pothos/plugin-prisma';
import { prisma } from '../db.ts';
import type PrismaTypes from '../generated/pothos.ts';
import { getDatamodel } from '../generated/pothos.ts';
import type { Context } from './context.ts';
import { steadyPaths } from './steady-paths.ts';

type Scalars = {
  ID: { Input: string; Output: string };
  DateTime: { Input: Date; Output: Date };
  Date: { Input: Date; Output: Date };
  YearMonth: { Input: Date; Output: Date | string };
  CountryCode: { Input: string; Output: string };
  LanguageTag: { Input: string; Output: string };
};

/** The one schema builder. Results of mutations are unions named `<Mutation>Result`, whose errors are `DomainError`s. */
export const builder = new SchemaBuilder<{
  Context: Context;
  PrismaTypes: PrismaTypes;
  Scalars: Scalars;
  DefaultFieldNullability: false;
  DefaultInputFieldRequiredness: false;
}>({
  plugins: [steadyPaths, ErrorsPlugin, PrismaPlugin],
  defaultFieldNullability: false,
  prisma: { client: () => prisma, dmmf: getDatamodel(), onUnusedQuery: 'error' },
  errors: {
    directResult: true,
    defaultUnionOptions: {
      name: ({ fieldName }) => `${fieldName.charAt(0).toUpperCase()}${fieldName.slice(1)}Result`,
      description: 'What came of it: the thing itself, or one of the errors that are to be expected.',
    },
  },
});

builder.queryType({ description: 'What can be read. Strangers may read what concerns portals and their own reports.' });
builder.mutationType({
  description: 'What can be done. Every result is a union: look at `__typename` before the fields.',
});
builder.subscriptionType({ description: 'What can be followed as it happens, over server-sent events.' });

type Ref<Shape> = ReturnType<typeof builder.objectRef<Shape>>;

/** The GraphQL type of a Prisma model, for fields that another capability's type stands in. */
export function refOf<Name extends keyof PrismaTypes>(model: Name): Ref<PrismaTypes[Name]['Shape']> {
  return getRefFromModel(model, builder) as unknown as Ref<PrismaTypes[Name]['Shape']>;
}
