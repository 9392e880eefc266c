import { solveChallenge } from 'altcha-lib/v1';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { ChallengeRequiredError } from '../../src/domain/errors.ts';
import { admit, FREE_PER_MINUTE } from '../../src/report/intake-limit.ts';

type Challenge = { algorithm: string; challenge: string; salt: string; signature: string; maxnumber: number };

const atOnce = async (source: string, times: number) => {
  for (let n = 0; n < times; n += 1) await admit(source, null, new Date()).catch(() => undefined);
};
const refusal = (source: string | null, solution: string | null = null) =>
  admit(source, solution, new Date()).then(
    () => null,
    (error: unknown) => error,
  );
const challengeOf = async (source: string): Promise<Challenge> => {
  const refused = await refusal(source);
  if (!(refused instanceof ChallengeRequiredError)) throw new Error('No challenge was set.');
  return JSON.parse(refused.challenge);
};
const solutionOf = async ({ maxnumber, ...challenge }: Challenge) => {
  const { promise } = solveChallenge(challenge.challenge, challenge.salt, challenge.algorithm, maxnumber);
  return payload({ ...challenge, number: (await promise)?.number });
};
const payload = (solution: object) => Buffer.from(JSON.stringify(solution)).toString('base64');

describe('the limit on reports from one source', () => {
  afterEach(() => {
    vi.useRealTimers();
  });
  const startAt = (time: string) => vi.useFakeTimers({ toFake: ['Date'], now: new Date(time) });

  it('lets the planned burst pass, then asks for a small proof of work, of this source only', async () => {
    startAt('2026-11-01T12:00:00Z');
    for (let n = 0; n < FREE_PER_MINUTE; n += 1) expect(await refusal('town')).toBeNull();
    expect(await refusal('town')).toBeInstanceOf(ChallengeRequiredError);
    expect(await refusal('village')).toBeNull();
    expect(await challengeOf('town')).toEqual({
      algorithm: 'SHA-256',
      challenge: expect.stringMatching(/^[0-9a-f]{64}$/),
      salt: expect.stringMatching(/^[0-9a-f]{32}\?expires=\d{10}&$/),
      signature: expect.stringMatching(/^[0-9a-f]{64}$/),
      maxnumber: 20_000,
    });
  });

  it('slides: what came in the last 60 seconds counts, also across the turn of a minute', async () => {
    startAt('2026-11-01T12:00:59Z');
    await atOnce('sliding', FREE_PER_MINUTE);
    vi.setSystemTime(new Date('2026-11-01T12:01:00Z'));
    expect(await refusal('sliding')).toBeInstanceOf(ChallengeRequiredError);
    vi.setSystemTime(new Date('2026-11-01T12:01:30Z'));
    expect(await refusal('sliding')).toBeNull();
    vi.setSystemTime(new Date('2026-11-01T12:03:00Z'));
    await atOnce('sliding', FREE_PER_MINUTE - 1);
    expect(await refusal('sliding')).toBeNull();
  });

  it('lets a solved challenge pass once, in its ten minutes', async () => {
    startAt('2026-11-01T13:00:00Z');
    await atOnce('solver', FREE_PER_MINUTE);
    const solution = await solutionOf(await challengeOf('solver'));
    const both = await Promise.all([refusal('solver', solution), refusal('solver', solution)]);
    expect(both.filter((error) => error === null)).toHaveLength(1);
    expect(await refusal('solver', solution)).toBeInstanceOf(ChallengeRequiredError);

    const late = await solutionOf(await challengeOf('solver'));
    vi.setSystemTime(new Date('2026-11-01T13:09:55Z'));
    await atOnce('solver', FREE_PER_MINUTE);
    expect(await refusal('solver', solution)).toBeInstanceOf(ChallengeRequiredError);
    vi.setSystemTime(new Date('2026-11-01T13:10:02Z'));
    await atOnce('solver', FREE_PER_MINUTE);
    expect(await refusal('solver', late)).toBeInstanceOf(ChallengeRequiredError);
  });

  it('takes no solution of its own making, and does not stumble over nonsense', async () => {
    startAt('2026-11-01T14:00:00Z');
    await atOnce('forger', FREE_PER_MINUTE);
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
      expect(await refusal('forger', nonsense), nonsense).toBeInstanceOf(ChallengeRequiredError);
    }
    expect(await refusal('forger', payload(solved))).toBeNull();
  });

  it('does not limit what this process sends itself', async () => {
    for (let n = 0; n < FREE_PER_MINUTE + 5; n += 1) expect(await refusal(null)).toBeNull();
  });
});
