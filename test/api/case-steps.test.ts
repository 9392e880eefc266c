import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type CaseWork, caseWork, confirmed, type Step } from '../case/case-work.ts';
import { type Platform, startPlatform } from '../support/platform.ts';

type Colleague = Awaited<ReturnType<CaseWork['colleague']>>;
const DAY_MS = 86_400_000;
const inDays = (days: number) => new Date(Date.now() + days * DAY_MS).toISOString();

describe('steps on a case', () => {
  let platform: Platform;
  let work: CaseWork;
  let analyst: Colleague;
  let colleague: Colleague;
  beforeAll(async () => {
    platform = await startPlatform();
    work = await caseWork(platform);
    [analyst, colleague] = [await work.colleague(), await work.colleague()];
  });
  afterAll(async () => {
    await work.close();
    await platform.stop();
  });

  /** Works on a confirmed case that `analyst` holds, and gives it back at the end. */
  const onConfirmed = async (
    steps: (number: string, step: (name: Step, more?: object) => ReturnType<CaseWork['step']>) => Promise<void>,
  ) => {
    const number = await work.confirmedCase(colleague, analyst);
    await steps(number, (name, more) => work.step(analyst, name, number, more));
    await work.release(analyst, number);
  };
  const pathsOf = ({ issues }: { issues?: { path: string[]; code: string }[] }) =>
    issues?.map(({ path, code }) => `${path.join('.')} ${code}`);

  it('hold: nothing goes out until it is released, and then it is where it was', () =>
    onConfirmed(async (number, step) => {
      const until = inDays(3);
      expect(await step('holdCase', { until })).toMatchObject({ state: 'ON_HOLD', heldUntil: until, claim: null });
      expect(await work.claim(analyst, number)).toMatchObject({ code: 'INVALID_TRANSITION' });
      for (const name of ['notifyHost', 'referCase', 'traceHost'] as const)
        expect(await step(name)).toMatchObject({ code: 'NOT_CLAIMED' });
      for (const name of ['listAddress', 'closeCase', 'recordObservation'] as const)
        expect(await step(name)).toMatchObject({ code: 'INVALID_TRANSITION' });
      expect(await step('releaseHold')).toMatchObject({ state: 'AWAITING_ACTION', heldUntil: null });
      await work.claim(analyst, number);
      await step('notifyHost');
      expect(await step('holdCase')).toMatchObject({ state: 'ON_HOLD' });
      expect(await step('releaseHold')).toMatchObject({ state: 'AWAITING_REMOVAL' });
      expect(await step('releaseHold')).toMatchObject({ code: 'INVALID_TRANSITION' });
    }));

  it('hold: it always ends, within 90 days', () =>
    onConfirmed(async (_number, step) => {
      for (const until of [inDays(-1), inDays(90.01), inDays(4000)])
        expect(pathsOf(await step('holdCase', { until, requestedBy: ' ' }))?.sort()).toEqual([
          'input.requestedBy TOO_SHORT',
          'input.until OUT_OF_RANGE',
        ]);
      expect(await step('holdCase', { until: inDays(89.99) })).toMatchObject({ state: 'ON_HOLD' });
      expect(await step('releaseHold')).toMatchObject({ state: 'AWAITING_ACTION' });
    }));

  it('hold: it ends by itself when its time is over', () =>
    onConfirmed(async (number, step) => {
      const { endHolds } = await import('../../src/case/time-passes.ts');
      const held = await step('holdCase', { until: inDays(2) });
      await endHolds(new Date(inDays(1.99)));
      expect(await work.read(number)).toMatchObject({ state: 'ON_HOLD', version: held.version });
      await endHolds(new Date(inDays(2.01)));
      expect(await work.read(number)).toMatchObject({
        state: 'AWAITING_ACTION',
        heldUntil: null,
        version: held.version + 1,
      });
      const [entry] = await work.sql(`SELECT actor FROM audit_entries WHERE stream = $1 AND action = 'RELEASE_HOLD'`, [
        `case:${number}`,
      ]);
      expect(entry).toEqual({ actor: 'system' });
    }));

  it('hold: who asked is kept as a note, and no words of it in the audit trail', () =>
    onConfirmed(async (number, step) => {
      const held = await step('holdCase', { requestedBy: 'Inspector of Example' });
      expect(held.notes).toMatchObject([{ text: expect.stringContaining('Inspector of Example') }]);
      expect(
        await work.sql(`SELECT FROM audit_entries WHERE stream = $1 AND detail LIKE '%Inspector%'`, [`case:${number}`]),
      ).toEqual([]);
      await step('releaseHold');
    }));

  it('trace: only of a confirmed case, with a country when, and only when, it is in one', async () => {
    const waiting = await work.makeCase();
    await work.claim(analyst, waiting);
    for (const name of ['recordTrace', 'traceHost'] as const)
      expect(await work.step(analyst, name, waiting)).toMatchObject({
        code: 'INVALID_TRANSITION',
        stateNow: 'AWAITING_ASSESSMENT',
      });
    await work.release(analyst, waiting);
    await onConfirmed(async (_number, step) => {
      expect(pathsOf(await step('recordTrace', { country: null, reason: '' }))?.sort()).toEqual([
        'input.country MISMATCH',
        'input.reason TOO_SHORT',
      ]);
      expect(pathsOf(await step('recordTrace', { placement: 'CONTENT_NETWORK' }))).toEqual(['input.country MISMATCH']);
      const unknown = await step('traceHost');
      expect(unknown).toMatchObject({ __typename: 'Case', clock: { traced: null } });
      const { clock } = await step('recordTrace');
      expect(clock.traced).not.toBeNull();
      expect((await step('recordTrace', { placement: 'CONTENT_NETWORK', country: null })).clock.traced).toBe(
        clock.traced,
      );
    });
  });

  it('trace: an onion service is placed as one', () =>
    onConfirmed(async (number, step) => {
      await work.sql(`UPDATE cases SET address_kind = 'ONION' WHERE number = $1`, [number]);
      expect((await step('traceHost')).clock.traced).not.toBeNull();
      const { case: found } = await work.ask(
        analyst,
        'query ($n: String!) { case(number: $n) { traces { method placement recordedBy { name } } } }',
        { n: number },
      );
      expect(found.traces).toEqual([{ method: 'DNS', placement: 'HIDDEN_SERVICE', recordedBy: null }]);
    }));

  it('actions: the first one awaits removal, and each clock keeps its first time', () =>
    onConfirmed(async (_number, step) => {
      expect(pathsOf(await step('notifyHost', { recipient: ' ' }))).toEqual(['input.recipient TOO_SHORT']);
      const { state, clock } = await step('notifyHost');
      expect({ state, ...clock }).toMatchObject({
        state: 'AWAITING_REMOVAL',
        hostTold: expect.any(String),
        policeTold: null,
        hotlineTold: null,
      });
      expect((await step('notifyHost')).clock.hostTold).toBe(clock.hostTold);
      expect((await step('referCase', { to: 'POLICE' })).clock).toMatchObject({
        policeTold: expect.any(String),
        hotlineTold: null,
      });
      expect((await step('referCase')).clock.hotlineTold).toEqual(expect.any(String));
    }));

  it('observations: up, moved and gone lead where the table says', () =>
    onConfirmed(async (number, step) => {
      const seen = (more: object) => step('recordObservation', more);
      expect(pathsOf(await seen({ seen: 'MOVED' }))).toEqual(['input.movedTo MISMATCH']);
      expect(pathsOf(await seen({ seen: 'GONE', movedTo: 'DE', at: inDays(1) }))).toEqual([
        'input.movedTo MISMATCH',
        'input.at IN_THE_FUTURE',
      ]);
      expect(await seen({ seen: 'UP' })).toMatchObject({ state: 'AWAITING_ACTION' });
      expect(await seen({ seen: 'MOVED', movedTo: 'DE' })).toMatchObject({ code: 'INVALID_TRANSITION' });
      await step('recordTrace', { country: 'NL' });
      await step('notifyHost');
      expect(await seen({ seen: 'MOVED', movedTo: 'NL' })).toMatchObject({ state: 'AWAITING_REMOVAL' });
      expect(await seen({ seen: 'MOVED', movedTo: 'DE' })).toMatchObject({ state: 'AWAITING_ACTION' });
      await step('notifyHost');
      const at = new Date(Date.now() - 1).toISOString();
      expect(await seen({ seen: 'GONE', at })).toMatchObject({
        state: 'REMOVED',
        outcome: null,
        claim: null,
        clock: { firstSeenGone: at },
      });
      expect((await seen({ seen: 'GONE' })).clock.firstSeenGone).toBe(at);
      const { case: found } = await work.ask(
        analyst,
        'query ($n: String!) { case(number: $n) { observations { seen movedTo } } }',
        { n: number },
      );
      expect(found.observations.map(({ seen: what }: { seen: string }) => what)).toEqual([
        'UP',
        'MOVED',
        'MOVED',
        'GONE',
        'GONE',
      ]);
    }));

  it('close: with the outcome that fits, and open again by hand', () =>
    onConfirmed(async (number, step) => {
      for (const outcome of ['NOT_ACTIONABLE', 'REMOVED'])
        expect(await step('closeCase', { outcome })).toMatchObject({ code: 'INVALID_TRANSITION' });
      expect(pathsOf(await step('closeCase', { reason: '' }))).toEqual(['input.reason TOO_SHORT']);
      const closed = await step('closeCase', { reason: 'No host answers.' });
      expect(closed).toMatchObject({
        state: 'CLOSED',
        outcome: 'NO_ACTION_POSSIBLE',
        claim: null,
        notes: [{ text: 'No host answers.' }],
      });
      expect(await work.claim(analyst, number)).toMatchObject({ code: 'INVALID_TRANSITION' });
      expect(await step('reopenCase', { reason: 'It does now.' })).toMatchObject({
        state: 'AWAITING_ASSESSMENT',
        outcome: null,
        episode: 1,
        reviewReasons: [],
      });
      expect(await step('reopenCase')).toMatchObject({ code: 'INVALID_TRANSITION' });
    }));

  it('notes and opinions in words are sealed in the tables', async () => {
    const number = await work.makeCase();
    const words = 'Plain words that no table may show.';
    await work.step(analyst, 'addCaseNote', number, { text: words });
    await work.assess(analyst, number, { ...confirmed, requestReview: true, note: words });
    await work.review(colleague, number, confirmed);
    expect(await work.step(colleague, 'closeCase', number, { reason: words })).toMatchObject({
      notes: [{ text: words }, { text: words }],
      assessments: [{ note: words }, { note: null }],
    });
    const sealed = await work.sql(
      `SELECT text AS bytes FROM case_notes n JOIN cases c ON c.id = n.case_id WHERE number = $1
       UNION ALL SELECT note FROM assessments a JOIN cases c ON c.id = a.case_id WHERE number = $1 AND note IS NOT NULL`,
      [number],
    );
    expect(sealed).toHaveLength(3);
    for (const { bytes } of sealed) expect(bytes.includes('Plain')).toBe(false);
    expect(new Set(sealed.map(({ bytes }) => bytes.toString('hex'))).size).toBe(3);
  });

  it('no words take a file, in whatever field it is pasted', async () => {
    const file = `data:image/png;base64,${'A'.repeat(40)}`;
    const fields: [Step, object, string][] = [
      ['addCaseNote', { text: file }, 'text'],
      ['assessCase', { assessment: { ...confirmed, note: file } }, 'assessment.note'],
      ['closeCase', { reason: file }, 'reason'],
      ['reopenCase', { reason: file }, 'reason'],
      ['holdCase', { requestedBy: file }, 'requestedBy'],
      ['recordTrace', { reason: file }, 'reason'],
      ['recordTrace', { tool: file }, 'tool'],
      ['recordTrace', { network: file }, 'network'],
      ['notifyHost', { recipient: file }, 'recipient'],
      ['referCase', { recipient: file }, 'recipient'],
    ];
    const number = await work.makeCase();
    for (const [name, more, field] of fields)
      expect(pathsOf(await work.step(analyst, name, number, more)), `${name} ${field}`).toEqual([
        `input.${field} ENCODED_BLOB`,
      ]);
  });
});
