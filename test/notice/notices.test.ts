import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type CaseWork, caseWork } from '../case/case-work.ts';
import { startMailServer } from '../support/mail-server.ts';
import { type Platform, startPlatform } from '../support/platform.ts';
import { noticeWork } from './notice-work.ts';

describe('a notice', () => {
  let platform: Platform;
  let work: CaseWork;
  let notice: ReturnType<typeof noticeWork>;
  let server: Awaited<ReturnType<typeof startMailServer>>;
  let analyst: Awaited<ReturnType<CaseWork['colleague']>>;
  beforeAll(async () => {
    server = await startMailServer();
    platform = await startPlatform({ SMTP_URL: server.url, NOTICE_WINDOW_SECONDS: '3600' });
    work = await caseWork(platform);
    notice = noticeWork(work);
  });
  beforeEach(async () => {
    analyst = await work.colleague();
    await work.sql(`UPDATE notices SET state = 'WITHDRAWN' WHERE state = 'WAITING'`);
    server.taken.length = 0;
    server.state.answer = () => undefined;
  });
  afterAll(async () => {
    await work.close();
    await platform.stop();
    await server.stop();
  });

  it('waits an hour for other addresses of the contact, and is one message for all of them', async () => {
    const contact = await notice.makeContact({ name: 'Host of Example', email: 'abuse@host.example' });
    const numbers = await notice.confirmedCases(analyst, 3);
    for (const number of numbers)
      expect(await notice.notify(analyst, number, contact)).toMatchObject({ state: 'AWAITING_REMOVAL' });
    const before = await notice.readActions(numbers[0]!);
    expect(before).toMatchObject({
      clock: { hostTold: null },
      actions: [
        { state: 'WAITING', step: 'FIRST', sentAt: null, recipient: 'Host of Example', contact: { id: contact } },
      ],
    });
    const waits = Date.parse(before.actions[0].notice.sendAfter) - Date.parse(before.actions[0].notice.queuedAt);
    expect(waits).toBe(3_600_000);
    await notice.sendDue();
    expect(server.taken).toEqual([]);

    await notice.passTime(1);
    await notice.sendDue();
    await notice.sendDue();
    expect(server.taken.map(({ to }) => to)).toEqual(['abuse@host.example']);
    const rows = await work.sql('SELECT address FROM cases WHERE number = ANY ($1)', [numbers]);
    for (const { address } of rows) expect(server.taken[0]!.mail.text).toContain(`\n${address}\n`);
    const after = await notice.readActions(numbers[0]!);
    expect(after.actions[0]).toMatchObject({ state: 'SENT', notice: { attempts: 1, failure: null } });
    expect(after.clock.hostTold).toBe(after.actions[0].sentAt);
  });

  it('goes at once to the police and when urgent, also in quiet hours', async () => {
    const hour = new Date().getUTCHours();
    const quiet: [number, number] = [(hour + 23) % 24, (hour + 3) % 24];
    const police = await notice.makeContact({ kind: 'POLICE', quiet });
    const host = await notice.makeContact({ quiet });
    const [first, second, third] = await notice.confirmedCases(analyst, 3);
    await notice.refer(analyst, first!, 'POLICE', police);
    await notice.notify(analyst, second!, host, { urgent: true });
    await work.sql('UPDATE cases SET in_danger = true WHERE number = $1', [third]);
    await notice.notify(analyst, third!, await notice.makeContact({ quiet }));
    await notice.sendDue();
    expect(server.taken).toHaveLength(3);
    expect(await notice.readActions(first!)).toMatchObject({
      clock: { policeTold: expect.any(String), hostTold: null },
    });
    expect(server.taken.map(({ mail }) => mail.subject?.startsWith('Urgent: '))).toContain(true);
  });

  it('waits for the end of the contact’s quiet hours otherwise', async () => {
    const hour = new Date().getUTCHours();
    const host = await notice.makeContact({ quiet: [(hour + 23) % 24, (hour + 3) % 24] });
    const [number] = await notice.confirmedCases(analyst, 1);
    await notice.notify(analyst, number!, host);
    const { actions } = await notice.readActions(number!);
    expect(new Date(actions[0].notice.sendAfter).getUTCHours()).toBe((hour + 3) % 24);
  });

  it('leaves out what is gone before it goes, and is withdrawn when nothing is left', async () => {
    const contact = await notice.makeContact();
    const [gone, up] = await notice.confirmedCases(analyst, 2);
    for (const number of [gone!, up!]) await notice.notify(analyst, number, contact);
    await work.step(analyst, 'recordObservation', gone!, { seen: 'GONE' });
    await notice.passTime(1);
    await notice.sendDue();
    const [address] = await work.sql('SELECT address FROM cases WHERE number = $1', [gone]);
    expect(server.taken).toHaveLength(1);
    expect(server.taken[0]!.mail.text).not.toContain(address.address);
    expect(await notice.readActions(gone!)).toMatchObject({
      clock: { hostTold: null },
      actions: [{ state: 'WITHDRAWN', sentAt: null, withdrawnAt: expect.any(String) }],
    });

    const [alone] = await notice.confirmedCases(analyst, 1);
    const other = await notice.makeContact();
    await notice.notify(analyst, alone!, other);
    await work.step(analyst, 'recordObservation', alone!, { seen: 'GONE' });
    await notice.passTime(1);
    await notice.sendDue();
    expect(server.taken).toHaveLength(1);
    const { edges } = await notice.notices({ states: ['WITHDRAWN'], contact: other });
    expect(edges).toHaveLength(1);
  });

  it('keeps the lines of cases that the police hold, and sends them when the hold is released', async () => {
    const contact = await notice.makeContact();
    const [held, free] = await notice.confirmedCases(analyst, 2);
    for (const number of [held!, free!]) await notice.notify(analyst, number, contact);
    await work.step(analyst, 'holdCase', held!);
    await notice.passTime(1);
    await notice.sendDue();
    expect(server.taken).toHaveLength(1);
    expect((await notice.readActions(held!)).actions).toMatchObject([{ state: 'WAITING', sentAt: null }]);
    await work.step(analyst, 'releaseHold', held!);
    await notice.passTime(1);
    await notice.sendDue();
    expect(server.taken).toHaveLength(2);
    expect((await notice.readActions(held!)).actions).toMatchObject([{ state: 'SENT' }]);
  });

  it('goes at once when a supervisor overrides the hold, which nobody else may', async () => {
    const [number] = await notice.confirmedCases(analyst, 1);
    await notice.notify(analyst, number!, await notice.makeContact());
    await work.step(analyst, 'holdCase', number!);
    await notice.passTime(1);
    await notice.sendDue();
    const [{ version }] = await work.sql('SELECT version FROM cases WHERE number = $1', [number]);
    const query = `mutation ($input: OverrideHoldInput!) { overrideHold(input: $input) { ... on Case { state notes { text } } ... on Error { code } } }`;
    const input = { case: number, version, reason: 'A child is in danger now.' };
    const refused = await platform.ask(query, { input }, 'analyst');
    expect(refused.errors).toMatchObject([{ extensions: { code: 'FORBIDDEN' } }]);
    const { overrideHold } = await work.ask('supervisor', query, { input });
    expect(overrideHold).toMatchObject({ state: 'AWAITING_REMOVAL' });
    expect(overrideHold.notes.at(-1).text).toBe('The hold was overridden: A child is in danger now.');
    await notice.sendDue();
    expect(server.taken).toHaveLength(1);
  });

  it('never goes before the undo window of a bulk assessment is over, however urgent', async () => {
    const [number] = await notice.confirmedCases(analyst, 1);
    await work.sql(`UPDATE cases SET undo_until = now() + interval '15 minutes' WHERE number = $1`, [number]);
    await notice.notify(analyst, number!, await notice.makeContact(), { urgent: true });
    await notice.sendDue();
    expect(server.taken).toEqual([]);
    await work.sql(`UPDATE cases SET undo_until = now() WHERE number = $1`, [number]);
    await notice.passTime(1);
    await notice.sendDue();
    expect(server.taken).toHaveLength(1);
  });

  it('is refused to a contact that is not approved, of another kind, unknown, or written to already', async () => {
    const [number] = await notice.confirmedCases(analyst, 1);
    const codes = async (contact: string | undefined, more: object = {}) =>
      (await notice.notify(analyst, number!, contact as string, more)).issues?.map(
        ({ code }: { code: string }) => code,
      );
    expect(await codes(await notice.makeContact({ approved: false }))).toEqual(['NOT_APPROVED']);
    expect(await codes(await notice.makeContact({ kind: 'POLICE' }))).toEqual(['WRONG_KIND']);
    expect(await codes('018f0000-0000-7000-8000-000000000000')).toEqual(['NOT_FOUND']);
    expect(await codes('no id')).toEqual(['INVALID_FORMAT']);
    expect(await codes(undefined)).toEqual(['ONE_OF']);
    const contact = await notice.makeContact();
    expect(await codes(contact, { recipient: 'abuse@host.example' })).toEqual(['ONE_OF']);
    expect(await codes(contact)).toBeUndefined();
    expect(await codes(contact)).toEqual(['ALREADY_NOTIFIED']);
  });

  it('is tried again when the server puts it off, and fails with the code when it is refused', async () => {
    const [later, never] = await notice.confirmedCases(analyst, 2);
    const contacts = [await notice.makeContact(), await notice.makeContact({ email: 'gone@refused.example' })];
    await notice.notify(analyst, later!, contacts[0]!, { urgent: true });
    await notice.notify(analyst, never!, contacts[1]!, { urgent: true });
    server.state.answer = (to) => (to === 'gone@refused.example' ? 550 : 451);
    await notice.sendDue();
    expect(await notice.readActions(later!)).toMatchObject({
      actions: [{ state: 'WAITING', notice: { attempts: 1, failure: 'delayed 5.1.1' } }],
    });
    expect(await notice.readActions(never!)).toMatchObject({
      clock: { hostTold: null },
      actions: [{ state: 'FAILED', sentAt: null, notice: { failure: 'refused 5.1.1' } }],
    });
    server.state.answer = () => undefined;
    await notice.passTime(1);
    await notice.sendDue();
    expect(server.taken).toHaveLength(1);
    expect((await notice.readActions(later!)).actions).toMatchObject([{ state: 'SENT', notice: { attempts: 2 } }]);

    const { edges } = await notice.notices({ states: ['FAILED'] });
    expect(edges[0].node.actions).toEqual([{ case: { number: never } }]);
    const retry = 'mutation ($id: ID!) { retryNotice(id: $id) { ... on Notice { state } ... on Error { code } } }';
    expect(await work.ask(analyst, retry, { id: edges[0].node.id })).toEqual({ retryNotice: { state: 'WAITING' } });
    await notice.sendDue();
    expect(server.taken).toHaveLength(2);
    expect(await work.ask(analyst, retry, { id: edges[0].node.id })).toEqual({
      retryNotice: { code: 'INVALID_INPUT' },
    });
  });

  it('is listed by pages, each once, and looking at the list is recorded', async () => {
    const contact = await notice.makeContact();
    const ids: string[] = [];
    for (const number of await notice.confirmedCases(analyst, 3)) {
      await notice.notify(analyst, number, contact);
      await work.sql(`UPDATE notices SET attempts = 1 WHERE contact_id = $1`, [contact]);
    }
    let after: string | undefined;
    do {
      const { edges, pageInfo } = await notice.notices({ contact }, { first: 1, ...(after ? { after } : {}) });
      ids.push(...edges.map(({ node }: { node: { id: string } }) => node.id));
      after = pageInfo.hasNextPage ? pageInfo.endCursor : undefined;
    } while (after);
    expect(new Set(ids).size).toBe(3);
    const [entry] = await work.sql(
      `SELECT subjects FROM audit_entries WHERE action = 'LIST_NOTICES' ORDER BY id DESC LIMIT 1`,
    );
    expect(entry.subjects).toHaveLength(1);
  });
});
