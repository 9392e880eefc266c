import { randomBytes } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { Command } from 'commander';
import { ConfigError, config } from './config.ts';
import { ExpectedFailure } from './expected-failure.ts';
import { MigrationError } from './migrate.ts';

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
  .description('check every chain of the audit trail; exits with 1 and names the first bad entry of each broken one')
  .action(() =>
    onDatabase({}, async () => {
      const { verifyChains } = await import('./audit/verify-chains.ts');
      const { entries, streams, faults } = await verifyChains();
      for (const { stream, seq, fault } of faults) say(`BROKEN ${stream} entry ${seq}: ${fault}`);
      say(`${entries} entries in ${streams} chains checked, ${faults.length} broken.`);
      if (faults.length > 0) process.exitCode = 1;
    }),
  );

const statistics = program.command('statistics').description('the figures that partners see');
statistics
  .command('publish')
  .argument('<month>', 'a month that is over, such as 2026-10')
  .description('publish a month for every country, as the next edition where a figure has changed')
  .action((month: string) => {
    if (!/^\d{4}-(0[1-9]|1[0-2])$/.test(month)) fail('Give a month such as 2026-10.');
    return onDatabase({}, async () => {
      const { publishStatistics } = await import('./statistics/publish-statistics.ts');
      const by = { system: true, operation: 'statistics publish' } as const;
      for (const { country, edition } of await publishStatistics(by, new Date(`${month}-01`), new Date()))
        say(`${country} edition ${edition}`);
    });
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
  const { DomainError } = await import('./domain/errors.ts');
  const expected = [ConfigError, MigrationError, ExpectedFailure, DomainError].some((kind) => error instanceof kind);
  process.stderr.write(
    `${expected ? (error as Error).message : error instanceof Error ? error.stack : String(error)}\n`,
  );
  process.exit(1);
});
