import { defineConfig } from 'vitest/config';

// `graphql` is one module: without the alias Vitest loads its CommonJS and its ES build side by side ("another realm").
const oneGraphql = { alias: { graphql: new URL('./node_modules/graphql/index.js', import.meta.url).pathname } };

export default defineConfig({
  test: {
    // One more than the two processors of the machines that this runs on: a file waits for Postgres half of its time.
    maxWorkers: 3,
    projects: [
      {
        resolve: oneGraphql,
        test: {
          name: 'platform',
          include: ['test/**/*.test.ts'],
          exclude: ['test/web/**', 'test/bench/**'],
          globalSetup: ['test/support/database-server.ts'],
          testTimeout: 60_000,
          hookTimeout: 60_000,
        },
      },
      {
        resolve: oneGraphql,
        test: { name: 'web', include: ['test/web/**/*.test.ts'], testTimeout: 60_000, hookTimeout: 120_000 },
      },
    ],
  },
});
