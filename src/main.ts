import { randomBytes } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Command } from 'commander';
import { ConfigError, config } from './config.ts';
import { ExpectedFailure } from './expected-failure.ts';

// Commands load what they need when they run: `token` answers at once, and --help needs no database.
const program = new Command('npm start --')
  .description('Reporting Portals. Without a command it serves the platform: API, pages and jobs in one process.')
  .configureHelp({ showGlobalOptions: true })
  .showHelpAfterError('Try: npm start -- --help');

program
  .command('serve', { isDefault: true })
  .description(
    'serve the API and run the jobs (the default); on an embedded Postgres unless DATABASE_URL names another',
  )
  .action(async () => (await import('./serve.ts')).servePlatform());

program
  .command('work')
  .description('run the jobs and nothing else: no API, no pages; beside processes that serve')
  .action(async () => (await import('./work.ts')).runWorker());

program
  .command('migrate')
  .description('bring the database up to date, and nothing else')
  .option('--draft <name>', 'write the next migration from what changed in prisma/schema.prisma; needs no database')
  .option('--rolled-back <migration>', 'mark a failed migration as undone, so that it is tried again')
  .action(async ({ draft, rolledBack }: { draft?: string; rolledBack?: string }) => {
    const { draftMigration, markMigrationRolledBack } = await import('./migrate.ts');
    if (draft) return say((await draftMigration(draft)) ?? 'Nothing has changed.');
    await onDatabase({ upToDate: !rolledBack }, async (url) => {
      if (rolledBack) await markMigrationRolledBack(url, rolledBack);
      say(rolledBack ? `${rolledBack} is marked as rolled back. Run migrate again.` : 'The database is up to date.');
    });
  });

program
  .command('seed')
  .description('fill an empty database with demonstration data')
  .action(() =>
    onDatabase({}, async () => {
      const { seed } = await import('../prisma/seed.ts');
      say((await seed(new Date())) ? 'Demonstration data is in.' : 'There is data already: nothing was done.');
    }),
  );

program
  .command('token')
  .argument('<account>', 'a demonstration account, such as analyst')
  .description('print a bearer token of a demonstration account, and nothing else; for development only')
  .option('--hours <hours>', 'how long it is valid', '12')
  .action(async (account: string, { hours }: { hours: string }) => {
    const { demonstrationAccounts } = await import('./account/demonstration-accounts.ts');
    const { mintDevelopmentToken } = await import('./account/development-token.ts');
    if (config().production) fail('Production has no demonstration accounts: sign in with the identity provider.');
    const names = demonstrationAccounts.map(({ subject }) => subject);
    if (!names.includes(account))
      fail(`There is no demonstration account of this name. There are: ${names.join(', ')}.`);
    if (!(Number(hours) > 0 && Number(hours) <= 24 * 30)) fail('--hours takes a number above 0 and up to 720.');
    say(
      await mintDevelopmentToken({
        subject: account,
        audience: config().oidcAudience,
        now: new Date(),
        hours: Number(hours),
      }),
    );
  });

program
  .command('secret')
  .description('print a new key for SECRETS; put it before the old ones to rotate')
  .action(() => say(`k${Date.now().toString(36)}:${randomBytes(32).toString('base64url')}`));

program
  .command('schema')
  .description('print the GraphQL schema')
  .option('--write', 'write it to schema.graphql instead')
  .action(async ({ write }: { write?: boolean }) => {
    const { printedSchema } = await import('./graphql/printed-schema.ts');
    if (!write) return say(printedSchema());
    writeFileSync(fileURLToPath(new URL('../schema.graphql', import.meta.url)), printedSchema());
  });

const audit = program.command('audit').description('the audit trail');
audit
  .command('verify')
  .description(
    'check every chain of the audit trail against itself and the anchors; exits with 1 and names the first bad entry of each broken one',
  )
  .action(() =>
    onDatabase({}, async () => {
      const { verifyTrail } = await import('./audit/verify-trail.ts');
      const { entries, streams, anchors, faults, anchorFaults } = await verifyTrail();
      for (const { anchor, fault } of anchorFaults) say(`BROKEN anchor ${anchor}: ${fault}`);
      for (const { stream, seq, fault } of faults) say(`BROKEN ${stream} entry ${seq}: ${fault}`);
      const broken = faults.length + anchorFaults.length;
      say(`${entries} entries in ${streams} chains and ${anchors} anchors checked, ${broken} broken.`);
      if (broken > 0) process.exitCode = 1;
    }),
  );
audit
  .command('anchor')
  .description('sign where every chain ends now, and write it to a file in AUDIT_ANCHORS_DIR; a job does so every hour')
  .action(() =>
    onDatabase({}, async () => {
      const { anchorTrail } = await import('./audit/anchor-trail.ts');
      say(await anchorTrail({ system: true, operation: 'audit anchor' }, new Date()));
    }),
  );

program
  .command('retention')
  .description('forget contacts, free text and access codes whose time is over; a job does so every night')
  .option('--dry-run', 'only say how much it would be')
  .action(({ dryRun = false }: { dryRun?: boolean }) =>
    onDatabase({}, async () => {
      const { applyRetention } = await import('./retention/apply-retention.ts');
      const by = { system: true, operation: 'retention' } as const;
      if (dryRun) say('Nothing was forgotten. It would be:');
      for (const { name, count } of await applyRetention(by, new Date(), { dryRun })) say(`${count} ${name}`);
    }),
  );

const addresses = program.command('addresses').description('the keys by which reports are merged into cases');
addresses
  .command('rekey')
  .description('compute the key of every case anew, after the rules of addresses or the version of Node has changed')
  .option('--dry-run', 'only say what would be done')
  .action(({ dryRun = false }: { dryRun?: boolean }) =>
    onDatabase({}, async () => {
      const { rekeyAddresses } = await import('./case/rekey-addresses.ts');
      const by = { system: true, operation: 'addresses rekey' } as const;
      const { cases, refreshed, rekeyed, joined, left } = await rekeyAddresses(by, new Date(), { dryRun, tell: say });
      const would = dryRun ? 'Nothing was changed. It would be: ' : '';
      say(
        `${would}${cases} cases: ${rekeyed} rekeyed, ${joined} joined, ${refreshed} refreshed, ${left} left to a person.`,
      );
    }),
  );

const statistics = program.command('statistics').description('the figures that partners see');
statistics
  .command('publish')
  .argument('<month>', 'a month that is over, such as 2026-10')
  .option('--reason <text>', 'why published figures are corrected, for everybody to read; needed where one has changed')
  .description('publish a month for every country, as the next edition where a figure has changed')
  .action((month: string, { reason = null }: { reason?: string | null }) => {
    if (!/^\d{4}-(0[1-9]|1[0-2])$/.test(month)) fail('Give a month such as 2026-10.');
    return onDatabase({}, async () => {
      const { publishStatistics } = await import('./statistics/publish-statistics.ts');
      const by = { system: true, operation: 'statistics publish' } as const;
      const standing = await publishStatistics(by, new Date(`${month}-01`), { reason }, new Date());
      for (const { country, edition } of standing) say(`${country} edition ${edition}`);
    });
  });

statistics
  .command('rebuild')
  .option('--check', 'change nothing; exits with 1 where a table is not what was recorded')
  .description('compute what figures count anew from all that was recorded, and say where the tables differ from it')
  .action(({ check = false }: { check?: boolean }) =>
    onDatabase({}, async () => {
      const { rebuildFacts } = await import('./statistics/rebuild-facts.ts');
      const faults = await rebuildFacts({ check });
      for (const { table, rows } of faults) say(`${table}: ${rows} rows differ from what was recorded`);
      if (faults.length === 0) say('The facts are what was recorded.');
      else if (!check) say('They were replaced.');
      if (check && faults.length > 0) process.exitCode = 1;
    }),
  );

const urlList = program.command('url-list').description('the confirmed addresses that industry partners block');
urlList
  .command('publish')
  .description('keep the list as it is now as the next edition, signed; the jobs do it twice a day')
  .action(() =>
    onDatabase({}, async () => {
      const { publishEdition } = await import('./url-list/publish-edition.ts');
      const made = await publishEdition({ system: true, operation: 'url-list publish' }, new Date());
      say(`edition ${made?.number}: ${made?.entries} entries`);
    }),
  );

const portal = program.command('portal').description('portals kept as files, one a portal');
portal
  .command('import')
  .argument('<paths...>', 'files of portals, and folders of them')
  .description('make and change portals as their files tell; nothing at all where one of them has a fault')
  .action(async (paths: string[]) => {
    const { lineOfFault, readPortalFiles } = await import('./portal/portal-files.ts');
    const { portals, faults } = readPortalFiles(paths);
    if (faults.length > 0) fail(['Nothing was imported.', ...faults.map(lineOfFault)].join('\n'));
    await onDatabase({}, async () => {
      const { importPortals } = await import('./portal/import-portals.ts');
      const by = { system: true, operation: 'portal import' } as const;
      const told = portals.map(({ portal }) => portal);
      for (const { code, did } of await importPortals(by, told)) say(`${code} ${did}`);
    });
  });
portal
  .command('export')
  .argument('[codes...]', 'the codes of portals; all where left out')
  .option('--to <folder>', 'write a file each into this folder, instead of printing')
  .description('print portals as their files')
  .action((codes: string[], { to }: { to?: string }) =>
    onDatabase({}, async () => {
      const { exportPortals } = await import('./portal/export-portals.ts');
      const portals = await exportPortals(codes);
      if (!to) return void process.stdout.write(portals.map(({ yaml }) => yaml).join('---\n'));
      mkdirSync(to, { recursive: true });
      for (const { code, yaml } of portals) {
        writeFileSync(join(to, `${code}.yaml`), yaml);
        say(join(to, `${code}.yaml`));
      }
    }),
  );
portal
  .command('lint')
  .argument('[paths...]', 'files of portals, and folders of them; the portals of the database where left out')
  .description('name what portals should not go live with, and who has reviewed each language; exits with 1 on a fault')
  .action(async (paths: string[]) => {
    const { lintReport } = await import('./portal/lint-portals.ts');
    const { readPortalFiles } = await import('./portal/portal-files.ts');
    const { locales } = await import('./web/messages.ts');
    const tell = (read: ReturnType<typeof readPortalFiles>) => {
      const { lines, faults } = lintReport(read, { locales, today: new Date().toISOString().slice(0, 10) });
      say(lines.join('\n'));
      if (faults > 0) process.exitCode = 1;
    };
    if (paths.length > 0) return tell(readPortalFiles(paths));
    await onDatabase({}, async () => tell(await (await import('./portal/export-portals.ts')).readStoredPortals()));
  });

async function onDatabase(options: { upToDate?: boolean }, work: (url: string) => Promise<void>): Promise<void> {
  const { withDatabase } = await import('./with-database.ts');
  await withDatabase(options, work);
}

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}

function fail(reason: string): never {
  throw new ExpectedFailure(reason);
}

program.parseAsync().catch(async (error: unknown) => {
  const { DomainError, InvalidInputError } = await import('./domain/errors.ts');
  const expected = [ConfigError, ExpectedFailure, DomainError].some((kind) => error instanceof kind);
  const issues = error instanceof InvalidInputError ? error.issues : [];
  const told = expected ? (error as Error).message : error instanceof Error ? error.stack : String(error);
  const lines = [told, ...issues.map(({ path, message }) => `- ${path.join('.')}: ${message}`)];
  process.stderr.write(`${lines.join('\n')}\n`);
  process.exit(1);
});
