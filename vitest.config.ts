import { defineConfig } from 'vitest/config';
import { BaseSequencer, type TestSpecification } from 'vitest/node';

// `graphql` is one module: without the alias Vitest loads its CommonJS and its ES build side by side ("another realm").
const oneGraphql = { alias: { graphql: new URL('./node_modules/graphql/index.js', import.meta.url).pathname } };

/** When a test is given up. Nothing takes so long, but hosts may give a busy machine a third of what they promise. */
const TIMEOUT_MS = 120_000;

// Begun last, any of these would be waited for alone while a processor idles.
const LONGEST =
  /(start-own-postgres|start|permissions|killed-worker|database-outage|receipt-oracle|report-flood|disclosure-attack|commands)\.test\.ts$/;

// Vitest asks for a class.
class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const sorted = await super.sort(files);
    return [...sorted.filter(isLong), ...sorted.filter((file) => !isLong(file))];
  }
}
const isLong = ({ moduleId }: TestSpecification) => LONGEST.test(moduleId);

export default defineConfig({
  test: {
    sequence: { sequencer: LongestFirst },
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
          // To load the libraries takes longer than most files' tests: once a worker. own-modules.ts keeps the files apart all the same.
          isolate: false,
          // This one keeps an instance of its program in a variable, so it is each file's own too.
          server: { deps: { inline: [/schema-engine-wasm/] } },
          setupFiles: ['test/support/own-modules.ts'],
          testTimeout: TIMEOUT_MS,
          hookTimeout: TIMEOUT_MS,
        },
      },
      {
        resolve: oneGraphql,
        test: { name: 'web', include: ['test/web/**/*.test.ts'], testTimeout: TIMEOUT_MS, hookTimeout: TIMEOUT_MS },
      },
    ],
  },
});
