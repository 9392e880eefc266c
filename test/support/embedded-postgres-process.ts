// A process of its own for embedded-postgres.test.ts: starts the database, says its URL, and does what it is told on stdin.
import { startEmbeddedPostgres } from '../../src/embedded-postgres.ts';

const database = await startEmbeddedPostgres({ dataDir: process.argv[2] ?? '' });
process.stdout.write(database.url);
process.stdin.once('data', async (command) => {
  if (String(command) === 'exit') process.exit(7);
  await database.stop();
  process.exit(0);
});
