import { GraphQLError, parse } from 'graphql';
import { createSchema, createYoga } from 'graphql-yoga';
import { beforeEach, describe, expect, it } from 'vitest';
import { refusal, refuseEarly } from '../../src/graphql/refuse-early.ts';
import { allow, and, deny, or, type PermissionTree, rule } from '../../src/graphql/shield.ts';

interface Context {
  role?: string;
}

const asked: string[] = [];
const needs = (role: string) =>
  rule({ cache: 'no_cache' })((_parent, _args, context: Context) => {
    asked.push(role);
    if (!context.role) return new GraphQLError('Sign in first.', { extensions: { code: 'UNAUTHENTICATED' } });
    return context.role === role;
  });
const failing = (fault: unknown) =>
  rule({ cache: 'no_cache' })(() => {
    throw fault;
  });
const answering = (answer: unknown) => rule({ cache: 'no_cache' })(() => answer as boolean);
const isAnalyst = needs('analyst');
const isPartner = needs('partner');

let resolved: string[] = [];
const touch = (name: string, value: unknown) => () => {
  resolved.push(name);
  return value;
};
const schema = createSchema({
  typeDefs: `
    interface Named { name: String }
    type Portal implements Named { name: String next: Found }
    type Case implements Named { name: String address: String }
    type Receipt { code: String }
    union Found = Portal | Case
    union Sent = Receipt | Portal
    type Query {
      portal: Portal open: Found named: Named sent: Sent secret: String
      down: String refusedByThrow: String odd: String text: String later: String either: String
    }
    type Mutation { note: String erase: String }
    type Subscription { changes: Case }
  `,
  resolvers: {
    Query: {
      portal: touch('portal', { name: 'p' }),
      secret: touch('secret', 's'),
      down: touch('down', 'd'),
      refusedByThrow: touch('refusedByThrow', 'r'),
    },
    Mutation: { note: touch('note', 'n'), erase: touch('erase', 'e') },
    Subscription: { changes: { subscribe: touch('changes', null) } },
  },
});
const tree: PermissionTree = {
  Query: {
    portal: allow,
    open: allow,
    named: allow,
    sent: allow,
    secret: isAnalyst,
    down: failing(new Error('the directory is down')),
    refusedByThrow: failing(new GraphQLError('thrown', { extensions: { code: 'FORBIDDEN' } })),
    odd: answering(1),
    text: answering('no'),
    later: rule({ cache: 'no_cache' })(async () => Promise.reject(new Error('too late'))),
    either: or(isAnalyst, and(isPartner, allow)),
  },
  Mutation: { note: allow, erase: deny },
  Subscription: { changes: isAnalyst },
  Portal: allow,
  Case: { name: allow, address: isAnalyst },
  Receipt: { code: allow },
};
const ask = (query: string, role?: string, operationName?: string) =>
  refusal(schema, tree, parse(query), operationName, role ? { role } : {});

beforeEach(() => {
  asked.length = 0;
  resolved = [];
});

describe('an operation is refused before execution', () => {
  it.each([
    ['for a plain field', '{ secret }'],
    ['under an alias', '{ portal { name } mine: secret }'],
    ['in a fragment', '{ ...F } fragment F on Query { ...G } fragment G on Query { secret }'],
    ['in an inline fragment', '{ ... on Query { ... { secret } } }'],
    ['on one type of a union', '{ open { ... on Case { address } } }'],
    ['on one type of an interface', '{ named { ... on Case { address } } }'],
    ['by an interface inside a union', '{ open { ... on Named { ... on Case { address } } } }'],
    ['deep below', '{ portal { next { ... on Portal { next { ... on Case { address } } } } } }'],
    [
      'in a fragment that was harmless elsewhere',
      '{ portal { ...N } named { ...N } } fragment N on Named { ... on Case { address } }',
    ],
    ['skipped', 'query ($yes: Boolean!) { secret @skip(if: $yes) }'],
    ['not included', '{ portal { name } secret @include(if: false) }'],
    ['included by a fragment that is not', '{ ...F @include(if: false) } fragment F on Query { secret }'],
    ['in a cycle of fragments', '{ ...F } fragment F on Query { ...G } fragment G on Query { ...F secret }'],
    ['of a subscription', 'subscription { changes { name } }'],
  ])('%s', async (_where, query) => {
    expect(await ask(query)).toMatchObject({ extensions: { code: 'UNAUTHENTICATED' } });
    expect(await ask(query, 'partner')).toMatchObject({ extensions: { code: 'FORBIDDEN' } });
    expect(await ask(query, 'analyst')).toBeNull();
  });

  it('says where in the document, and at which root field', async () => {
    const error = await ask('{\n  named {\n    ... on Case { place: address }\n  }\n}');
    expect(error?.toJSON()).toEqual({
      message: 'Sign in first.',
      locations: [{ line: 3, column: 19 }],
      path: ['named'],
      extensions: { code: 'UNAUTHENTICATED' },
    });
  });

  it.each([
    ['what anyone may see', '{ portal { __typename name } }'],
    ['of a type that cannot stand there', '{ sent { ... on Named { name } ... on Receipt { code } } }'],
    ['what is in a fragment that nothing uses', '{ portal { name } } fragment F on Query { secret }'],
  ])('but not for %s', async (_what, query) => {
    expect(await ask(query)).toBeNull();
  });

  it('only for the operation that is to run', async () => {
    const query = 'query Open { portal { name } } query Closed { secret }';
    expect(await ask(query, undefined, 'Open')).toBeNull();
    expect(await ask(query, undefined, 'Closed')).toMatchObject({ extensions: { code: 'UNAUTHENTICATED' } });
    // Validation forbids two of one name; graphql-js would run the last.
    expect(await ask(query.replace('Open', 'Closed'), undefined, 'Closed')).not.toBeNull();
    // GraphQL itself answers these with an error and runs nothing.
    expect(await ask(query, undefined, 'Missing')).toBeNull();
    expect(await ask(query)).toBeNull();
  });

  it('as each type of an interface has it, and not as most have it', async () => {
    const strict = { ...tree, Case: { name: isAnalyst, address: isAnalyst } };
    expect(await refusal(schema, strict, parse('{ named { name } }'), null, { role: 'partner' })).not.toBeNull();
    const narrowed = parse('{ portal { name } named { ... on Portal { name } } }');
    expect(await refusal(schema, strict, narrowed, null, { role: 'partner' })).toBeNull();
  });

  it("with shield's own 'and' and 'or'", async () => {
    expect(await ask('{ either }', 'partner')).toBeNull();
    expect(await ask('{ either }', 'stranger')).toMatchObject({ extensions: { code: 'FORBIDDEN' } });
  });

  it('for a field that the tree forgot', async () => {
    for (const hole of [{ Query: {} }, { Query: { secret: undefined } }, {}]) {
      const refused = await refusal(schema, hole as unknown as PermissionTree, parse('{ secret }'), null, {});
      expect(refused).toMatchObject({ extensions: { code: 'FORBIDDEN' } });
    }
  });

  it('asking each rule once, and afresh for each context', async () => {
    const document = parse('{ secret named { ... on Case { address } } open { ... on Case { address } } }');
    expect(await refusal(schema, tree, document, null, { role: 'analyst' })).toBeNull();
    expect(asked).toEqual(['analyst']);
    expect(await refusal(schema, tree, document, null, {})).not.toBeNull();
  });

  it('in a moment, also where fragments multiply', async () => {
    const levels = Array.from({ length: 40 }, (_, n) => `fragment F${n} on Query { ...F${n + 1} ...F${n + 1} }`);
    const query = `{ ...F0 } ${levels.join(' ')} fragment F40 on Query { secret }`;
    expect(await ask(query)).toMatchObject({ extensions: { code: 'UNAUTHENTICATED' } });
  });

  it('where a rule answers anything but true', async () => {
    expect(await ask('{ odd }', 'analyst')).toMatchObject({ extensions: { code: 'FORBIDDEN' } });
  });

  it.each(['down', 'refusedByThrow', 'text', 'later'])('but a rule that fails (%s) is a fault', async (field) => {
    const outcome = ask(`{ ${field} }`, 'analyst');
    await expect(outcome).rejects.toThrow(/^A permission rule (failed|answered with neither)/);
    await expect(outcome).rejects.not.toBeInstanceOf(GraphQLError);
  });
});

describe('behind Yoga, a refused operation', () => {
  const yoga = createYoga<object, Context>({
    schema,
    logging: false,
    context: ({ request }) => ({ role: request.headers.get('x-role') ?? '' }),
    plugins: [refuseEarly<Context>(tree, { mayIntrospect: ({ role }) => role === 'analyst' })],
  });
  const post = async (query: string, role = '') => {
    const headers = { 'content-type': 'application/json', 'x-role': role };
    const response = await yoga.fetch('http://localhost/graphql', {
      method: 'POST',
      headers,
      body: JSON.stringify({ query }),
    });
    return { status: response.status, body: await response.json() };
  };

  it('is refused whole, and no resolver runs', async () => {
    expect((await post('{ portal { name } secret }')).body).toMatchObject({
      data: null,
      errors: [{ path: ['secret'], extensions: { code: 'UNAUTHENTICATED' } }],
    });
    expect((await post('mutation { note erase }', 'analyst')).body).toMatchObject({
      data: null,
      errors: [{ path: ['erase'], extensions: { code: 'FORBIDDEN' } }],
    });
    expect((await post('subscription { changes { name } }')).body).toMatchObject({
      data: null,
      errors: [{ extensions: { code: 'UNAUTHENTICATED' } }],
    });
    expect(resolved).toEqual([]);
  });

  it('is decided again for the next person who sends the same document', async () => {
    expect((await post('{ secret }', 'analyst')).body).toEqual({ data: { secret: 's' } });
    expect((await post('{ secret }', 'partner')).body).toMatchObject({
      errors: [{ extensions: { code: 'FORBIDDEN' } }],
    });
  });

  it.each(['down', 'refusedByThrow'])('is a masked fault when a rule throws (%s)', async (field) => {
    const { status, body } = await post(`{ ${field} }`, 'analyst');
    expect(status).toBe(500);
    expect(body).toEqual({ errors: [{ message: 'Unexpected error.', extensions: { code: 'INTERNAL_SERVER_ERROR' } }] });
    expect(resolved).toEqual([]);
  });

  it.each([
    '{ __schema { queryType { name } } }',
    '{ portal { name } ...F } fragment F on Query { t: __type(name: "Case") { name } }',
  ])('is introspection by those who may not (%s)', async (query) => {
    expect((await post(query)).body).toMatchObject({ data: null, errors: [{ extensions: { code: 'FORBIDDEN' } }] });
    expect((await post(query, 'analyst')).body).not.toHaveProperty('errors');
    expect((await post('{ __typename }')).body).toEqual({ data: { __typename: 'Query' } });
  });
});
