import { demonstrationAccounts } from './account/demonstration-accounts.ts';
import { config } from './config.ts';
import { startWorker } from './jobs/worker.ts';
import { requireFreePort } from './listen.ts';
import { startMailReceiver } from './notice/mail-receiver.ts';
import { startServer } from './server.ts';
import { exitOnFault, stopOnSignal } from './stop-on-signal.ts';
import { exitOnSignal, openConfiguredDatabase } from './with-database.ts';

/** Runs the platform until it is told to stop: database, demonstration data (in development), jobs, server. */
export async function servePlatform(): Promise<void> {
  const { production, jobs, host, port } = config();
  await requireFreePort(host, port);
  const keepSignals = exitOnSignal();
  process.once('uncaughtException', exitOnFault);
  const database = await openConfiguredDatabase();
  const opened: (() => Promise<void>)[] = [database.close];
  try {
    if (!production) {
      const { seed } = await import('../prisma/seed.ts');
      await seed(new Date());
    }
    const server = await startServer();
    opened.unshift(server.stop);
    const worker = jobs ? await startWorker() : null;
    // Jobs end before the database they write to closes.
    if (worker) opened.splice(1, 0, startMailReceiver().stop, () => worker.stop());
    keepSignals();
    stopOnSignal(opened);
    process.stdout.write(production ? `Serving at ${server.url}\n` : welcome(server.url, database.embedded));
  } catch (error) {
    for (const close of opened) await close().catch(() => undefined);
    throw error;
  }
}

function welcome(url: string, embedded: boolean): string {
  const accounts = demonstrationAccounts.map(
    ({ subject, role, description }) => `  ${subject.padEnd(12)}${role.toLowerCase().padEnd(15)}${description}`,
  );
  return `
Reporting Portals is running${embedded ? ' on its own Postgres' : ''}, with demonstration data.

  The portals    ${url}/               (Kenya's: ${url}/ke, right to left: ${url}/pk)
  For partners   ${url}/partner        (figures: sign in as partner-ke or funder)
  Start here     ${url}/start          (where to look, who can sign in)
  GraphiQL       ${url}/graphql        (an example for each role, signed in already)
  Sign-in        ${url}/identity       (OpenID Connect, development only)
  Readiness      ${url}/ready          metrics at ${url}/metrics

Sign in as any of these (no password in development):
${accounts.join('\n')}

A token for curl:
  npm --silent start -- token analyst
  curl ${url}/graphql -H 'content-type: application/json' -H "authorization: Bearer $(npm --silent start -- token analyst)" \\
    -d '{"query":"{ viewer { name role } queueSummary { awaitingAssessment } }"}'

Ctrl-C stops everything.
`;
}
