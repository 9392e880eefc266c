import { createRequire } from 'node:module';
import SchemaBuilder from '@pothos/core';
import { buildSchema, execute, GraphQLError, type GraphQLSchema, parse, printSchema, subscribe } from 'graphql';
import { createSchema } from 'graphql-yoga';
import { describe, expect, it } from 'vitest';
import { permissionFaults, protect } from '../../src/graphql/protect.ts';
import { allow, and, deny, or, type PermissionTree, rule } from '../../src/graphql/shield.ts';

interface Context {
  role?: 'analyst' | 'partner';
}

const { chain, inputRule, not, race } = createRequire(import.meta.url)(
  'graphql-shield',
) as typeof import('graphql-shield');
const isAnalyst = rule({ cache: 'no_cache' })((_parent, _args, context: Context) => {
  if (!context.role) return new GraphQLError('Sign in first.', { extensions: { code: 'UNAUTHENTICATED' } });
  return context.role === 'analyst';
});

const small = buildSchema(`
  interface Named { name: String }
  type Portal implements Named { name: String code: String }
  type Case implements Named { name: String }
  union Found = Portal | Case
  enum Stage { LIVE }
  input Filter { stage: Stage }
  scalar Day
  type Query { portal(filter: Filter): Portal found: Found since: Day }
  type Mutation { close: Case }
`);
const fitting = {
  Query: { portal: allow, found: isAnalyst, since: or(isAnalyst, deny) },
  Mutation: { close: and(isAnalyst, allow) },
  Portal: { name: allow, code: isAnalyst },
  Case: isAnalyst,
};
const cachedFault = "Case: a rule whose cache is not 'no_cache'";
const faultsWith = (changes: Record<string, unknown>) =>
  permissionFaults(small, { ...fitting, ...changes } as unknown as PermissionTree);

describe('the permissions fit the schema', () => {
  it('when every field has a rule and every rule a field', () => {
    expect(permissionFaults(small, fitting)).toEqual([]);
    expect(() => protect(small, fitting)).not.toThrow();
  });

  it.each<[string, Record<string, unknown>, string[]]>([
    ['a type has no rule inside', { Case: {} }, ['Case: a type without a rule']],
    ['a field is missing', { Portal: { name: allow } }, ['Portal.code: no rule']],
    ['a root field is missing', { Mutation: {} }, ['Mutation.close: no rule']],
    ['a root type has one rule', { Mutation: isAnalyst }, ['Mutation: each of its fields needs a rule of its own']],
    ['a rule has no type', { Cas: allow }, ['Cas: a rule without a type']],
    ['a rule has no field', { Case: { name: allow, nam: allow } }, ['Case.nam: a rule without a field']],
    ['an interface has a rule', { Named: allow }, ['Named: a rule on an interface, which shield ignores']],
    ['a union has a rule', { Found: allow }, ['Found: a rule on a union, which shield ignores']],
    ['an input has a rule', { Filter: allow }, ['Filter: a rule on an input type, which shield ignores']],
    ['an enum has a rule', { Stage: allow }, ['Stage: a rule on an enum, which shield ignores']],
    ['a scalar has a rule', { Day: allow }, ['Day: a rule on a scalar, which shield ignores']],
    ['introspection has a rule', { __Type: allow }, ['__Type: a rule on an introspection type, which shield ignores']],
    ['a type is undefined', { Case: undefined }, ['Case: not a rule of graphql-shield']],
    ['a type is null', { Case: null }, ['Case: not a rule of graphql-shield']],
    ['a type is a function', { Case: () => true }, ['Case: not a rule of graphql-shield']],
    ['a type is a list', { Case: [allow] }, ['Case: not a rule of graphql-shield']],
    ['a field is undefined', { Case: { name: undefined } }, ['Case.name: not a rule of graphql-shield']],
    ['a field is a function', { Case: { name: () => true } }, ['Case.name: not a rule of graphql-shield']],
    ['a rule only looks like one', { Case: { name: { ...isAnalyst } } }, ['Case.name: not a rule of graphql-shield']],
    ['a rule is an input rule', { Case: inputRule()((yup) => yup.object()) }, ['Case: not a rule of graphql-shield']],
    ['a wildcard stands for fields', { Case: { name: allow, '*': allow } }, ['Case.*: a wildcard']],
    ['a wildcard stands for types', { '*': allow }, ['*: a wildcard']],
    ['an and is empty', { Case: and() }, ["Case: an empty 'and'"]],
    ['an or is empty, deep inside', { Case: and(or(isAnalyst, or())) }, ["Case: an empty 'or'"]],
    ['a not is inside', { Case: or(isAnalyst, not(isAnalyst)) }, ["Case: 'not', which passes when its rule throws"]],
    ['a chain is used', { Case: chain(isAnalyst) }, ["Case: 'chain', which fails on Node 24"]],
    ['a race is used', { Case: { name: race(isAnalyst) } }, ["Case.name: 'race', which fails on Node 24"]],
    ['answers are cached', { Case: rule({ cache: 'contextual' })(() => true) }, [cachedFault]],
    ['answers are cached, inside', { Case: and(rule({ cache: 'strict' })(() => true)) }, [cachedFault]],
  ])('not when %s', (_name, changes, faults) => {
    expect(faultsWith(changes)).toEqual(faults);
  });

  it('not when a type is missing', () => {
    const { Case, ...rest } = fitting;
    expect(permissionFaults(small, rest)).toEqual(['Case: a type without a rule']);
  });

  it('not when one rule is given for the whole schema', () => {
    expect(permissionFaults(small, allow as unknown as PermissionTree)).toHaveLength(1);
  });

  it('and the server refuses to start with every fault named', () => {
    const tree = { ...fitting, Case: and(), Portal: { name: allow }, Named: deny };
    expect(() => protect(small, tree)).toThrow(
      /Portal\.code: no rule\n- Case: an empty 'and'\n- Named: a rule on an interface/,
    );
  });
});

describe('a protected schema', () => {
  const resolved: string[] = [];
  const schema = createSchema({
    typeDefs: `
      type Query { open: Item closed: Item broken: Int odd: Int }
      type Item { name: String secret: String }
    `,
    resolvers: {
      Query: {
        open: () => ({ name: 'a', secret: 'b' }),
        closed: () => resolved.push('closed'),
        broken: () => resolved.push('broken'),
        odd: () => Promise.reject('a password'),
      },
    },
  });
  const broken = rule({ cache: 'no_cache' })(() => {
    throw new Error('the directory is down');
  });
  const guarded = protect(schema, {
    Query: { open: allow, closed: isAnalyst, broken, odd: allow },
    Item: { name: allow, secret: isAnalyst },
  });
  const ask = (query: string, contextValue: Context) =>
    execute({ schema: guarded, document: parse(query), contextValue });

  it('answers what is permitted, also fields without a resolver', async () => {
    expect(await ask('{ open { name secret } }', { role: 'analyst' })).toEqual({
      data: { open: { name: 'a', secret: 'b' } },
    });
  });

  it('refuses a field without a resolver of its own and leaves the rest', async () => {
    const { data, errors } = await ask('{ open { name secret } }', { role: 'partner' });
    expect(data).toEqual({ open: { name: 'a', secret: null } });
    expect(errors?.map(({ extensions }) => extensions['code'])).toEqual(['FORBIDDEN']);
  });

  it("gives a rule's own error and does not run the resolver", async () => {
    const { errors } = await ask('{ closed { name } }', {});
    expect(errors?.[0]?.extensions['code']).toBe('UNAUTHENTICATED');
    expect(resolved).toEqual([]);
  });

  it('takes a rule that throws for a server fault, neither a refusal nor a pass', async () => {
    const { data, errors } = await ask('{ broken }', { role: 'analyst' });
    expect(data).toEqual({ broken: null });
    expect(errors?.[0]?.originalError?.message).toBe('the directory is down');
    expect(resolved).toEqual([]);
  });

  it('never answers with a thing that a resolver threw', async () => {
    const { data, errors } = await ask('{ odd }', {});
    expect(data).toEqual({ odd: null });
    expect(errors).toHaveLength(1);
  });
});

describe('a protected subscription', () => {
  async function* ticks() {
    yield { both: 1, only: 1 };
    yield { both: 2, only: 2 };
  }
  const schema = createSchema({
    typeDefs: 'type Query { ok: Int } type Subscription { both: Int only: Int }',
    resolvers: {
      Subscription: { both: { subscribe: ticks, resolve: (tick) => tick.both * 10 }, only: { subscribe: ticks } },
    },
  });
  const guarded = protect(schema, { Query: { ok: allow }, Subscription: { both: isAnalyst, only: isAnalyst } });
  const start = (field: string, contextValue: Context) =>
    subscribe({ schema: guarded, document: parse(`subscription { ${field} }`), contextValue });

  it.each([
    ['both', [10, 20]],
    ['only', [1, 2]],
  ])('with %s streams to those who may', async (field, values) => {
    const events = await start(field, { role: 'analyst' });
    if (!(Symbol.asyncIterator in events)) throw new Error('It did not start.');
    const seen = [];
    for await (const { data } of events) seen.push(data?.[field]);
    expect(seen).toEqual(values);
  });

  it.each(['both', 'only'])('with %s does not start for others', async (field) => {
    expect(await start(field, { role: 'partner' })).toMatchObject({ errors: [{ extensions: { code: 'FORBIDDEN' } }] });
  });

  it.each(['both', 'only'])('with %s refuses the events after the right is gone', async (field) => {
    const context: Context = { role: 'analyst' };
    const events = await start(field, context);
    if (!(Symbol.asyncIterator in events)) throw new Error('It did not start.');
    expect((await events.next()).value).not.toHaveProperty('errors');
    context.role = 'partner';
    expect((await events.next()).value).toMatchObject({ data: { [field]: null }, errors: [{}] });
  });
});

describe('protecting leaves the schema as Pothos built it', () => {
  const schema = pothosSchema();
  const guarded = protect(schema, {
    Query: { item: allow, stages: allow },
    Subscription: { tick: allow },
    Item: allow,
    Other: allow,
  });

  it('in print, defaults and one-of inputs included', () => {
    expect(printSchema(guarded)).toBe(printSchema(schema));
  });

  it('in the extensions of types, fields, arguments and values', () => {
    for (const [type, field] of [
      ['Query', 'item'],
      ['Item', 'name'],
      ['Subscription', 'tick'],
    ] as const) {
      expect(fieldOf(guarded, type, field).extensions).toEqual(fieldOf(schema, type, field).extensions);
    }
    expect(fieldOf(guarded, 'Query', 'item').extensions).toMatchObject({ mark: 'kept' });
    expect(guarded.getType('Item')?.extensions).toEqual(schema.getType('Item')?.extensions);
    expect(guarded.getType('Pick')).toMatchObject({ isOneOf: true });
  });

  it('in the values behind enums and in how unions are told apart', async () => {
    const document = parse('{ item(pick: { code: "o" }) { ... on Other { id } } stages(of: LIVE) }');
    expect(await execute({ schema: guarded, document, contextValue: {} })).toEqual({
      data: { item: { id: '1' }, stages: ['LIVE', 'PLANNED'] },
    });
  });
});

function fieldOf(schema: GraphQLSchema, type: string, field: string) {
  const found = schema.getType(type);
  if (!found || !('getFields' in found)) throw new Error(`There is no type ${type}.`);
  return found.getFields()[field]!;
}

function pothosSchema(): GraphQLSchema {
  const builder = new SchemaBuilder<object>({} as never);
  const Stage = builder.enumType('Stage', { values: { LIVE: { value: 1 }, PLANNED: { value: 2 } } });
  const Item = builder.objectRef<{ kind: 'item'; name: string }>('Item').implement({
    extensions: { mark: 'kept' },
    fields: (t) => ({ name: t.exposeString('name', { extensions: { mark: 'kept' } }) }),
  });
  const Other = builder
    .objectRef<{ kind: 'other'; id: string }>('Other')
    .implement({ fields: (t) => ({ id: t.exposeID('id') }) });
  const Found = builder.unionType('Found', {
    types: [Item, Other],
    resolveType: ({ kind }) => (kind === 'item' ? Item : Other),
  });
  const Pick = builder.inputType('Pick', { isOneOf: true, fields: (t) => ({ code: t.string(), name: t.string() }) });
  builder.queryType({
    fields: (t) => ({
      item: t.field({
        type: Found,
        extensions: { mark: 'kept' },
        args: { pick: t.arg({ type: Pick }), first: t.arg.int({ defaultValue: 25 }) },
        resolve: (_parent, { pick }) =>
          (pick?.code ? { kind: 'other', id: '1' } : { kind: 'item', name: 'n' }) as never,
      }),
      stages: t.field({
        type: [Stage],
        args: { of: t.arg({ type: Stage, defaultValue: 2 }) },
        resolve: (_parent, { of }) => [of === 1 ? 1 : 2, 2] as const,
      }),
    }),
  });
  builder.subscriptionType({
    fields: (t) => ({
      tick: t.int({
        subscribe: async function* () {
          yield 1;
        },
        resolve: (value) => value as number,
      }),
    }),
  });
  return builder.toSchema();
}
