import { describe, expect, it } from 'vitest';
import { LONGEST_WAIT_MS, MISSES_PER_HOUR, turnFor } from '../../src/report/guess-limit.ts';
import { NETWORK_SIZE } from '../../src/report/senders.ts';

const start = Date.parse('2026-11-22T12:00:00Z');
/** How long an access code of this source waits, in milliseconds, when it is tried so many after the start; null: not at all. */
const waitOf = (source: string, after = 0, couldOpen = true) =>
  turnFor(source, couldOpen, new Date(start + after))?.waitMs ?? null;
const miss = (source: string, times: number) => {
  for (let n = 0; n < times; n += 1) expect(waitOf(source)).toBe(0);
};

describe('the limit on access codes from one source', () => {
  it('lets a hundred an hour open nothing, then gives one a second its turn and refuses what would wait for more than five', () => {
    miss('guesser', MISSES_PER_HOUR);
    expect(Array.from({ length: 8 }, () => waitOf('guesser'))).toEqual([
      0,
      1_000,
      2_000,
      3_000,
      4_000,
      5_000,
      null,
      null,
    ]);
    expect(waitOf('guesser', 1_500)).toBe(LONGEST_WAIT_MS - 500);
    expect(waitOf('guesser', 60_000)).toBe(0);
    expect(waitOf('neighbour')).toBe(0);
    expect(waitOf('guesser', 3_600_000)).toBe(0);
    expect(waitOf('guesser', 3_600_000)).toBe(0);
  });

  it('never lets more than a turn a second through, however fast they come', () => {
    miss('fast', MISSES_PER_HOUR);
    let answered = 0;
    for (let after = 0; after < 60_000; after += 10) if (waitOf('fast', after) !== null) answered += 1;
    expect(answered).toBe(60 + LONGEST_WAIT_MS / 1_000);
  });

  it('counts each code until it has opened something', () => {
    const turns = Array.from({ length: MISSES_PER_HOUR }, () => turnFor('school', true, new Date(start)));
    expect(waitOf('school')).toBe(0);
    expect(waitOf('school')).toBe(1_000);
    for (const turn of turns) turn?.opened();
    miss('school', MISSES_PER_HOUR - 2);
    expect(waitOf('school', 60_000)).toBe(0);
    expect(waitOf('school', 60_000)).toBe(1_000);
  });

  it('does not count what could not open anything, but lets it wait like the others', () => {
    for (let n = 0; n < 3 * MISSES_PER_HOUR; n += 1) expect(waitOf('clumsy', 0, false)).toBe(0);
    miss('clumsy', MISSES_PER_HOUR);
    expect([waitOf('clumsy', 0, false), waitOf('clumsy'), waitOf('clumsy', 0, false)]).toEqual([0, 1_000, 2_000]);
  });

  it('slows an IPv6 network at five times as many, and to five a second', () => {
    for (let n = 0; n < NETWORK_SIZE; n += 1) miss(`home${n} street`, MISSES_PER_HOUR);
    expect(waitOf('home6 street')).toBe(0);
    expect([waitOf('home7 street'), waitOf('home8 street'), waitOf('home9 street')]).toEqual([200, 400, 600]);
    expect(waitOf('home7 avenue')).toBe(0);
  });
});
