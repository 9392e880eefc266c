// Writes src/generated (Prisma's client and Pothos's types) if it is not of this schema and these versions, and takes a few
// milliseconds otherwise. Runs before start, test and types. Says nothing on stdout, which belongs to the commands.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import * as fs from 'node:fs';
import { createRequire } from 'node:module';
import { delimiter, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const LEFTOVER_MS = 600_000;
const self = fileURLToPath(import.meta.url);
const root = dirname(dirname(self));
const schemaFile = join(root, 'prisma', 'schema.prisma');
const target = join(root, 'src', 'generated');
const stampFile = join(target, 'stamp');
const outputs = ['prisma/client.ts', 'pothos.ts', 'stamp'].map((name) => join(target, name));

const prismaFile = packageFile('prisma');
const sources = [schemaFile, self, prismaFile, packageFile('@prisma/client'), packageFile('@pothos/plugin-prisma')];
const stamp = sources.reduce((hash, file) => hash.update(fs.readFileSync(file)), createHash('sha256')).digest('hex');

if (!isCurrent()) generate();

function isCurrent() {
  return outputs.every((file) => fs.existsSync(file)) && fs.readFileSync(stampFile, 'utf8') === stamp;
}

/**
 * Generates into a folder of its own and moves each file over the old one, the stamp last: two at once do no harm, no reader
 * finds a file missing, and a run that is killed is repeated.
 */
function generate() {
  process.stderr.write('Generating src/generated from prisma/schema.prisma …\n');
  fs.mkdirSync(target, { recursive: true });
  removeLeftovers();
  const work = fs.mkdtempSync(join(target, '.new-'));
  try {
    runPrisma(work);
    const made = join(work, 'src', 'generated');
    readCompilerFromFile(join(made, 'prisma', 'internal'));
    const files = filesIn(made);
    fs.rmSync(stampFile, { force: true });
    for (const file of files) {
      fs.mkdirSync(dirname(join(target, file)), { recursive: true });
      fs.renameSync(join(made, file), join(target, file));
    }
    for (const file of filesIn(target)) if (!files.includes(file)) fs.rmSync(join(target, file), { force: true });
    fs.writeFileSync(join(work, 'stamp'), stamp);
    fs.renameSync(join(work, 'stamp'), stampFile);
  } finally {
    fs.rmSync(work, { recursive: true, force: true });
  }
}

function runPrisma(work) {
  // The schema's outputs are relative to it: from a copy below `work` they come out below `work`.
  const copy = join(work, 'prisma', 'schema.prisma');
  fs.mkdirSync(dirname(copy));
  fs.copyFileSync(schemaFile, copy);
  const cli = join(dirname(prismaFile), JSON.parse(fs.readFileSync(prismaFile, 'utf8')).bin.prisma);
  const result = spawnSync(process.execPath, [cli, 'generate', '--no-hints', '--schema', copy], {
    cwd: root,
    encoding: 'utf8',
    env: {
      ...process.env,
      // The Pothos generator is found by name, and its first line asks for `node`.
      PATH: [join(root, 'node_modules', '.bin'), dirname(process.execPath), process.env.PATH].join(delimiter),
      // `generate` uses no schema engine, but downloads one unless this names a program that exists.
      PRISMA_SCHEMA_ENGINE_BINARY: process.execPath,
      CHECKPOINT_DISABLE: '1',
    },
  });
  if (result.status === 0) return;
  throw new Error(`prisma generate failed.\n${result.error ?? ''}${result.stdout ?? ''}${result.stderr ?? ''}`);
}

/**
 * Prisma's client imports its query compiler as a text in base64, which the module and its source hold for the life of the process:
 * 9 MB that nobody asks for again. Here it is a file, read once.
 */
function readCompilerFromFile(folder) {
  const classFile = join(folder, 'class.ts');
  const text = fs.readFileSync(classFile, 'utf8');
  const imported =
    /const \{ wasm \} = await import\("(@prisma\/client\/runtime\/[\w.-]+)\.mjs"\)\s+return await decodeBase64AsWasm\(wasm\)/;
  const [statement, name] = imported.exec(text) ?? [];
  if (!name) throw new Error(`${classFile} loads its query compiler in a way that prisma/generate.mjs does not know.`);
  const { wasm } = createRequire(self)(`${name}.js`);
  fs.writeFileSync(join(folder, 'query-compiler.wasm'), Buffer.from(wasm, 'base64'));
  const read = `const { readFile } = await import('node:fs/promises')
    return new WebAssembly.Module(await readFile(new URL('query-compiler.wasm', import.meta.url)))`;
  fs.writeFileSync(classFile, text.replace(statement, read));
}

/** Removes what a run that was killed left behind, once it is too old to be at work. */
function removeLeftovers() {
  for (const name of fs.readdirSync(target).filter((entry) => entry.startsWith('.new-'))) {
    const found = fs.statSync(join(target, name), { throwIfNoEntry: false });
    if (found && Date.now() - found.mtimeMs > LEFTOVER_MS)
      fs.rmSync(join(target, name), { recursive: true, force: true });
  }
}

function filesIn(folder) {
  const entries = fs.readdirSync(folder, { recursive: true, encoding: 'utf8' });
  return entries.filter(
    (file) => !file.startsWith('.new-') && fs.statSync(join(folder, file), { throwIfNoEntry: false })?.isFile(),
  );
}

function packageFile(name) {
  return join(root, 'node_modules', name, 'package.json');
}
