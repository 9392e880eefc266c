import { afterAll, describe, expect, it } from 'vitest';
import { demonstrationAccounts } from '../src/account/demonstration-accounts.ts';
import { openCommandLine, runCommand } from './support/spawned.ts';

const SLOW = 120_000;
const UNREACHABLE = 'postgresql://nobody:nothing@127.0.0.1:1/none';

describe('the command line', () => {
  const commandLine = openCommandLine({ DATABASE_URL: UNREACHABLE });
  afterAll(() => commandLine.close());

  it(
    'explains itself and each of its commands',
    async () => {
      const { stdout } = await runCommand(['--help']);
      const names = Array.from(stdout.matchAll(/^ {2}([a-z][a-z-]*) ?.*? {2,}\S/gm), ([, name = '']) => name);
      expect(names).toEqual(
        expect.arrayContaining(['serve', 'migrate', 'seed', 'token', 'secret', 'audit', 'statistics']),
      );
      const commands = [
        ['audit', 'verify'],
        ['statistics', 'publish'],
        ...names.filter((name) => name !== 'help').map((name) => [name]),
      ];
      const check = async (command: string[]) => {
        const { code, stdout, stderr } = await commandLine.run(...command, '--help');
        expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
        expect(stdout).toMatch(new RegExp(`^Usage: npm start -- ${command.join(' ')}[^\\n]*\\n\\n\\w.{10}`));
      };
      await Promise.all(commands.map(check));
    },
    SLOW,
  );

  it.each([
    { what: 'an unknown command', args: ['sreve'], says: 'Try: npm start -- --help' },
    {
      what: 'an unknown account',
      args: ['token', 'nobody'],
      says: `There are: ${demonstrationAccounts.map(({ subject }) => subject).join(', ')}.`,
    },
    { what: 'hours without end', args: ['token', 'analyst', '--hours', '0'], says: '--hours takes a number' },
    { what: 'a month that is none', args: ['statistics', 'publish', '2026-13'], says: 'Give a month such as 2026-10.' },
    {
      what: 'a database that does not answer',
      args: ['migrate'],
      says: 'The database does not answer (ECONNREFUSED).',
    },
    {
      what: 'a setting that is wrong',
      args: ['serve'],
      settings: { PORT: 'abc' },
      says: 'PORT: must be a whole number',
    },
    {
      what: 'a token in production',
      args: ['token', 'analyst'],
      settings: { NODE_ENV: 'production' },
      says: 'SECRETS is missing',
    },
  ])(
    'answers $what with a line on standard error and exit code 1',
    async ({ args, settings, says }) => {
      const { code, stdout, stderr } = settings
        ? await runCommand(args, { DATABASE_URL: UNREACHABLE, ...settings })
        : await commandLine.run(...args);
      expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
      expect(stderr).toContain(says);
      expect(stderr).not.toMatch(/^ +at /m);
      expect(stderr).not.toContain('nothing');
    },
    SLOW,
  );

  it(
    'lists every fault of a production configuration at once',
    async () => {
      const { code, stdout, stderr } = await runCommand([], {
        NODE_ENV: 'production',
        PORT: '70000',
        GRAPHIQL: 'true',
        OIDC_ISSUER: 'http://identity.example',
      });
      expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
      const faults = ['DATABASE_URL', 'SECRETS', 'PUBLIC_URL', 'TRUSTED_PROXIES', 'PORT', 'GRAPHIQL', 'OIDC_ISSUER'];
      for (const fault of faults) expect(stderr).toMatch(new RegExp(`^- ${fault}\\b`, 'm'));
      expect(stderr.match(/^- /gm)).toHaveLength(faults.length);
    },
    SLOW,
  );
});
