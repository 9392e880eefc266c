import { lexicographicSortSchema, printSchema } from 'graphql';
import { schema } from './schema.ts';

const HEAD = '# Printed by `npm run schema`; a test holds it equal to the code. Edit the code, not this file.\n\n';

/** The schema as schema.graphql holds it. */
export function printedSchema(): string {
  return `${HEAD}${printSchema(lexicographicSortSchema(schema))}\n`;
}
