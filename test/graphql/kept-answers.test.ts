// Of which operations the answer is kept, by a schema that counts how often anything below its fields was asked.
import {
  GraphQLBoolean,
  type GraphQLFieldConfig,
  GraphQLInt,
  GraphQLNonNull,
  GraphQLObjectType,
  GraphQLSchema,
  GraphQLString,
  parse,
  validate,
} from 'graphql';
import { beforeEach, describe, expect, it } from 'vitest';
import type { Context } from '../../src/graphql/context.ts';
import { answersAreKept, type KeptAnswer, keepAnswers } from '../../src/graphql/kept-answers.ts';
import { operationToRun, reachedFields } from '../../src/graphql/reached-fields.ts';

type Thing = { name: string };
type Fields = Record<string, GraphQLFieldConfig<Thing, Context>>;

let asked = 0;
let things: Map<string, Thing>;
beforeEach(() => {
  asked = 0;
  things = new Map(['a', 'b', 'c'].map((name) => [name, { name }]));
});

const text = { type: new GraphQLNonNull(GraphQLString) };
const below: Fields = {
  name: text,
  counted: {
    ...text,
    resolve: ({ name }) => {
      asked += 1;
      return name;
    },
  },
  long: {
    ...text,
    args: { length: { type: GraphQLInt } },
    resolve: ({ name }, { length }) => {
      asked += 1;
      return name.repeat(length);
    },
  },
  whose: { ...text, resolve: ({ name }, _args, context) => `${name} of ${context.viewer?.name}` },
  // As if it took two.
  sly: { ...text, resolve: (...[{ name }, _args, context]) => `${name} of ${context.viewer?.name}` },
  slyer: {
    ...text,
    resolve: Object.defineProperty((_: Thing, __: object, context: Context) => `of ${context.viewer?.name}`, 'length', {
      value: 2,
    }),
  },
  broken: {
    ...text,
    resolve: (_) => {
      throw new Error('broken');
    },
  },
};
const Thing = new GraphQLObjectType<Thing, Context>({ name: 'Thing', fields: below });
const given = {
  type: Thing,
  args: { name: text },
  resolve: (_root: unknown, { name }: { name?: string }, context: Context) => {
    if (!context.viewer) throw new Error('nobody');
    return things.get(name ?? '') ?? null;
  },
};
const schema = new GraphQLSchema({
  query: new GraphQLObjectType({
    name: 'Query',
    fields: {
      thing: { ...given, extensions: answersAreKept },
      other: given,
      odd: { ...given, extensions: answersAreKept, resolve: (_root, { name }, _context, _info) => things.get(name) },
    },
  }),
  types: [GraphQLBoolean],
});
const somebody = { viewer: { name: 'Somebody' } } as Context;
const nobody = { viewer: null } as Context;

function kept(query: string): KeptAnswer | null {
  const document = parse(query);
  expect(validate(schema, document)).toEqual([]);
  const operation = operationToRun(document, null);
  if (!operation) throw new Error('There is one operation.');
  return keepAnswers(schema, document, operation, reachedFields(schema, document, operation).fields);
}
function keptOf(query: string): KeptAnswer {
  const answer = kept(query);
  if (!answer) throw new Error(`not kept: ${query}`);
  return answer;
}

describe('an answer is kept', () => {
  const query =
    'query ($n: String!, $more: Boolean = true) { it: thing(name: $n) { ...F } } fragment F on Thing { counted @include(if: $more) name }';

  it('as long as the field gives the same object', async () => {
    const answer = keptOf(query);
    const text = '{"data":{"it":{"counted":"a","name":"a"}}}';
    expect(await answer(somebody, { n: 'a' })).toBe(text);
    // From its second time on.
    const second = await answer(somebody, { n: 'a' });
    expect(second?.toString()).toBe(text);
    expect(await answer(somebody, { n: 'a' })).toBe(second);
    expect(asked).toBe(2);
    things.set('a', { name: 'another' });
    expect((await answer(somebody, { n: 'a' }))?.toString()).toBe(
      '{"data":{"it":{"counted":"another","name":"another"}}}',
    );
    expect(asked).toBe(3);
    expect((await answer(somebody, { n: 'a' }))?.toString()).toContain('another');
    expect(asked).toBe(3);
  });

  it('for each document and for its variables', async () => {
    const [answer, other] = [keptOf(query), keptOf('query ($n: String!) { thing(name: $n) { counted } }')];
    const told = async (variables: Record<string, unknown>) => (await answer(somebody, variables))?.toString();
    for (let n = 0; n < 3; n += 1) {
      expect(await told({ n: 'b' })).toBe('{"data":{"it":{"counted":"b","name":"b"}}}');
      expect(await told({ n: 'b', more: false })).toBe('{"data":{"it":{"name":"b"}}}');
      expect((await other(somebody, { n: 'b' }))?.toString()).toBe('{"data":{"thing":{"counted":"b"}}}');
    }
    expect(asked).toBe(4);
  });

  it('and the field itself decides each time', async () => {
    const answer = keptOf(query);
    expect(await answer(somebody, { n: 'c' })).not.toBeNull();
    expect(await answer(nobody, { n: 'c' })).toBeNull();
    expect(await answer(somebody, { n: 'nothing' })).toBeNull();
    expect(await answer(somebody, {})).toBeNull();
    expect(await answer(somebody, { n: 7 })).toBeNull();
  });

  it('until others take up what there is of room', async () => {
    const answer = keptOf('query ($n: String!, $length: Int!) { thing(name: $n) { long(length: $length) } }');
    const ask = async (length: number) => {
      const before = asked;
      const told = await answer(somebody, { n: 'a', length });
      return told !== null && asked > before ? 'anew' : 'kept';
    };
    const twice = async (lengths: number[]) => {
      for (const length of [...lengths, ...lengths]) await ask(length);
    };
    const [one = 0, ...more] = Array.from({ length: 12 }, (_, n) => 1_000_000 + n);
    await twice([one, ...more.slice(0, 4)]);
    expect(await ask(one)).toBe('kept');
    await twice(more.slice(4));
    expect([await ask(more.at(-1) ?? 0), await ask(one)]).toEqual(['kept', 'anew']);
    await twice([9_000_000]);
    expect(await ask(9_000_000)).toBe('anew');
  });
});

describe('an answer is never kept', () => {
  it.each([
    ['where a resolver below takes the context', '{ thing(name: "a") { name whose } }'],
    ['where one below may take all there is', '{ thing(name: "a") { sly } }'],
    ['of a field that does not say so', '{ other(name: "a") { name } }'],
    ['of a field that looks at the document', '{ odd(name: "a") { name } }'],
    ['of two fields', '{ thing(name: "a") { name } other: thing(name: "b") { name } }'],
    ['of a field that may be left out', 'query ($w: Boolean!) { thing(name: "a") @include(if: $w) { name } }'],
    ['of a field in a fragment', '{ ... { thing(name: "a") { name } } }'],
    ['of none', '{ __typename }'],
  ])('%s', (_, query) => {
    expect(kept(query)).toBeNull();
  });

  it('where one below takes the context in secret: there is none', async () => {
    expect(await keptOf('{ thing(name: "a") { name slyer } }')(somebody, {})).toBeNull();
  });

  it('where anything fails', async () => {
    expect(await keptOf('{ thing(name: "a") { name broken } }')(somebody, {})).toBeNull();
  });
});
