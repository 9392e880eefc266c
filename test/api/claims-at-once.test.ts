import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type CaseWork, caseWork } from '../case/case-work.ts';
import { type Platform, startPlatform } from '../support/platform.ts';
import { soak } from '../support/soak.ts';

const CLAIM = 'mutation { claimNextCase { __typename ... on Case { number } ... on Error { code } } }';

const CASES = soak(500, 160);

describe('64 analysts who ask for the next case again and again', () => {
  let platform: Platform;
  let work: CaseWork;
  beforeAll(async () => {
    platform = await startPlatform();
    work = await caseWork(platform);
  });
  afterAll(async () => {
    await work.close();
    await platform.stop();
  });

  it(`are given ${CASES} cases in all, none of them twice and none left over`, async () => {
    const numbers = (await Promise.all([CASES / 2, CASES / 2].map((howMany) => work.makeCases(howMany)))).flat();
    const analysts = await Promise.all(Array.from({ length: 64 }, () => work.colleague()));
    const given: string[] = [];
    const workUntilEmpty = async (analyst: (typeof analysts)[number]) => {
      for (;;) {
        const { claimNextCase: result } = await work.ask(analyst, CLAIM);
        if (result.code === 'QUEUE_EMPTY') return;
        expect(result).toEqual({ __typename: 'Case', number: expect.any(String) });
        given.push(result.number);
        // Done with it, in the tables: what an opinion costs is not what this is about.
        await work.sql(
          `WITH done AS (UPDATE cases SET state = 'CLOSED', outcome = 'NOT_ACTIONABLE', version = version + 1 WHERE number = $1 RETURNING id)
           UPDATE claims SET ended_at = now() WHERE case_id = (SELECT id FROM done)`,
          [result.number],
        );
      }
    };
    await Promise.all(analysts.map(workUntilEmpty));

    expect(given.sort()).toEqual(numbers.sort());
    const trail = await work.sql(`SELECT stream FROM audit_entries WHERE action = 'CLAIM' ORDER BY stream`);
    expect(trail.map(({ stream }) => stream)).toEqual(numbers.map((number) => `case:${number}`));
    expect(await work.sql('SELECT count(*)::int AS claims FROM claims')).toEqual([{ claims: CASES }]);
  });
});
