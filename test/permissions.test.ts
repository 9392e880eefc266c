import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { execute, extendSchema, type GraphQLSchema, parse, subscribe } from 'graphql';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { PermissionTree } from '../src/graphql/shield.ts';
import {
  aDocumentEach,
  aDocumentEachDoor,
  aDocumentEachRoot,
  aDocumentEachType,
  type Document,
  disguises,
  doorTo,
  objectTypes,
} from './permissions-documents.ts';
import { firstEvent, oneOfEach, type Somebody } from './permissions-roles.ts';
import { coordinates, mayAsk, type Role, roles } from './permissions-table.ts';
import { type Answer, freePort, type Platform, send, startPlatform } from './support/platform.ts';
import { soak } from './support/soak.ts';
import { statementsOf } from './support/statements.ts';

const SIGN_IN = ['accounts', 'partners', 'api_keys'];

let platform: Platform;
let people: Map<Role, Somebody>;
let source: Awaited<ReturnType<typeof loadSource>>;
let elsewhere: RegExp;
let inDisguise: Map<string, Document[]>;
beforeAll(async () => {
  platform = await startPlatform();
  people = await oneOfEach(platform);
  source = await loadSource();
  inDisguise = new Map(Object.keys(disguises).map((name) => [name, aDocumentEach(source.schema, name)]));
  const { prisma } = await import('../src/db.ts');
  const rows = await prisma.$queryRaw<{ name: string }[]>`
    SELECT tablename::text AS name FROM pg_tables WHERE schemaname = 'public'`;
  const tables = rows.map(({ name }) => name).filter((name) => !SIGN_IN.includes(name));
  elsewhere = new RegExp(`\\b(${tables.join('|')}|audit_append|graphile_worker|BEGIN|INSERT|DELETE)\\b`);
});
afterAll(() => platform.stop());

describe('the table of permissions', () => {
  it('names every field of every object type, each once, and no other', () => {
    const fields = objectTypes(source.schema).flatMap((type) =>
      Object.keys(type.getFields()).map((field) => `${type.name}.${field}`),
    );
    expect(fields.length).toBeGreaterThan(250);
    expect([...coordinates].sort()).toEqual(fields.sort());
  });

  it('is of roles that the platform knows apart', () => {
    const viewers = [...people.values()].map(({ viewer }) => viewer);
    const kinds = viewers.map((viewer) => [viewer?.role, viewer?.partner?.kind, viewer?.partner?.urlListAccess].join());
    expect(new Set(kinds).size).toBe(roles.length);
  });
});

describe.each(roles)('%s', (role) => {
  it('is answered what the table permits, and for what it refuses no row is read', async () => {
    const faults: string[] = [];
    for (const document of aDocumentEachRoot(source.schema)) faults.push(...(await faultsOverHttp(role, document)));
    expect(faults).toEqual([]);
  });

  it('is refused every type of the others in some disguise, and no type of its own', async () => {
    const faults: string[] = [];
    // A fifth of the types each: all of them over the roles, and every one for every role at full size.
    const share = soak(1, 5);
    const documents = aDocumentEachType(source.schema, roles.indexOf(role)).filter(
      (_document, n) => n % share === roles.indexOf(role) % share,
    );
    for (const document of documents) faults.push(...(await faultsOverHttp(role, document)));
    expect(faults).toEqual([]);
  });

  it.each(Object.keys(disguises))('is judged by every field of a document, before it runs: %s', async (disguise) => {
    const { schema, permissions } = source;
    expect(await misjudged(schema, permissions, role, inDisguise.get(disguise)!)).toEqual([]);
  });

  it('is judged by a field alone, whatever was permitted above it', async () => {
    const { schema, permissions } = source.open;
    expect(await misjudged(schema, permissions, role, aDocumentEachDoor(source.schema))).toEqual([]);
  });

  it('is refused by the schema itself too, were a document never judged before', async () => {
    const faults: string[] = [];
    for (const document of aDocumentEachDoor(source.schema)) {
      const { codes, statements } = await runUnjudged(role, document);
      // What is permitted finds an empty object in place of a row, and may well fail on it.
      const refused = codes.includes(codeFor(role));
      if (refused === mayAsk(role, document.reaches)) faults.push(`${document.name}: ${codes}`);
      if (refused) faults.push(...statements);
    }
    // Those that are permitted are asked over HTTP; here they would write a second time.
    for (const document of aDocumentEachRoot(source.schema).filter(({ reaches }) => !mayAsk(role, reaches))) {
      const { codes, statements } = await runUnjudged(role, document);
      if (codes.join() !== codeFor(role)) faults.push(`${document.name}: ${codes}`);
      faults.push(...statements);
    }
    expect(faults).toEqual([]);
  });
});

describe('a document of several operations', () => {
  it('is judged by the one that runs', async () => {
    const query = 'query Innocent { portals { code } } query Asked { cases { edges { node { address } } } }';
    const innocent = await send(platform.url, { query, operationName: 'Innocent' });
    expect(innocent).toMatchObject({ errors: [], data: { portals: expect.any(Array) } });
    const asked = await send(platform.url, { query, operationName: 'Asked' });
    expect(asked).toMatchObject({ data: null, errors: [{ extensions: { code: 'UNAUTHENTICATED' } }] });
  });
});

describe('a field added without a rule', () => {
  it.each([
    ['extend type Query { added: Int }', 'Query.added: no rule'],
    ['extend type Mutation { added: Int }', 'Mutation.added: no rule'],
    ['extend type Query { portals2: [Added] } type Added { name: String }', 'Added: a type without a rule'],
  ])('is named in the refusal to protect the schema: %s', (sdl, fault) => {
    const { schema, permissions, protect } = source;
    expect(() => protect(schema, permissions)).not.toThrow();
    expect(() => protect(extendSchema(schema, parse(sdl)), permissions)).toThrow(fault);
  });

  it('stops the server at start, and says which it is', async () => {
    const script = `
      const { builder } = await import('./src/graphql/builder.ts');
      builder.queryField('addedWithoutARule', (t) => t.int({ resolve: () => 1 }));
      await import('./src/main.ts');`;
    // As in production, where nothing is seeded first.
    const { code, output } = await run(script, {
      NODE_ENV: 'production',
      DATABASE_URL: platform.databaseUrl,
      PORT: String(await freePort()),
      SECRETS: `test:${randomBytes(32).toString('base64url')}`,
      OIDC_ISSUER: 'https://issuer.example',
      PUBLIC_URL: 'https://portals.example',
      TRUSTED_PROXIES: '0',
    });
    expect(output).toContain('Query.addedWithoutARule: no rule');
    expect(code).toBe(1);
  }, 60_000);
});

// Imported late, as the platform's own modules are: they read the configuration that it set.
async function loadSource() {
  const { schema } = await import('../src/graphql/schema.ts');
  const { permissions } = await import('../src/graphql/permissions.ts');
  const { allow } = await import('../src/graphql/shield.ts');
  const { protect } = await import('../src/graphql/protect.ts');
  const { refusal } = await import('../src/graphql/refuse-early.ts');
  const { createContext } = await import('../src/graphql/context.ts');

  // The same with a door to each type that anyone may go through: what is refused behind it is refused by its own rule.
  const types = objectTypes(schema);
  const doors = types.map((type) => `${doorTo(type)}: ${type.name}`).join(' ');
  const openSchema = extendSchema(schema, parse(`extend type Query { ${doors} }`));
  const rules = Object.fromEntries(types.map((type) => [doorTo(type), allow]));
  const openTree = { ...permissions, Query: { ...permissions['Query'], ...rules } } as PermissionTree;
  const open = { schema: openSchema, permissions: openTree, guarded: protect(openSchema, openTree) };
  const contextOf = (role: Role) => createContext(people.get(role)?.viewer ?? null, 'Matrix', new Date());
  return { schema, permissions, protect, open, refusal, contextOf };
}

const codeFor = (role: Role) => (role === 'stranger' ? 'UNAUTHENTICATED' : 'FORBIDDEN');

async function faultsOverHttp(role: Role, document: Document): Promise<string[]> {
  const { name, query, operationName, reaches } = document;
  const somebody = people.get(role)!;
  const { statements, result } = await statementsOf<Answer>(() =>
    query.startsWith('subscription')
      ? firstEvent(platform, query, somebody.headers)
      : send(platform.url, { query, operationName }, somebody.headers),
  );
  const codes = result.errors.map(({ extensions }) => extensions.code);
  if (mayAsk(role, reaches)) return codes.length === 0 && result.data ? [] : [`${name}: ${JSON.stringify(result)}`];
  const refused = result.data === null && codes.join() === codeFor(role);
  const read = role === 'stranger' ? statements : statements.filter((statement) => elsewhere.test(statement));
  return [
    ...(refused ? [] : [`${name}: not refused but ${JSON.stringify(result)}`]),
    ...read.map((statement) => `${name}: refused after ${statement}`),
  ];
}

async function misjudged(schema: GraphQLSchema, tree: PermissionTree, role: Role, documents: Document[]) {
  const faults: string[] = [];
  const context = source.contextOf(role);
  for (const { name, parsed, operationName, reaches } of documents) {
    const code = (await source.refusal(schema, tree, parsed, operationName, context))?.extensions['code'];
    if (code !== (mayAsk(role, reaches) ? undefined : codeFor(role))) faults.push(`${name}: ${code}`);
  }
  return faults;
}

async function runUnjudged(role: Role, { query, parsed }: Document) {
  const run = query.startsWith('subscription') ? subscribe : execute;
  const contextValue = source.contextOf(role);
  const rootValue = new Proxy({}, { get: () => ({}) });
  const { statements, result } = await statementsOf(async () =>
    run({ schema: source.open.guarded, document: parsed, contextValue, rootValue }),
  );
  const errors = ('errors' in result ? result.errors : undefined) ?? [];
  return { statements, codes: errors.map(({ extensions }) => extensions['code']) };
}

function run(script: string, environment: Record<string, string>): Promise<{ code: number | null; output: string }> {
  const args = ['--import', 'tsx', '--input-type=module', '--eval', script];
  const env = { ...process.env, ...environment };
  const child = spawn(process.execPath, args, { env, stdio: ['ignore', 'pipe', 'pipe'], timeout: 50_000 });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (output += String(chunk)));
  return new Promise((resolve) => child.once('close', (code) => resolve({ code, output })));
}
