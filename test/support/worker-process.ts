// A process that runs the jobs as `npm start -- work` does, but brings no database up to date: it is ready sooner.
const { config } = await import('../../src/config.ts');
const { openDatabase } = await import('../../src/db.ts');
const { startWorker } = await import('../../src/jobs/worker.ts');
const { startMailReceiver } = await import('../../src/notice/mail-receiver.ts');

openDatabase(config().databaseUrl ?? '', 4);
startMailReceiver();
await startWorker();
process.stdout.write('Working.\n');
