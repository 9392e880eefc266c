import { persistedDocuments } from '../../src/graphql/persisted-documents.ts';
import type { Answer, As, Platform } from '../support/platform.ts';

/** Every field of every answer that `submitReport` has: what portals send. */
export const SUBMIT = persistedDocuments.find(({ id }) => id === 'submit-report.1')?.text ?? '';

export type Receipt = {
  accessCode: string;
  receivedOn: string;
  reports: { reference: string; address: string }[];
  proof: string;
};

/** What `submitReport` answers; throws where the request failed as a whole. */
export async function submit(platform: Platform, input: object, as: As = 'stranger'): Promise<Answer['data']> {
  const { data, errors } = await platform.ask(SUBMIT, { input }, as);
  if (!data) throw new Error(`The request failed: ${JSON.stringify(errors)}`);
  return data.submitReport;
}

/** The receipt of a submission that has to succeed. */
export async function receiptFor(platform: Platform, portal: string, address: string, more = {}): Promise<Receipt> {
  const answer = await submit(platform, { portal, address, ...more });
  if (answer.__typename !== 'ReportReceipt') throw new Error(`No receipt: ${JSON.stringify(answer)}`);
  return answer;
}

/** The status behind an access code, over HTTP. */
export async function statusOf(platform: Platform, code: string): Promise<Answer['data']> {
  const { data, errors } = await platform.ask(
    'query ($code: String!) { reportStatus(accessCode: $code) { receivedOn stage outcome } }',
    { code },
  );
  if (!data) throw new Error(`The request failed: ${JSON.stringify(errors)}`);
  return data.reportStatus;
}

/** Rows of the test's own database. */
// biome-ignore lint/suspicious/noExplicitAny: the columns are what each test asks for.
export async function rows(sql: string, values: unknown[] = []): Promise<any[]> {
  const { pool } = await import('../../src/db.ts');
  return (await pool.query(sql, values)).rows;
}
