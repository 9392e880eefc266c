import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { pathToFileURL } from 'node:url';

type Load = (file: { path: string }) => { contents: string; loader: 'ts' | 'tsx' };
type Esbuild = { build: (options: object) => Promise<unknown> };
type Plugin = { onLoad: (options: { filter: RegExp }, load: Load) => void };

/**
 * Makes one file of a program and all that it imports: a process that is started fifty times is to spend its time at work. Modules of ours still find
 * the files beside them.
 */
export async function bundle(entry: string, outfile: string): Promise<void> {
  // By way of tsx, which brings it: it is no dependency of ours.
  const { build } = createRequire(import.meta.resolve('tsx'))('esbuild') as Esbuild;
  const ownAddress = {
    name: 'own address',
    setup: ({ onLoad }: Plugin) =>
      onLoad({ filter: /\/src\/.*\.tsx?$/ }, ({ path }) => ({
        loader: path.endsWith('x') ? 'tsx' : 'ts',
        contents: readFileSync(path, 'utf8').replaceAll('import.meta.url', JSON.stringify(pathToFileURL(path).href)),
      })),
  };
  await build({
    entryPoints: [entry],
    outfile,
    bundle: true,
    platform: 'node',
    format: 'esm',
    target: 'node20',
    // The second is loaded only for a configuration that is written in it; without it and in short a process starts in half of the time.
    external: ['pg-native', 'typescript'],
    minify: true,
    banner: {
      js: `import { createRequire as makeRequire } from 'node:module'; const require = makeRequire(import.meta.url);`,
    },
    plugins: [ownAddress],
    logLevel: 'error',
  });
}
