import pg from 'pg';
import { runDueJobs } from '../support/due-jobs.ts';
import type { startMailServer } from '../support/mail-server.ts';
import type { As, Platform } from '../support/platform.ts';

const FIELDS =
  '__typename ... on Briefing { email language state } ... on Error { code } ... on InvalidInputError { issues { path code } }';
const SAVE = `mutation ($email: String!, $language: LanguageTag!) { result: saveBriefing(input: { email: $email, language: $language }) { ${FIELDS} } }`;
const STOP_OWN = `mutation { result: stopOwnBriefing { __typename ... on Briefing { email state } ... on Error { code } } }`;
const FOLLOW = (mutation: string) =>
  `mutation ($token: String!) { result: ${mutation}(token: $token) { __typename ... on BriefingLink { purpose language } ... on Error { code } } }`;

/** What tests of the monthly mail do over and over. */
export async function briefingWork(platform: Platform, server: Awaited<ReturnType<typeof startMailServer>>) {
  const client = new pg.Client({ connectionString: platform.databaseUrl });
  await client.connect();
  const ask = async (query: string, variables: object, as: As) =>
    (await platform.ask(query, variables, as)).data.result;
  const run = (inSeconds?: number) => runDueJobs(platform.databaseUrl, inSeconds);
  const save = (email: string, { language = 'en', as = 'partner-ke' as As } = {}) => ask(SAVE, { email, language }, as);
  const follow = (mutation: 'confirmBriefing' | 'stopBriefing', token: string) =>
    ask(FOLLOW(mutation), { token }, 'stranger');
  /** The token in the last mail to an address. */
  const tokenTo = (email: string): string => {
    const last = server.taken.findLast(({ to }) => to === email);
    return /\/briefing\/([\w-]{43})$/m.exec(last?.mail.text ?? '')?.[1] ?? '';
  };
  return {
    client,
    sql: async (text: string, values: unknown[] = []) => (await client.query(text, values)).rows,
    run,
    save,
    own: async (as: As = 'partner-ke') =>
      (await platform.ask('{ briefing { email language state since } }', {}, as)).data.briefing,
    stopOwn: (as: As = 'partner-ke') => ask(STOP_OWN, {}, as),
    follow,
    link: async (token: string) =>
      (await platform.ask('query ($token: String!) { briefingLink(token: $token) { purpose language } }', { token }))
        .data.briefingLink,
    tokenTo,
    /** Asks for the mail and confirms it. */
    subscribe: async (email: string, more: { language?: string; as?: As } = {}) => {
      await save(email, more);
      await run();
      await follow('confirmBriefing', tokenTo(email));
      server.taken.length = 0;
    },
    announce: async (month: string) => {
      const { announceMonth } = await import('../../src/statistics/announce-month.ts');
      await announceMonth(new Date(`${month}-01T00:00:00Z`), new Date());
    },
    close: () => client.end(),
  };
}
