import { readFileSync } from 'node:fs';

/** Where the examples look for the platform; the page says its own address instead. */
const EXAMPLE_URL = 'http://localhost:4000';

const examples = {
  'report.sh': 'From a shell, by curl',
  'report.mjs': 'By fetch, in Node.js or a browser, with every error and the proof of work',
  'report.ts': 'A typed client, by gql.tada',
  'report.html': 'A plain form, which needs no script',
  'embed.html': 'Twenty lines for a page of your own',
  'statistics.ts': 'For partners: published figures in a tool of their own, typed by gql.tada',
} as const;
type ExampleName = keyof typeof examples;

/** An example as it stands in its file, asking the platform at this address; tests run each. */
export function exampleText(name: ExampleName, url: string): string {
  return readFileSync(new URL(`./examples/${name}`, import.meta.url), 'utf8').replaceAll(EXAMPLE_URL, url);
}

/** The examples by their file names, with what each shows. */
export const exampleTitles = Object.entries(examples) as [ExampleName, string][];
