import { solveChallenge } from 'altcha-lib/v1';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { ChallengeRequiredError, TooManyReportsError } from '../../src/domain/errors.ts';
import {
  admit,
  type Burst,
  countTry,
  FREE_PER_HOUR,
  MOST_PER_MINUTE,
  QUARANTINE_PER_HOUR,
  type Remembered,
  remember,
  spareTry,
} from '../../src/report/intake-limit.ts';
import { NETWORK_SIZE } from '../../src/report/senders.ts';

type Challenge = { algorithm: string; challenge: string; salt: string; signature: string; maxnumber: number };

const now = () => new Date();
/** One try that holds `reports`, as submitReport makes it: the burst, null where it counts, or the refusal. */
const tried = async (source: string | null, reports = 1, answer: string | null = null) => {
  try {
    countTry(source, now());
    return await admit(source, reports, answer, now());
  } catch (error) {
    return error;
  }
};
const fail = (source: string, times: number) => {
  for (let n = 0; n < times; n += 1) countTry(source, now());
};
/** Files so many reports that count, or gives the burst to which they belong by then. */
const file = (source: string, reports: number) => {
  const filed = Array.from({ length: reports }, (_, n): Remembered => ({ id: `${source} ${n}`, portalId: 'ke' }));
  return remember(source, filed, now());
};
const refused = async (source: string, answer: string | null = null): Promise<ChallengeRequiredError> => {
  const refusal = await tried(source, 1, answer);
  if (!(refusal instanceof ChallengeRequiredError)) throw new Error('No challenge was set.');
  return refusal;
};
const challengeOf = async (source: string): Promise<Challenge> => JSON.parse((await refused(source)).challenge);
const solutionOf = async ({ maxnumber, ...challenge }: Challenge) => {
  const { promise } = solveChallenge(challenge.challenge, challenge.salt, challenge.algorithm, maxnumber);
  return payload({ ...challenge, number: (await promise)?.number });
};
const payload = (solution: object) => Buffer.from(JSON.stringify(solution)).toString('base64');
const later = (seconds: number) => vi.setSystemTime(Date.now() + seconds * 1_000);
const startAt = (time: string) => vi.useFakeTimers({ toFake: ['Date'], now: new Date(time) });
afterEach(() => {
  vi.useRealTimers();
});

describe('the limit on reports from one source', () => {
  it('lets sixty an hour pass, then asks for an answer, of this source only', async () => {
    startAt('2026-11-01T12:00:00Z');
    for (let n = 0; n < FREE_PER_HOUR; n += 1) expect(await tried('town')).toBeNull();
    expect(await tried('town')).toBeInstanceOf(ChallengeRequiredError);
    expect(await tried('village')).toBeNull();
    expect(await challengeOf('town')).toEqual({
      algorithm: 'SHA-256',
      challenge: expect.stringMatching(/^[0-9a-f]{64}$/),
      salt: expect.stringMatching(/^[0-9a-f]{32}\?expires=\d{10}&$/),
      signature: expect.stringMatching(/^[0-9a-f]{64}$/),
      maxnumber: 20_000,
    });
    later(3_599);
    expect(await tried('town')).toBeInstanceOf(ChallengeRequiredError);
    later(1);
    expect(await tried('town')).toBeNull();
  });

  it('counts each address of a message, and failures like reports', async () => {
    startAt('2026-11-01T13:00:00Z');
    expect([await tried('messages', 20), await tried('messages', 20), await tried('messages', 20)]).toEqual([
      null,
      null,
      null,
    ]);
    expect(await tried('messages')).toBeInstanceOf(ChallengeRequiredError);
    fail('failures', FREE_PER_HOUR);
    expect(await tried('failures')).toBeInstanceOf(ChallengeRequiredError);
  });

  it('sets everything aside above a hundred and twenty that were filed, and gives what it remembered of the burst once', async () => {
    startAt('2026-11-01T14:00:00Z');
    fail('burst', FREE_PER_HOUR - 1);
    expect(await tried('burst')).toBeNull();
    expect(remember('burst', [{ id: 'first', portalId: 'ke' }], now())).toBeNull();
    const answered = async () => tried('burst', 1, await solutionOf(await challengeOf('burst')));
    fail('burst', QUARANTINE_PER_HOUR);
    expect(await answered()).toBeNull();
    expect(file('burst', QUARANTINE_PER_HOUR - 1)).toBeNull();
    const found = [await answered(), await answered()] as Burst[];
    expect(found[0]).not.toBeNull();
    expect(found[1]).toBe(found[0]);
    expect(found[0]?.quarantineOf('ke')).toBe(found[1]?.quarantineOf('ke'));
    expect(found[0]?.quarantineOf('ug')).not.toBe(found[0]?.quarantineOf('ke'));
    const earlier = found[0]?.takeEarlier() ?? [];
    expect(earlier).toHaveLength(QUARANTINE_PER_HOUR);
    expect(earlier[0]).toEqual({ id: 'first', portalId: 'ke' });
    expect(found[1]?.takeEarlier()).toEqual([]);
    found[0]?.putBack(earlier);
    expect(found[1]?.takeEarlier()).toEqual(earlier);
    // Without an answer nothing passes, then as before.
    expect(await tried('burst')).toBeInstanceOf(ChallengeRequiredError);
    later(3_600);
    expect(await tried('burst')).toBeNull();
  });

  it('gives the burst to whatever was being filed while it became known for one', () => {
    startAt('2026-11-01T14:00:00Z');
    expect(file('parallel', QUARANTINE_PER_HOUR)).toBeNull();
    const burst = file('parallel', 1);
    expect(burst?.takeEarlier()).toHaveLength(QUARANTINE_PER_HOUR + 1);
    expect(file('parallel', 1)).toBe(burst);
    expect(burst?.takeEarlier()).toHaveLength(1);
  });

  it('lets an IPv6 network pass five times as much as one of its households, and the rest be for what one household does', async () => {
    startAt('2026-11-01T14:00:00Z');
    for (let n = 0; n < NETWORK_SIZE; n += 1) {
      expect(file(`home${n} street`, QUARANTINE_PER_HOUR)).toBeNull();
      fail(`home${n} street`, FREE_PER_HOUR);
    }
    const [one, other] = [file('home0 street', 1), file('home9 street', 1)];
    expect(one?.takeEarlier()).toHaveLength(NETWORK_SIZE * QUARANTINE_PER_HOUR + 2);
    expect(other).toBe(one);
    expect(await tried('home9 street')).toBeInstanceOf(ChallengeRequiredError);

    // Set aside as one household's, they are not held against its network.
    for (let n = 0; n < 2 * NETWORK_SIZE; n += 1) {
      expect(file(`flat${n} avenue`, QUARANTINE_PER_HOUR + 1)?.takeEarlier()).toHaveLength(QUARANTINE_PER_HOUR + 1);
    }
    expect(await tried('flat99 avenue')).toBeNull();
    expect(file('flat99 avenue', QUARANTINE_PER_HOUR)).toBeNull();
  });

  it('knows a source by its name of the hour before, and no longer than its hour', async () => {
    startAt('2026-11-01T14:30:00Z');
    fail('old', FREE_PER_HOUR);
    later(1_800);
    expect(await tried('new~old')).toBeInstanceOf(ChallengeRequiredError);
    expect(await tried('new')).toBeInstanceOf(ChallengeRequiredError);
    expect(await tried('old')).toBeNull();
    later(1_800);
    expect(await tried('new~old')).toBeNull();
  });

  it('does not hold tries in the sandbox against their hour, only against their minute', async () => {
    startAt('2026-11-01T14:00:00Z');
    for (let n = 0; n < MOST_PER_MINUTE; n += 1) {
      countTry('sandbox', now());
      spareTry('sandbox', now());
    }
    expect(() => countTry('sandbox', now())).toThrow(TooManyReportsError);
    later(60);
    expect(await tried('sandbox')).toBeNull();
  });

  it('takes nothing above three thousand tries a minute, to protect the server', () => {
    startAt('2026-11-01T15:00:00Z');
    fail('storm', MOST_PER_MINUTE);
    expect(() => countTry('storm', now())).toThrow(TooManyReportsError);
    later(60);
    expect(() => countTry('storm', now())).not.toThrow();
  });

  it('does not limit what this process sends itself', async () => {
    for (let n = 0; n < QUARANTINE_PER_HOUR + 5; n += 1) expect(await tried(null, 20)).toBeNull();
  });
});

describe('a solved challenge', () => {
  it('passes once, in its ten minutes', async () => {
    startAt('2026-11-01T16:00:00Z');
    fail('solver', FREE_PER_HOUR);
    const solution = await solutionOf(await challengeOf('solver'));
    const both = await Promise.all([tried('solver', 1, solution), tried('solver', 1, solution)]);
    expect(both.filter((one) => one === null)).toHaveLength(1);
    expect(await tried('solver', 1, solution)).toBeInstanceOf(ChallengeRequiredError);

    const late = await solutionOf(await challengeOf('solver'));
    later(595);
    expect(await tried('solver', 1, solution)).toBeInstanceOf(ChallengeRequiredError);
    later(7);
    expect(await tried('solver', 1, late)).toBeInstanceOf(ChallengeRequiredError);
  });

  it('is one of ours, and nonsense makes nobody stumble', async () => {
    startAt('2026-11-01T17:00:00Z');
    fail('forger', FREE_PER_HOUR);
    const challenge = await challengeOf('forger');
    const solved = JSON.parse(Buffer.from(await solutionOf(challenge), 'base64').toString());
    const digits = String(solved.number);
    const forged = [
      { ...solved, number: solved.number + 1 },
      { ...solved, signature: '0'.repeat(64) },
      { ...solved, salt: solved.salt.replace(/expires=\d+/, 'expires=9999999999') },
      { ...solved, salt: `${solved.salt.slice(0, -1)}${digits[0]}`, number: Number(digits.slice(1)) },
      { ...solved, algorithm: 'SHA-1' },
      { ...solved, salt: 5 },
      null,
      [],
      { challenge: challenge.challenge },
    ];
    for (const nonsense of [...forged.map((one) => payload(one as object)), 'no base64 \u{1f600}', 'e30=', '']) {
      expect(await tried('forger', 1, nonsense), nonsense).toBeInstanceOf(ChallengeRequiredError);
    }
    expect(await tried('forger', 1, payload(solved))).toBeNull();
  });
});

describe('a ticket, for those without script', () => {
  it('passes once, after its wait and not for ever; too early costs nothing but what is left of it', async () => {
    startAt('2026-11-01T18:00:00Z');
    fail('patient', FREE_PER_HOUR);
    const { ticket, waitSeconds } = await refused('patient');
    expect(waitSeconds).toBe(10);
    later(4);
    expect(await refused('patient', ticket)).toMatchObject({ ticket, waitSeconds: 6 });
    later(6);
    const both = await Promise.all([tried('patient', 1, ticket), tried('patient', 1, ticket)]);
    expect(both.filter((one) => one === null)).toHaveLength(1);
    expect((await refused('patient', ticket)).ticket).not.toBe(ticket);

    const late = await refused('patient');
    later(late.waitSeconds + 20 * 60);
    expect(await tried('patient', 1, late.ticket)).toBeInstanceOf(ChallengeRequiredError);
  });

  it('is one of ours', async () => {
    startAt('2026-11-01T19:00:00Z');
    fail('impatient', FREE_PER_HOUR);
    const { ticket } = await refused('impatient');
    later(30);
    const [word, id, notBefore, signature = ''] = ticket.split('.');
    const forged = [
      [word, id, Number(notBefore) - 1, signature],
      [word, `A${id?.slice(1)}`, notBefore, signature],
      [word, id, notBefore, 'A'.repeat(43)],
      [word, id, notBefore],
    ].map((parts) => parts.join('.'));
    for (const text of forged) expect((await refused('impatient', text)).ticket, text).not.toBe(ticket);
    expect(await tried('impatient', 1, ticket)).toBeNull();
  });

  it('makes a fast source wait longer, and nobody longer than a minute', async () => {
    startAt('2026-11-01T20:00:00Z');
    fail('fast', FREE_PER_HOUR);
    const waits = [];
    for (let n = 0; n < 8; n += 1) {
      waits.push((await refused('fast')).waitSeconds);
      fail('fast', 20);
    }
    expect(waits).toEqual([10, 20, 30, 40, 50, 60, 60, 60]);
  });
});
