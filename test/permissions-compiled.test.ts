// The role matrix once more, on what ships for operations that come often: compiled, without a wrapping around each field.
import { parse } from 'graphql';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { CompiledOperation } from '../src/graphql/compiled-operation.ts';
import { aDocumentEachRoot, aDocumentEachType, type Document, disguises } from './permissions-documents.ts';
import { oneOfEach, type Somebody } from './permissions-roles.ts';
import { mayAsk, type Role, roles } from './permissions-table.ts';
import { type Answer, type Platform, send, startPlatform } from './support/platform.ts';
import { statementsOf } from './support/statements.ts';

let platform: Platform;
let people: Map<Role, Somebody>;
let source: Awaited<ReturnType<typeof loadSource>>;
let documents: Document[];
beforeAll(async () => {
  platform = await startPlatform();
  people = await oneOfEach(platform);
  // A key notes the day of its first use.
  for (const { headers } of people.values()) await send(platform.url, { query: '{ viewer { name } }' }, headers);
  source = await loadSource();
  documents = aDocumentEachRoot(source.schema).filter(({ query }) => !query.startsWith('subscription'));
  for (const { query } of documents) source.makeHot(query);
});
afterAll(() => platform.stop());

// Imported late, as the platform's own modules are: they read the configuration that it set.
async function loadSource() {
  const { schema } = await import('../src/graphql/schema.ts');
  const { permissions } = await import('../src/graphql/permissions.ts');
  const { compileOperation } = await import('../src/graphql/compiled-operation.ts');
  const { hotOperation, learnHotOperations } = await import('../src/graphql/hot-operations.ts');
  const { createContext } = await import('../src/graphql/context.ts');
  const makeHot = (query: string) => {
    for (let n = 0; n < 3; n += 1) learnHotOperations().onExecute?.({ args: { document: parse(query) } } as never);
    return hotOperation({ query, documentId: undefined, operationName: undefined, variables: undefined });
  };
  const compile = (document: Document): CompiledOperation | null =>
    compileOperation(schema, permissions, document.parsed);
  const contextOf = (role: Role) => createContext(people.get(role)?.viewer ?? null, 'Matrix', new Date());
  return { schema, makeHot, compile, contextOf };
}

const codeFor = (role: Role) => (role === 'stranger' ? 'UNAUTHENTICATED' : 'FORBIDDEN');

it('every document that can be, is compiled', () => {
  expect(documents.length).toBeGreaterThan(100);
  expect(documents.filter(({ query }) => source.makeHot(query) === null)).toEqual([]);
});

describe.each(roles)('%s', (role) => {
  it('is answered what the table permits, and for what it refuses nothing but the account is read', async () => {
    const faults: string[] = [];
    for (const { name, query, reaches } of documents) {
      const { statements, result } = await statementsOf<Answer>(() =>
        send(platform.url, { query }, people.get(role)!.headers),
      );
      const codes = result.errors.map(({ extensions }) => extensions.code);
      const permitted = mayAsk(role, reaches);
      const isRight = permitted ? codes.length === 0 && result.data : codes.join() === codeFor(role) && !result.data;
      if (!isRight) faults.push(`${name}: ${JSON.stringify(result)}`);
      if (!permitted && statements.length > (role === 'stranger' ? 0 : 1)) faults.push(`${name}: ${statements.join()}`);
    }
    expect(faults).toEqual([]);
  });

  it('is judged by every field that a document can reach, in some disguise', async () => {
    const faults: string[] = [];
    const all = aDocumentEachType(source.schema, roles.indexOf(role) % Object.keys(disguises).length);
    // Of several operations none is compiled.
    for (const document of all.filter(({ operationName }) => operationName === undefined)) {
      const compiled = source.compile(document);
      if (!compiled) faults.push(`${document.name}: not compiled`);
      const refused = await compiled?.refuse(source.contextOf(role));
      const code = refused?.extensions['code'];
      if (code !== (mayAsk(role, document.reaches) ? undefined : codeFor(role)))
        faults.push(`${document.name}: ${code}`);
    }
    expect(faults).toEqual([]);
  });
});
