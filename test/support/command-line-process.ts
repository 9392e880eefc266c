// A process of its own for spawned.ts: runs one command line of the platform after another, so that only the first loads it. A
// command has ended, as a process would have, when nothing is left for it to wait for; what it does after `process.exit` is lost.
const HALT = new Error('The command has ended.');
let printed = { stdout: '', stderr: '' };
let exited: number | undefined;
let asked = 0;

process.exit = ((code?: number) => {
  exited ??= code ?? Number(process.exitCode ?? 0);
  throw HALT;
}) as typeof process.exit;
for (const name of ['stdout', 'stderr'] as const) {
  process[name].write = ((text: string | Uint8Array) => {
    if (exited === undefined) printed[name] += typeof text === 'string' ? text : Buffer.from(text).toString();
    return true;
  }) as typeof process.stdout.write;
}
process.on('unhandledRejection', fault).on('uncaughtException', fault);
process.on('message', (args: string[]) => {
  [printed, exited, process.exitCode] = [{ stdout: '', stderr: '' }, undefined, undefined];
  process.argv = [process.execPath, 'src/main.ts', ...args];
  process.channel?.unref();
  asked += 1;
  import(`../../src/main.ts?run=${asked}`).catch(fault);
});
process.on('beforeExit', () => {
  if (!process.connected) return;
  process.channel?.ref();
  process.send?.({ code: exited ?? Number(process.exitCode ?? 0), ...printed });
});

function fault(error: unknown): void {
  if (error === HALT || exited !== undefined) return;
  printed.stderr += String(error);
  exited = 1;
}
