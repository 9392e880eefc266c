import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Platform, startPlatform } from '../support/platform.ts';

const CASES = (first: string, reports: string) =>
  `{ cases(first: ${first}) { edges { node { number reports(first: ${reports}) { edges { node { reference note contactEmail portal { code } } } } } } } }`;
const BY_VARIABLES = `query ($a: Int, $b: Int) ${CASES('$a', '$b')}`;

describe('a page whose size is a variable costs', () => {
  let platform: Platform;
  beforeAll(async () => {
    platform = await startPlatform();
  });
  afterAll(() => platform.stop());

  const codes = async (query: string, variables: object = {}) =>
    (await platform.ask(query, variables, 'analyst')).errors.map(({ extensions }) => extensions.code);

  it('what the largest costs, whatever it is, and however often it is asked for', async () => {
    expect(await codes(CASES('100', '100'))).toEqual(['OPERATION_TOO_LARGE']);
    for (const size of [100, 1, 1, 1, 100]) {
      expect(await codes(BY_VARIABLES, { a: size, b: size })).toEqual(['OPERATION_TOO_LARGE']);
    }
  });

  it('no more than a list of cases, or one case and its lists, may cost', async () => {
    const queue = `query ($first: Int) ${CASES('$first', '3')}`;
    const one = `query ($n: String!, $first: Int) { case(number: $n) { number reports(first: $first) {
      edges { node { reference note portal { code name } } } } history(first: $first) { edges { node { sentence } } } } }`;
    for (let times = 0; times < 5; times += 1) {
      expect(await codes(queue, { first: 100 })).toEqual([]);
      expect(await codes(one, { n: 'C-000001', first: 100 })).not.toContain('OPERATION_TOO_LARGE');
    }
  });
});
