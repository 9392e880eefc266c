import { operationsOfSameSchema } from '../operations-of-same-schema.ts';

export const operations = operationsOfSameSchema('/');
