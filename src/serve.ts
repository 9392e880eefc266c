import { demonstrationAccounts } from './account/demonstration-accounts.ts';
import { config, givenPlace, type Place } from './config.ts';
import { requireFreePort } from './listen.ts';
import { startProcesses } from './processes.ts';
import { type Closing, exitOnFault, stopAtWord, stopOnSignal } from './stop-on-signal.ts';
import { exitOnSignal, openConfiguredDatabase } from './with-database.ts';

/** Runs the platform until it is told to stop: database, demonstration data (in development), jobs, server. */
export async function servePlatform(): Promise<void> {
  const place = givenPlace();
  if (place) return serveBesideOthers(place);
  const { production, host, port, processes, publicUrl } = config();
  await requireFreePort(host, port);
  const keepSignals = exitOnSignal();
  process.once('uncaughtException', exitOnFault);
  const database = await openConfiguredDatabase();
  const opened: Closing = [database.close];
  try {
    if (!production) {
      const { seed } = await import('../prisma/seed.ts');
      await seed(new Date());
    }
    if (processes > 1) opened.unshift((await startProcesses(processes, database.url)).stop);
    else await (await import('./open-parts.ts')).openParts(opened, database.url, null);
    keepSignals();
    stopOnSignal(opened);
    process.stdout.write(production ? `Serving at ${publicUrl}\n` : welcome(publicUrl, database.embedded));
  } catch (error) {
    for (const close of opened) await close().catch(() => undefined);
    throw error;
  }
}

// One of several: whoever started it has opened the database and brought it up to date.
async function serveBesideOthers(place: Place): Promise<void> {
  process.once('uncaughtException', exitOnFault);
  const opened: Closing = [];
  stopAtWord(opened);
  const database = await openConfiguredDatabase({ upToDate: false });
  opened.unshift(database.close);
  await (await import('./open-parts.ts')).openParts(opened, database.url, place);
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
