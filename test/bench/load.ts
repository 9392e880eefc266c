import { fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { LoadOrder, LoadResult } from './load-generator.ts';
import { keepOffServerCore } from './server-process.ts';

/** A load generator: one order after another. */
export type LoadGenerator = { run: (order: LoadOrder) => Promise<LoadResult>; stop: () => void };

/** Starts a load generator, off the servers' core. */
export function startLoadGenerator(): LoadGenerator {
  const child = fork(fileURLToPath(new URL('load-generator.ts', import.meta.url)), { execArgv: ['--import', 'tsx'] });
  keepOffServerCore(child.pid ?? 0);
  return {
    run: (order) =>
      new Promise((resolve, reject) => {
        const ended = () => reject(new Error('The load generator ended.'));
        child.once('exit', ended);
        child.once('message', (result: LoadResult | { fault: string }) => {
          child.off('exit', ended);
          if ('fault' in result) reject(new Error(`The load generator: ${result.fault}`));
          else resolve(result);
        });
        child.send(order);
      }),
    stop: () => child.kill(),
  };
}
