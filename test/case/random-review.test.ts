import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Platform, startPlatform } from '../support/platform.ts';
import { type CaseWork, caseWork, confirmed, dismissed } from './case-work.ts';

describe('an opinion that a draw sends to a second analyst', () => {
  let platform: Platform;
  let work: CaseWork;
  beforeAll(async () => {
    platform = await startPlatform({ RANDOM_REVIEW_PERCENT: '100' });
    work = await caseWork(platform);
  });
  afterAll(async () => {
    await work.close();
    await platform.stop();
  });

  it.each([
    ['confirms', confirmed, 'AWAITING_ACTION'],
    ['dismisses', dismissed, 'CLOSED'],
  ])('waits for that one, whether it %s', async (_what, assessment, state) => {
    const [first, second] = [await work.colleague(), await work.colleague()];
    const number = await work.makeCase();
    expect(await work.assess(first, number, assessment)).toMatchObject({ state: 'AWAITING_REVIEW', reviewReasons: [] });
    expect(await work.review(second, number, assessment)).toMatchObject({ state, reviewReasons: ['RANDOM_SHARE'] });
  });
});
