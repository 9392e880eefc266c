import { closeDatabase } from '../../src/db.ts';
import { type BenchDatabase, sizes } from './bench-database.ts';
import { makeData } from './make-data.ts';
import { makeFigures } from './make-figures.ts';

/** Raise it with every change of what `makeData` makes: a database that was made before is then no longer used. */
const DATA_VERSION = 3;

/** Makes the data of a size in an empty database; nothing where it is there already. Throws where an earlier version of the bench made it. */
export async function prepareDatabase(database: BenchDatabase, tell: (line: string) => void): Promise<void> {
  const { client, size } = database;
  await client.query(
    'CREATE SCHEMA IF NOT EXISTS bench; CREATE TABLE IF NOT EXISTS bench.made (version int, size text, at timestamptz DEFAULT now())',
  );
  const { rows: made } = await client.query<{ version: number }>('SELECT version FROM bench.made');
  if (made.some(({ version }) => version === DATA_VERSION)) return;
  const { rows: portals } = await client.query('SELECT FROM portals LIMIT 1');
  if (portals.length > 0)
    throw new Error(`The data of ${size} is unfinished or of an earlier kind: delete its folder below DATA_DIR.`);

  const start = performance.now();
  await database.use();
  try {
    await (await import('../../prisma/seed-accounts.ts')).seedAccountsAndPortals();
    const now = new Date();
    await makeData(client, sizes[size], now, tell);
    await makeFigures(now, tell);
  } finally {
    await closeDatabase();
  }
  await client.query('INSERT INTO bench.made (version, size) VALUES ($1, $2)', [DATA_VERSION, size]);
  tell(`${size} is made in ${((performance.now() - start) / 60_000).toFixed(1)} minutes.`);
}
