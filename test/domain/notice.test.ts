import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { caseStates } from '../../src/domain/case-lifecycle.ts';
import { dueAt, fateOf, MOST_TRIES, nextTry, stepAfter } from '../../src/domain/notice.ts';
import { afterQuietHours } from '../../src/notice/quiet-hours.ts';

const now = new Date('2026-11-22T12:00:00Z');
const kinds = ['HOST_NOTICE', 'POLICE_REFERRAL', 'HOTLINE_REFERRAL'] as const;
const line = fc.record({
  state: fc.constantFrom(...caseStates),
  outcome: fc.constantFrom(null, 'NOT_ACTIONABLE', 'REMOVED', 'NO_ACTION_POSSIBLE'),
  heldUntil: fc.constantFrom(null, new Date('2026-11-23T12:00:00Z'), new Date('2026-11-22T11:59:00Z')),
  undoUntil: fc.constantFrom(null, new Date('2026-11-22T12:10:00Z'), new Date('2026-11-22T11:00:00Z')),
  present: fc.boolean(),
});

describe('a line of a message, when it is to go', () => {
  it('never goes to a host while it can be undone, is held, unconfirmed, gone or of an earlier episode', () => {
    fc.assert(
      fc.property(line, (facts) => {
        if (fateOf('HOST_NOTICE', facts, now).is !== 'GO') return;
        expect(facts.present).toBe(true);
        expect(facts.undoUntil === null || facts.undoUntil <= now).toBe(true);
        if (facts.state !== 'ON_HOLD') expect(facts.state).toBe('AWAITING_REMOVAL');
        else expect(facts.heldUntil !== null && facts.heldUntil > now).toBe(false);
      }),
    );
  });

  it('is never kept from the police by a hold', () => {
    fc.assert(
      fc.property(line, (facts) => {
        const fate = fateOf('POLICE_REFERRAL', { ...facts, undoUntil: null }, now);
        expect(fate.is).not.toBe('WAIT');
        if (facts.state === 'ON_HOLD' && facts.present) expect(fate.is).toBe('GO');
      }),
    );
  });

  it('waits only until a time that has not come', () => {
    fc.assert(
      fc.property(line, fc.constantFrom(...kinds), (facts, kind) => {
        const fate = fateOf(kind, facts, now);
        if (fate.is === 'WAIT') expect(fate.until > now).toBe(true);
      }),
    );
  });
});

describe('a message that is put off', () => {
  it('is tried again later and later, and a last time after some hours', () => {
    const waits = Array.from(
      { length: MOST_TRIES - 1 },
      (_, index) => (nextTry(index + 1, now)!.getTime() - now.getTime()) / 60_000,
    );
    expect(waits.slice(0, 5)).toEqual([1, 5, 15, 60, 60]);
    expect(nextTry(MOST_TRIES, now)).toBeNull();
  });
});

describe('a message without effect', () => {
  it('ends after the registrar, and after the reminder of a referral', () => {
    for (const kind of kinds) {
      const taken = [];
      for (let step = stepAfter(kind, 'FIRST', null); step; step = stepAfter(kind, step, null)) taken.push(step);
      expect(taken).toEqual(kind === 'HOST_NOTICE' ? ['REMINDER', 'UPSTREAM', 'REGISTRAR'] : ['REMINDER']);
    }
  });

  it('has its time by what was answered', () => {
    const facts = { sentAt: now, waitHours: 24, answeredAt: new Date('2026-11-22T13:00:00Z'), lastSeenUp: null };
    expect(dueAt({ ...facts, answer: null })).toEqual(new Date('2026-11-23T12:00:00Z'));
    expect(dueAt({ ...facts, answer: 'RECEIVED' })).toEqual(new Date('2026-11-24T12:00:00Z'));
    expect(dueAt({ ...facts, answer: 'NOT_OURS' })).toEqual(facts.answeredAt);
    expect(dueAt({ ...facts, answer: 'REMOVED' })).toBeNull();
    const seen = new Date('2026-11-22T14:00:00Z');
    expect(dueAt({ ...facts, answer: 'REMOVED', lastSeenUp: seen })).toEqual(seen);
    expect(dueAt({ ...facts, answer: 'REMOVED', lastSeenUp: now })).toBeNull();
  });
});

describe('quiet hours', () => {
  const zones = ['UTC', 'Europe/Paris', 'America/New_York', 'Asia/Kolkata', 'Australia/Lord_Howe', 'Pacific/Apia'];
  const hourIn = (at: Date, timeZone: string) =>
    Number(new Intl.DateTimeFormat('en-GB', { timeZone, hour: '2-digit', hourCycle: 'h23' }).format(at));

  it('are over at the time that is given, which is never earlier and less than a day and an hour later', () => {
    const times = fc.date({ min: new Date('2026-01-01'), max: new Date('2027-12-31'), noInvalidDate: true });
    fc.assert(
      fc.property(times, fc.nat(23), fc.nat(23), fc.constantFrom(...zones), (at, from, until, timeZone) => {
        if (from === until) return;
        const moved = afterQuietHours(at, { quietFrom: from, quietUntil: until, timeZone });
        expect(moved.getTime()).toBeGreaterThanOrEqual(at.getTime() - 60_000);
        expect(moved.getTime() - at.getTime()).toBeLessThan(25 * 3_600_000);
        const into = (hourIn(moved, timeZone) - from + 24) % 24;
        expect(into).toBeGreaterThanOrEqual((until - from + 24) % 24);
      }),
    );
  });

  it('end on the hour, and hold nothing where there are none', () => {
    const quiet = { quietFrom: 22, quietUntil: 6, timeZone: 'UTC' };
    expect(afterQuietHours(new Date('2026-11-22T23:17:31Z'), quiet)).toEqual(new Date('2026-11-23T06:00:00Z'));
    expect(afterQuietHours(new Date('2026-11-22T21:59:59Z'), quiet)).toEqual(new Date('2026-11-22T21:59:59Z'));
    expect(afterQuietHours(now, { quietFrom: null, quietUntil: null, timeZone: 'UTC' })).toEqual(now);
  });
});
