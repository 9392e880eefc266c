import { describe, expect, it } from 'vitest';
import { countedByHour } from '../../src/report/senders.ts';

const start = Date.parse('2026-11-22T12:00:00Z');
const counting = (most?: number) => {
  const sendersOf = countedByHour(() => ({ tries: 0 }), most);
  /** What is counted of this source, household and network, with this try. */
  return (source: string, after = 0) =>
    sendersOf(source, new Date(start + after)).map((sender) => {
      sender.tries += 1;
      return sender.tries;
    });
};

describe('What is counted of each source', () => {
  it('is of an hour, and goes on under the name that comes after', () => {
    const count = counting();
    expect([count('one'), count('one', 1_000), count('later~one', 2_000), count('later', 3_000)].flat()).toEqual([
      1, 2, 3, 4,
    ]);
    expect(count('later', 3_599_999)).toEqual([5]);
    expect(count('later', 3_600_000)).toEqual([1]);
  });

  it('is forgotten before, longest ago first, where a flood comes from ever new ones', () => {
    const count = counting(100);
    count('quiet');
    for (let n = 0; n < 100; n += 1) {
      count(`flood-${n}`);
      expect(count('busy')).toEqual([n + 1]);
    }
    expect(count('quiet')).toEqual([1]);
    expect(count('flood-99')).toEqual([2]);
  });

  it('stays of the network that all of a flood share, so that nobody begins anew by it', () => {
    const count = counting(100);
    const ofNetwork = Array.from({ length: 1_000 }, (_, n) => count(`household-${n} network`)[1]);
    expect(ofNetwork.at(-1)).toBe(1_000);
  });
});
