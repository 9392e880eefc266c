import { execFile } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const ROOT = fileURLToPath(new URL('../', import.meta.url));
const CONFIG = join(ROOT, '.dependency-cruiser.cjs');
const DEPCRUISE = join(ROOT, 'node_modules/dependency-cruiser/bin/dependency-cruise.mjs');
const rules: { name: string }[] = createRequire(import.meta.url)(CONFIG).forbidden;

type Cruise = {
  modules: { source: string }[];
  summary: { violations: { from: string; to: string; rule: { name: string } }[] };
};

/** What the tool of `npm run imports` sees in the folder `src` of a project, and what it forbids. */
async function cruise(project: string): Promise<{ seen: string[]; violations: string[] }> {
  const args = [DEPCRUISE, 'src', '--config', CONFIG, '--output-type', 'json'];
  // It exits with the number of violations, and prints them all the same.
  const { stdout } = await promisify(execFile)(process.execPath, args, { cwd: project, maxBuffer: 2 ** 26 }).catch(
    (failure: { stdout: string }) => failure,
  );
  const { modules, summary } = JSON.parse(stdout) as Cruise;
  return {
    seen: modules.map(({ source }) => source),
    violations: summary.violations.map(({ from, to, rule }) => `${from} → ${to}: ${rule.name}`),
  };
}

describe('the modules of the platform', () => {
  let seen: string[];
  let violations: string[];
  beforeAll(async () => {
    ({ seen, violations } = await cruise(ROOT));
  });

  it('are seen: more than a hundred of our own', () => {
    const ours = seen.filter((source) => source.startsWith('src/') && !source.startsWith('src/generated/'));
    expect(ours.length).toBeGreaterThan(100);
    expect(ours).toEqual(
      expect.arrayContaining(['src/main.ts', 'src/graphql/permissions.ts', 'src/web/start-page.tsx']),
    );
  });

  it('import only what the ways through the house allow', () => {
    expect(violations).toEqual([]);
  });

  it('leave the environment to config.ts', () => {
    const readers = sources().filter((file) =>
      /\bprocess\s*(\.\s*env\b|\[)|import\.meta\.env|from 'node:process'/.test(readFileSync(join(ROOT, file), 'utf8')),
    );
    expect(readers).toEqual(['src/config.ts']);
  });
});

// A small house in which each rule is broken, and what may be done is done too.
const house: Record<string, string> = {
  'tsconfig.json': readFileSync(join(ROOT, 'tsconfig.json'), 'utf8'),
  'src/db.ts':
    "import 'pg'; import { PrismaPg } from '@prisma/adapter-pg'; import './generated/prisma/client.ts'; PrismaPg;",
  'src/migrate.ts': "import '@prisma/adapter-pg';",
  'src/server.ts': "import './graphql/schema.ts'; import './report/schema.ts';",
  'src/generated/pothos.ts': "import './prisma/client.ts'; export type Types = object;",
  'src/generated/prisma/client.ts': "import '@prisma/client/runtime/client'; export type Row = object;",
  'src/generated/prisma/enums.ts': 'export const Verdict = {};',
  'src/graphql/builder.ts': "import '@pothos/core'; import '../db.ts'; import '../generated/pothos.ts';",
  'src/graphql/schema.ts': "import 'graphql'; import '../report/schema.ts'; import '../case/schema-steps.ts';",
  'src/graphql/yoga.ts': "import './schema.ts'; import '../case/schema-steps.ts';",
  'src/domain/address.ts': "import './case.ts'; import 'zod';",
  'src/domain/case.ts': "import './address.ts'; import 'node:crypto';",
  'src/report/schema.ts': "import '../graphql/builder.ts'; import './submit-report.ts';",
  'src/report/submit-report.ts': `
    import 'node:crypto'; import 'zod'; import '../db.ts'; import '../domain/address.ts'; import '../case/open-case.ts';
    import { Verdict } from '../generated/prisma/enums.ts'; import type { Row } from '../generated/prisma/client.ts';
    import '../web/page.tsx'; Verdict; export type It = Row;`,
  'src/case/schema-steps.ts': "import '../graphql/builder.ts'; import '../report/schema.ts';",
  'src/case/open-case.ts': `
    import type { GraphQLError } from 'graphql'; import '../graphql/builder.ts'; import 'pg'; import '../server.ts';
    import '../generated/prisma/client.ts'; import './not-there.ts'; export type E = GraphQLError;`,
  'src/case/model.ts': "import type { Types } from '../generated/pothos.ts'; export type It = Types;",
  'src/web/page.tsx': "import 'hono'; import '../case/model.ts'; import '../db.ts';",
};

const broken = [
  'src/server.ts → src/report/schema.ts: one-schema-joins-the-others',
  'src/graphql/yoga.ts → src/case/schema-steps.ts: one-schema-joins-the-others',
  'src/domain/address.ts → node_modules/zod: domain-is-pure',
  'src/domain/case.ts → crypto: domain-is-pure',
  'src/report/submit-report.ts → src/web/page.tsx: nothing-points-back',
  'src/case/schema-steps.ts → src/report/schema.ts: one-schema-joins-the-others',
  'src/case/open-case.ts → node_modules/graphql: only-schema-files-know-graphql',
  'src/case/open-case.ts → src/graphql/builder.ts: only-schema-files-know-graphql',
  'src/case/open-case.ts → node_modules/pg: one-door-to-the-database',
  'src/case/open-case.ts → src/server.ts: nothing-points-back',
  'src/case/open-case.ts → src/generated/prisma/client.ts: the-client-is-for-types',
  'src/case/open-case.ts → ./not-there.ts: every-import-is-found',
  'src/case/model.ts → src/generated/pothos.ts: the-datamodel-is-for-the-builder',
  'src/web/page.tsx → src/case/model.ts: pages-ask-the-api',
  'src/web/page.tsx → src/db.ts: pages-ask-the-api',
];

describe('the rules of the ways through the house', () => {
  const project = mkdtempSync(join(tmpdir(), 'reporting-portals-house-'));
  let violations: string[];
  beforeAll(async () => {
    for (const [file, text] of Object.entries(house)) {
      mkdirSync(dirname(join(project, file)), { recursive: true });
      writeFileSync(join(project, file), text);
    }
    symlinkSync(join(ROOT, 'node_modules'), join(project, 'node_modules'));
    ({ violations } = await cruise(project));
  });
  afterAll(() => rmSync(project, { recursive: true }));

  it('find what breaks them, and nothing else', () => {
    const plain = violations.map((violation) =>
      violation.replace(/→ \S*(node_modules\/(?:@[^/]+\/)?[^/:]+)[^:]*/, '→ $1'),
    );
    expect(plain.filter((violation) => !violation.endsWith('no-cycles')).sort()).toEqual([...broken].sort());
    expect(plain).toContain('src/domain/address.ts → src/domain/case.ts: no-cycles');
  });

  it('can each be broken', () => {
    const names = new Set(violations.map((violation) => violation.split(': ').at(-1)));
    expect([...names].sort()).toEqual(rules.map(({ name }) => name).sort());
  });
});

function sources(): string[] {
  return readdirSync(join(ROOT, 'src'), { recursive: true, encoding: 'utf8' })
    .map((file) => `src/${file}`)
    .filter((file) => /\.tsx?$/.test(file) && !file.startsWith('src/generated/'));
}
