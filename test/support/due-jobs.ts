import pg from 'pg';

/** Runs what waits in the queue and is due, by the worker's own tasks, until nothing is left; gives the names of what ran. */
export async function runDueJobs(databaseUrl: string, inSeconds = 1): Promise<string[]> {
  const { tasks } = await import('../../src/jobs/tasks.ts');
  const client = new pg.Client({ connectionString: databaseUrl });
  await client.connect();
  const ran: string[] = [];
  for (;;) {
    const { rows } = await client.query(
      `SELECT j.id, t.identifier AS name, j.payload FROM graphile_worker._private_jobs j JOIN graphile_worker._private_tasks t ON t.id = j.task_id
       WHERE j.run_at <= now() + $1 * interval '1 second' ORDER BY j.run_at, j.id`,
      [inSeconds],
    );
    if (rows.length === 0) break;
    for (const { id, name, payload } of rows) {
      await client.query('SELECT FROM graphile_worker.complete_jobs(ARRAY[$1]::bigint[])', [id]);
      await tasks.find((task) => task.name === name)?.run(payload);
      ran.push(name);
    }
  }
  await client.end();
  return ran;
}
