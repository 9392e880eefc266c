import type { GraphQLSchema } from 'graphql';
import './scalars.ts';
import './errors.ts';
import '../portal/schema.ts';
import '../report/schema.ts';
import '../report/schema-quarantine.ts';
import '../report/schema-batch.ts';
import '../case/schema.ts';
import '../case/schema-reports.ts';
import '../case/schema-queue.ts';
import '../case/schema-steps.ts';
import '../trace/schema.ts';
import '../action/schema.ts';
import '../statistics/schema.ts';
import '../account/schema.ts';
import '../audit/schema.ts';
import { builder } from './builder.ts';

/** The whole schema, without its permissions: `protect` joins them. */
export const schema: GraphQLSchema = builder.toSchema();
