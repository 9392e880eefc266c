import pg from 'pg';
import { runDueJobs } from '../support/due-jobs.ts';
import type { As, Platform } from '../support/platform.ts';

const DELIVERIES = 'deliveries { id kind month state attempts status }';
const SAVE = `mutation ($url: String!) { result: saveWebhook(input: { url: $url }) {
  ... on CreatedWebhook { secret webhook { id url disabledOn ${DELIVERIES} } } ... on InvalidInputError { issues { path code message } } } }`;
const LIST = `{ webhooks { id url createdOn disabledOn ${DELIVERIES} } }`;
const BY_ID = (mutation: string, argument = 'id') => `mutation ($id: ID!) { result: ${mutation}(${argument}: $id) {
  __typename ... on WebhookDelivery { id kind state } ... on Error { code } ... on InvalidInputError { issues { code } } } }`;
const DELETE = 'mutation ($id: ID!) { result: deleteWebhook(id: $id) { __typename ... on Error { code } } }';

/** What tests of webhooks do over and over. */
export async function webhookWork(platform: Platform) {
  const client = new pg.Client({ connectionString: platform.databaseUrl });
  await client.connect();
  const ask = async (query: string, variables: object, as: As) =>
    (await platform.ask(query, variables, as)).data.result;
  const sql = async (text: string, values: unknown[] = []) => (await client.query(text, values)).rows;
  return {
    client,
    sql,
    save: (url: string, as: As = 'partner-ke') => ask(SAVE, { url }, as),
    webhooks: async (as: As = 'partner-ke') => (await platform.ask(LIST, {}, as)).data.webhooks,
    test: (id: string, as: As = 'partner-ke') => ask(BY_ID('testWebhook'), { id }, as),
    replay: (id: string, as: As = 'partner-ke') => ask(BY_ID('replayWebhook', 'delivery'), { id }, as),
    remove: (id: string, as: As = 'partner-ke') => ask(DELETE, { id }, as),
    announce: async (month: string) => {
      const { announceMonth } = await import('../../src/statistics/announce-month.ts');
      await announceMonth(new Date(`${month}-01T00:00:00Z`), new Date());
    },
    run: (inSeconds?: number) => runDueJobs(platform.databaseUrl, inSeconds),
    close: () => client.end(),
  };
}
