import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type BenchDatabase, openBenchDatabase, type Size } from './bench-database.ts';
import type { OperationName, Setting } from './contender.ts';
import { contender } from './contenders.ts';
import { type Identity, startIdentity } from './identity.ts';
import { type LoadGenerator, startLoadGenerator } from './load.ts';
import { measure, type Plan, type Row, type Serving } from './measure.ts';
import { prepareDatabase } from './prepare-database.ts';
import { refusalFaults } from './refusals.ts';
import { answerFaults } from './same-answers.ts';
import { keepOffServerCore } from './server-process.ts';
import { makeSetting } from './setting.ts';

/** What a run stands on: a database with data, servers over it, and one who asks. */
export type Stage = {
  database: BenchDatabase;
  identity: Identity;
  setting: Setting;
  serving: Serving[];
  load: LoadGenerator;
};

/** Opens the database of a size and starts these contenders over it, does `work`, and stops everything, whatever happens. */
export async function onStage<T>(
  { size, url, names }: { size: Size; url?: string | undefined; names: string[] },
  tell: (line: string) => void,
  work: (stage: Stage) => Promise<T>,
): Promise<T> {
  // What is started from here on stays off the servers' core too.
  keepOffServerCore(process.pid);
  const folder = mkdtempSync(join(tmpdir(), 'bench-'));
  const opened: (() => unknown)[] = [() => rmSync(folder, { recursive: true })];
  try {
    tell(`opening the database of ${size}`);
    const database = await openBenchDatabase(size, url);
    opened.unshift(database.stop);
    await prepareDatabase(database, tell);
    const identity = await startIdentity(folder);
    opened.unshift(identity.stop);
    const setting = await makeSetting(database.client, identity);
    const serving: Serving[] = [];
    for (const name of names) {
      tell(`starting ${name}`);
      const one = await contender(name, database.url, identity);
      const server = await one.start();
      serving.push({ contender: one, server });
      opened.unshift(server.stop);
    }
    const load = startLoadGenerator();
    opened.unshift(load.stop);
    return await work({ database, identity, setting, serving, load });
  } finally {
    for (const close of opened) await close();
  }
}

/**
 * Compares contenders on one stage. A row is void where its answers, or what they leave, are not everybody's, where one who must not
 * was answered, or where a request failed.
 */
export async function compare(stage: Stage, plan: Plan, tell: (line: string) => void): Promise<Row[]> {
  const { serving, setting, database, load } = stage;
  tell('checking that all give the same answers');
  const faults = await answerFaults(serving, setting, database.client);
  const refusals = await refusedByPlatform(stage);
  const rows = await measure(serving, setting, database, load, plan, tell);
  tell('checking once more, warm, that nobody is answered who must not be');
  for (const [operation, fault] of [...refusals, ...(await refusedByPlatform(stage))])
    faults.set(`platform ${operation}`, fault);
  return rows.map((row) => ({ ...row, fault: faults.get(`${row.contender} ${row.operation}`) ?? row.fault }));
}

async function refusedByPlatform({ serving, setting, identity }: Stage): Promise<Map<OperationName, string>> {
  const platform = serving.find(({ contender }) => contender.name === 'platform');
  if (!platform) return new Map();
  return refusalFaults(platform.contender.operations, platform.server.port, setting, identity);
}
