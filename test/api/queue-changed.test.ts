import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type CaseWork, caseWork } from '../case/case-work.ts';
import { type Platform, startPlatform } from '../support/platform.ts';

type Colleague = Awaited<ReturnType<CaseWork['colleague']>>;
// biome-ignore lint/suspicious/noExplicitAny: an answer's shape is what the test is about.
type Event = any;

describe('queueChanged', () => {
  let platform: Platform;
  let work: CaseWork;
  let analyst: Colleague;
  beforeAll(async () => {
    platform = await startPlatform();
    work = await caseWork(platform);
    analyst = await work.colleague();
  });
  afterAll(async () => {
    await work.close();
    await platform.stop();
  });

  const announce = () => work.sql(`SELECT pg_notify('queue_changed', '')`);
  const listeners = async () =>
    (
      await work.sql(
        `SELECT FROM pg_stat_activity WHERE datname = current_database() AND query ILIKE 'LISTEN%queue_changed%'`,
      )
    ).length;

  /** Follows the queue over server-sent events, as a browser does. */
  const follow = async ({ token }: { token: string }) => {
    const abort = new AbortController();
    const response = await fetch(`${platform.url}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', accept: 'text/event-stream', authorization: `Bearer ${token}` },
      body: JSON.stringify({
        query: 'subscription Queue { queueChanged { awaitingAssessment awaitingReview disputed asOf } }',
      }),
      signal: abort.signal,
    });
    const events: Event[] = [];
    const state = { ended: false };
    const reading = (async () => {
      let text = '';
      for await (const chunk of (response.body ?? new ReadableStream()).pipeThrough(new TextDecoderStream())) {
        text += chunk;
        const blocks = text.split('\n\n');
        text = blocks.pop() ?? '';
        for (const block of blocks) {
          const data = /^data: ?(.+)$/m.exec(block)?.[1];
          if (block.includes('event: next') && data) events.push({ ...JSON.parse(data), at: Date.now() });
        }
      }
    })()
      .catch(() => undefined)
      .then(() => {
        state.ended = true;
      });
    const until = async (met: () => boolean, milliseconds = 5_000) => {
      for (const end = Date.now() + milliseconds; !met() && Date.now() < end; )
        await new Promise((resolve) => setTimeout(resolve, 20));
      return met();
    };
    return {
      response,
      events,
      state,
      has: (count: number, milliseconds?: number) => until(() => events.length >= count, milliseconds),
      ends: (milliseconds?: number) => until(() => state.ended, milliseconds),
      leave: async () => {
        abort.abort();
        await reading;
      },
    };
  };

  it('tells the counts at once, and again when another process changes the queue', async () => {
    const stream = await follow(analyst);
    expect(stream.response.headers.get('content-type')).toMatch(/^text\/event-stream/);
    expect(await stream.has(1)).toBe(true);
    const before = stream.events[0].data.queueChanged;
    await work.makeCases(3);
    await announce();
    expect(await stream.has(2)).toBe(true);
    expect(stream.events[1].data.queueChanged.awaitingAssessment).toBe(before.awaitingAssessment + 3);
    await stream.leave();
  });

  it('tells of a step that a colleague takes', async () => {
    const colleague = await work.colleague();
    const number = await work.makeCase();
    const stream = await follow(analyst);
    await stream.has(1);
    const before = stream.events[0].data.queueChanged;
    await work.assess(colleague, number, { verdict: 'NOT_ACTIONABLE', reason: 'OFF_REMIT', requestReview: true });
    expect(await stream.has(2)).toBe(true);
    expect(stream.events[1].data.queueChanged).toMatchObject({
      awaitingAssessment: before.awaitingAssessment - 1,
      awaitingReview: before.awaitingReview + 1,
    });
    await stream.leave();
  });

  it('tells at most once a second, and the last change is never lost', async () => {
    const stream = await follow(analyst);
    await stream.has(1);
    const before = stream.events[0].data.queueChanged.awaitingAssessment;
    for (let n = 0; n < 20; n += 1) {
      await work.makeCases(1);
      await announce();
      await new Promise((resolve) => setTimeout(resolve, 60));
    }
    await new Promise((resolve) => setTimeout(resolve, 1_500));
    expect(stream.events.length).toBeLessThanOrEqual(5);
    expect(stream.events.at(-1).data.queueChanged.awaitingAssessment).toBe(before + 20);
    const gaps = stream.events.slice(1).map(({ at }, index) => at - stream.events[index].at);
    expect(Math.min(...gaps)).toBeGreaterThan(900);
    await stream.leave();
  });

  it.each([
    [
      'disabled',
      (id: string) =>
        work.ask('admin', 'mutation ($id: ID!) { disableAccount(id: $id) { __typename ... on Error { message } } }', {
          id,
        }),
      'UNAUTHENTICATED',
    ],
    [
      'made an administrator',
      async (id: string, { subject, name }: Colleague) =>
        work.ask(
          'admin',
          'mutation ($input: SaveAccountInput!) { saveAccount(input: $input) { __typename ... on Error { message } } }',
          {
            input: { id, subject, name, role: 'ADMINISTRATOR' },
          },
        ),
      'FORBIDDEN',
    ],
  ])('ends with a refusal, before the next event, for an account that was %s', async (_how, change, code) => {
    const [leaver, stayer] = [await work.colleague(), await work.colleague()];
    const [stream, other] = [await follow(leaver), await follow(stayer)];
    expect((await stream.has(1)) && (await other.has(1))).toBe(true);
    const changed = Object.values((await change(leaver.id, leaver)) as object)[0];
    expect(changed).toMatchObject({ __typename: 'Account' });
    await announce();
    expect(await stream.ends()).toBe(true);
    expect(stream.events).toHaveLength(2);
    expect(stream.events[1]).toMatchObject({ errors: [{ extensions: { code } }] });
    expect(stream.events[1].data?.queueChanged ?? null).toBeNull();
    expect(await other.has(2)).toBe(true);
    expect(other.events[1].errors).toBeUndefined();
    await other.leave();
  });

  it('holds one connection for all who follow, and none once all have left', async () => {
    const streams = await Promise.all(Array.from({ length: 5 }, () => follow(analyst)));
    for (const stream of streams) expect(await stream.has(1)).toBe(true);
    expect(await listeners()).toBe(1);
    for (const stream of streams) await stream.leave();
    for (const end = Date.now() + 4_000; (await listeners()) > 0 && Date.now() < end; )
      await new Promise((resolve) => setTimeout(resolve, 50));
    expect(await listeners()).toBe(0);
  });

  it('goes on after the connection to the database broke', async () => {
    const stream = await follow(analyst);
    await stream.has(1);
    await work.sql(
      `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND query ILIKE 'LISTEN%queue_changed%'`,
    );
    expect(await stream.has(2, 8_000)).toBe(true);
    await new Promise((resolve) => setTimeout(resolve, 1_100));
    await announce();
    expect(await stream.has(3)).toBe(true);
    await stream.leave();
  });

  it('ends soon, for all, when the server stops', async () => {
    const streams = [await follow(analyst), await follow(analyst)];
    for (const stream of streams) await stream.has(1);
    const start = Date.now();
    await platform.stop();
    for (const stream of streams) expect(await stream.ends(5_000)).toBe(true);
    // A stream that was waited for would be cut off after 10 s, and not before.
    expect(Date.now() - start).toBeLessThan(9_000);
    platform = { ...platform, stop: async () => undefined };
  });
});
