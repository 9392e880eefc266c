import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type EpisodeTimes, episodeClock, removalBucket, removalBuckets } from '../../src/domain/clock.ts';

const utc = (text: string) => new Date(`2026-10-${text}Z`);

const untouched: EpisodeTimes = {
  firstReported: utc('14T10:00:00'),
  assessed: null,
  traced: null,
  policeTold: null,
  hostTold: null,
  hotlineTold: null,
  firstSeenGone: null,
};

describe('the clock of an episode', () => {
  it('counts from the first report to assessment, first notice and removal, and from notice to removal', () => {
    const times: EpisodeTimes = {
      ...untouched,
      assessed: utc('14T10:30:00'),
      traced: utc('14T10:35:00'),
      policeTold: utc('14T10:50:00'),
      hostTold: utc('14T11:00:00'),
      hotlineTold: utc('14T12:00:00'),
      firstSeenGone: utc('14T12:15:59'),
    };
    expect(episodeClock(times)).toEqual({
      minutesToAssess: 30,
      minutesToNotify: 50,
      minutesToRemove: 135,
      minutesFromNoticeToRemoval: 85,
    });
  });

  it.each(['hostTold', 'policeTold', 'hotlineTold'] as const)(
    'takes %s for the notice when it is the only one',
    (told) => {
      expect(episodeClock({ ...untouched, [told]: utc('14T10:07:00') }).minutesToNotify).toBe(7);
    },
  );

  it('has no figure for what has not happened', () => {
    expect(episodeClock(untouched)).toEqual({
      minutesToAssess: null,
      minutesToNotify: null,
      minutesToRemove: null,
      minutesFromNoticeToRemoval: null,
    });
    const unreported = { ...untouched, firstReported: null, assessed: utc('14T10:00:00') };
    expect(episodeClock(unreported).minutesToAssess).toBeNull();
  });

  it('counts no removal as the work of a notice that came after it', () => {
    const times = { ...untouched, firstSeenGone: utc('14T11:00:00'), hostTold: utc('14T11:30:00') };
    expect(episodeClock(times)).toMatchObject({ minutesToRemove: 60, minutesFromNoticeToRemoval: null });
  });

  it('rounds down to whole minutes and is never negative', () => {
    expect(episodeClock({ ...untouched, assessed: utc('14T10:00:59.999') }).minutesToAssess).toBe(0);
    const time = fc.option(fc.date({ min: utc('01T00:00:00'), max: utc('31T00:00:00'), noInvalidDate: true }));
    const times = fc.record({
      firstReported: time,
      assessed: time,
      traced: time,
      policeTold: time,
      hostTold: time,
      hotlineTold: time,
      firstSeenGone: time,
    });
    fc.assert(
      fc.property(times, (given) => {
        for (const minutes of Object.values(episodeClock(given))) {
          expect(minutes === null || (Number.isInteger(minutes) && minutes >= 0)).toBe(true);
        }
      }),
    );
  });
});

describe('the published period of a removal', () => {
  it.each([
    ['14T00:00:00', '14T23:59:59', 'SAME_DAY'],
    ['14T23:59:00', '15T00:01:00', 'DAYS_1_3'],
    ['14T00:00:00', '17T23:59:59', 'DAYS_1_3'],
    ['14T23:59:59', '18T00:00:00', 'DAYS_4_6'],
    ['14T00:00:00', '20T23:59:59', 'DAYS_4_6'],
    ['14T23:59:59', '21T00:00:00', 'DAYS_7_PLUS'],
    ['01T00:00:00', '31T00:00:00', 'DAYS_7_PLUS'],
  ])('from %s to %s is %s', (reported, gone, bucket) => {
    expect(removalBucket(utc(reported), utc(gone))).toBe(bucket);
  });

  it('is none where a time is missing, or for a page that was gone before the day of the report', () => {
    expect(removalBucket(null, utc('14T00:00:00'))).toBeNull();
    expect(removalBucket(utc('14T00:00:00'), null)).toBeNull();
    expect(removalBucket(utc('14T00:00:00'), utc('13T23:59:59'))).toBeNull();
  });

  it('is never an earlier one for content that stayed up longer', () => {
    const rank = (days: number) => {
      const bucket = removalBucket(utc('14T12:00:00'), new Date(utc('14T12:00:00').getTime() + days * 86_400_000));
      return bucket === null ? -1 : removalBuckets.indexOf(bucket);
    };
    const days = fc.double({ min: 0, max: 30, noNaN: true });
    fc.assert(fc.property(days, days, (up, longer) => rank(up) >= 0 && rank(up + longer) >= rank(up)));
  });
});
