import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Platform, startPlatform } from '../support/platform.ts';

const CANARY = 'https://canary.example/secret';
const REPORT = 'mutation ($input: SubmitReportInput!) { submitReport(input: $input) { __typename } }';

describe('errors of a malformed request', () => {
  let platform: Platform;
  beforeAll(async () => {
    platform = await startPlatform();
  });
  afterAll(() => platform.stop());

  it.each<[string, string, object, RegExp]>([
    [
      'a misspelt field',
      REPORT,
      { input: { portal: 'ke', address: CANARY, contry: 'KE' } },
      /Field "contry" is not defined/,
    ],
    ['a missing field', REPORT, { input: { address: CANARY } }, /Field "portal" of required type/],
    [
      'a wrong enum value',
      REPORT,
      { input: { portal: 'ke', address: 'x', details: { category: CANARY } } },
      /at "input.details.category"/,
    ],
    [
      'a list for a text',
      REPORT,
      { input: { portal: 'ke', address: [CANARY] } },
      /String cannot represent a non string value\.$/,
    ],
    [
      'a wrong day',
      REPORT,
      { input: { portal: 'ke', address: 'x', details: { seenOn: CANARY } } },
      /Give a day such as/,
    ],
    [
      'an enum literal',
      `{ portal(code: "ke") { code } cases(filter: { states: ["${CANARY}"] }) { edges { cursor } } }`,
      {},
      /Enum/,
    ],
    ['an object for a text', `{ portal(code: { a: "${CANARY}" }) { code } }`, {}, /String cannot represent/],
    ['broken syntax', `{ portal(code: "ke") { code } } "${CANARY}"`, {}, /Syntax Error/],
  ])('name the fault of %s and not the value', async (_fault, query, variables, says) => {
    const answer = await platform.ask(query, variables);
    expect(answer.errors.length).toBeGreaterThan(0);
    expect(JSON.stringify(answer)).not.toContain('canary');
    expect(answer.errors.map(({ message }) => message).join('\n')).toMatch(says);
  });
});
