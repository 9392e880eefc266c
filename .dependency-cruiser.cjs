// The import rules of architecture.md, "The ways through it". test/architecture.test.ts runs them and shows that each can fail.

const OTHERS = 'domain|graphql|web|jobs|generated';
/** A folder of src that is none of the others: report, case, trace … */
const CAPABILITY = `^src/(?!(?:${OTHERS})/)[^/]+/`;
const SCHEMA_FILE = `(?:${CAPABILITY}|^src/jobs/)schema[a-z-]*\\.ts$`;
const GENERATED = '^src/generated/';
const GRAPHQL_PACKAGES = '(^|/)node_modules/(@pothos/|@escape\\.tech/graphql-armor|graphql[a-z-]*/)';
const DATABASE_PACKAGES = '(^|/)node_modules/(pg|@prisma/[a-z-]+|prisma)/';

/** @type {import('dependency-cruiser').IConfiguration} */
module.exports = {
  forbidden: [
    {
      name: 'no-cycles',
      comment: 'Nothing points back (rule 1).',
      severity: 'error',
      from: { pathNot: GENERATED },
      to: { circular: true, viaOnly: { pathNot: GENERATED } },
    },
    {
      name: 'domain-is-pure',
      comment: 'The domain imports only itself: no package, nothing of Node (rule 2).',
      severity: 'error',
      from: { path: '^src/domain/' },
      to: { pathNot: '^src/domain/' },
    },
    {
      name: 'only-schema-files-know-graphql',
      comment: 'In a capability only schema*.ts knows GraphQL: use cases, jobs and the domain do not (rule 3).',
      severity: 'error',
      from: { path: [CAPABILITY, '^src/jobs/', '^src/domain/'], pathNot: SCHEMA_FILE },
      to: { path: ['^src/graphql/', GRAPHQL_PACKAGES] },
    },
    {
      name: 'one-schema-joins-the-others',
      comment: 'Only src/graphql/schema.ts imports the schema*.ts of capabilities (rule 4).',
      severity: 'error',
      from: { path: '^src/', pathNot: '^src/graphql/schema\\.ts$' },
      to: { path: SCHEMA_FILE },
    },
    {
      name: 'one-door-to-the-database',
      comment: 'Only db.ts, the generated client, and migrate.ts for its engine open a connection (rule 5).',
      severity: 'error',
      from: { path: '^src/', pathNot: ['^src/(db|migrate)\\.ts$', GENERATED] },
      to: { path: DATABASE_PACKAGES },
    },
    {
      name: 'the-client-is-for-types',
      comment: "Elsewhere the generated client lends its types and its enums' values (rule 5).",
      severity: 'error',
      from: { path: '^src/', pathNot: ['^src/db\\.ts$', GENERATED] },
      to: {
        path: GENERATED,
        pathNot: ['^src/generated/prisma/enums\\.ts$', '^src/generated/pothos\\.ts$'],
        dependencyTypesNot: ['type-only'],
      },
    },
    {
      name: 'the-datamodel-is-for-the-builder',
      comment: "Only the schema's builder, and what reads for it, know what Pothos generated (rule 5).",
      severity: 'error',
      from: { path: '^src/', pathNot: ['^src/(graphql/builder|read-tree)\\.ts$', GENERATED] },
      to: { path: '^src/generated/pothos\\.ts$' },
    },
    {
      name: 'pages-ask-the-api',
      comment: 'The pages speak through the GraphQL schema: no use case, no database (rule 6).',
      severity: 'error',
      from: { path: '^src/web/' },
      to: {
        path: [CAPABILITY, '^src/db\\.ts$', '^src/jobs/', GENERATED],
        // Names and descriptions to show on the start page of development, and the types of schema.graphql: no use case.
        pathNot: ['^src/account/demonstration-accounts\\.ts$', '^src/generated/graphql-env\\.d\\.ts$'],
      },
    },
    {
      name: 'nothing-points-back',
      comment: 'main → server → graphql → schema → use case → domain | db: a use case knows neither server nor pages.',
      severity: 'error',
      from: { path: [CAPABILITY, '^src/(domain|graphql|jobs)/', '^src/(db|config|log)\\.ts$'] },
      // Words that mails to partners share with their pages: texts and names, no page.
      to: {
        path: ['^src/(main|serve|server)\\.ts$', '^src/web/'],
        pathNot: ['^src/web/partner/(messages|names|sentence)\\.ts$'],
      },
    },
    {
      name: 'every-import-is-found',
      comment:
        'A module that is not found is checked by no rule. Types of schema.graphql are there once `npm run types` ran.',
      severity: 'error',
      from: { path: '^src/', pathNot: GENERATED },
      to: { couldNotResolve: true, pathNot: 'generated/graphql-env\\.d\\.ts$' },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    // Imports of types count too: they are how knowledge of the wrong thing begins.
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'require', 'node', 'default', 'types'],
    },
  },
};
