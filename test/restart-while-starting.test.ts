import cluster from 'node:cluster';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, vi } from 'vitest';
import { log } from '../src/log.ts';
import { startProcesses } from '../src/processes.ts';
import { freePort } from './support/platform.ts';
import { until } from './support/spawned.ts';

it('a process that dies while another is still starting is started again', async () => {
  const said = vi.spyOn(log, 'error').mockImplementation(() => undefined);
  const folder = mkdtempSync(join(tmpdir(), 'reporting-portals-dying-'));
  process.env['PORT'] = String(await freePort());
  cluster.setupPrimary({ exec: 'test/support/process-that-dies.mjs', args: [], execArgv: [] });
  const listened = { times: 0 };
  cluster.on('listening', () => {
    listened.times += 1;
  });

  const { stop } = await startProcesses(2, folder);
  try {
    await until(() => listened.times === 3);
    expect(said.mock.calls).toEqual([['A process ended and is started again.', { id: 1, code: 7 }]]);
  } finally {
    await stop();
    rmSync(folder, { recursive: true, force: true });
    said.mockRestore();
  }
});
