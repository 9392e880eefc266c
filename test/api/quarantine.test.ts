import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { rows } from '../report/intake.ts';
import { caseOf, later, QUARANTINE, RECEIVED, startQuarantineWork } from '../report/quarantine.ts';
import { statementsOf } from '../support/statements.ts';

let started: Awaited<ReturnType<typeof startQuarantineWork>>;
let platform: typeof started.platform;
let work: typeof started.work;
let quarantines: typeof started.quarantines;
beforeAll(async () => {
  started = await startQuarantineWork();
  ({ platform, work, quarantines } = started);
});
afterAll(() => started.stop());

describe('a burst of reports', () => {
  it('is set aside from its first report on, but for what an analyst works on', async () => {
    const [stands, gone, fresh, claimed] = ['stands', 'gone', 'fresh', 'claimed'].map(
      (name) => `https://${name}.example/`,
    );
    const { receiptFrom, setAside, inQueue, stageOf, quarantineOf, remove } = quarantines;
    for (const address of [stands, gone]) await receiptFrom('192.0.2.1', { address });
    await remove(gone!);

    const receipts = [];
    for (const address of [stands, gone, fresh, claimed]) receipts.push(await receiptFrom('192.0.2.2', { address }));
    expect(await caseOf(stands!)).toMatchObject({ report_count: 2 });
    expect(await caseOf(gone!)).toMatchObject({ state: 'AWAITING_ASSESSMENT', episode_number: 2 });
    expect((await work.claim(await work.colleague(), (await caseOf(claimed!)).number)).__typename).toBe('Case');

    await rows('DELETE FROM graphile_worker._private_jobs');
    receipts.push(await setAside('192.0.2.2', ['https://danger.example/'], { details: { inDanger: true } }));
    expect(await caseOf(stands!)).toMatchObject({ report_count: 1, portals: 1 });
    expect(await caseOf(gone!)).toMatchObject({ state: 'REMOVED', episode_number: 1, report_count: 1 });
    expect(await caseOf(fresh!)).toMatchObject({ report_count: 0, portals: 0, priority: 0 });
    expect(await caseOf(claimed!)).toMatchObject({ report_count: 1 });
    const danger = await caseOf('https://danger.example/');
    expect(danger).toMatchObject({ report_count: 0, priority: 0 });

    const queue = await inQueue();
    expect(queue).toContain((await caseOf(claimed!)).number);
    expect(queue).not.toContain((await caseOf(fresh!)).number);
    expect(queue).not.toContain(danger.number);
    const refused = await work.claim(await work.colleague(), danger.number);
    expect(refused).toMatchObject({ __typename: 'InvalidTransitionError', allowedNow: [] });
    const jobs = await rows('SELECT payload FROM graphile_worker._private_jobs');
    expect(JSON.stringify(jobs)).not.toContain(
      (await rows('SELECT id FROM cases WHERE number = $1', [danger.number]))[0].id,
    );
    for (const receipt of receipts) expect(await stageOf(receipt)).toMatchObject({ outcome: null });
    expect(await quarantineOf(receipts[4]!)).toMatchObject({ portal: { code: 'ke' }, reports: 4, inDanger: 1 });
  });

  it('takes a case from nobody: who reports it honestly puts it into the queue, as if it were new', async () => {
    const { receiptFrom, setAside, inQueue } = quarantines;
    const address = 'https://both.example/';
    const set = await setAside('192.0.2.3', [address], { details: { inDanger: true } });
    later(600);
    await receiptFrom('192.0.2.4', { address, portal: 'ug' });
    const found = await caseOf(address);
    expect(found).toMatchObject({ report_count: 1, portals: 1, priority: 0, first_reported_at: new Date() });
    expect(await inQueue()).toContain(found.number);
    expect(
      await rows('SELECT first_reported FROM episodes e JOIN cases c ON c.id = e.case_id WHERE c.number = $1', [
        found.number,
      ]),
    ).toEqual([{ first_reported: new Date() }]);
    const { prioritiseCases } = await import('../../src/case/prioritise-cases.ts');
    const [{ id }] = await rows('SELECT id FROM cases WHERE number = $1', [found.number]);
    await prioritiseCases([id], new Date());
    expect((await caseOf(address)).priority).toBe(0);
    // Nor does the one who waits push it by adding to what was said.
    await rows('DELETE FROM graphile_worker._private_jobs');
    await platform.ask('mutation ($input: AddReportDetailsInput!) { addReportDetails(input: $input) { __typename } }', {
      input: { accessCode: set.accessCode, details: { inDanger: true } },
    });
    expect(await rows('SELECT FROM graphile_worker._private_jobs')).toEqual([]);
  });
});

describe('a quarantine', () => {
  it('is released by pattern: its reports count, and their cases enter the queue or are opened again', async () => {
    const { setAside, quarantineOf, decide, stageOf } = quarantines;
    const mixed = [
      'https://a.one.example/1',
      'https://b.one.example/2',
      'https://two.example/',
      `magnet:?xt=urn:btih:${'a'.repeat(40)}`,
    ];
    const receipt = await setAside('192.0.2.5', mixed, { details: { inDanger: true } });
    const { id, patterns } = await quarantineOf(receipt);
    expect(patterns).toEqual([
      {
        host: 'one.example',
        reports: 2,
        sampleAddresses: ['hxxps://a[.]one[.]example/1', 'hxxps://b[.]one[.]example/2'],
      },
      { host: 'MAGNET', reports: 1, sampleAddresses: [expect.stringContaining('magnet')] },
      { host: 'two.example', reports: 1, sampleAddresses: ['hxxps://two[.]example/'] },
    ]);
    later(3_000);
    const released = await decide('releaseQuarantine', {
      quarantine: id,
      host: 'one.example',
      reason: 'People of one school.',
    });
    expect(released).toMatchObject({
      __typename: 'Quarantine',
      reports: 2,
      released: 2,
      malicious: 0,
      decidedAt: null,
      decidedBy: null,
    });
    expect(await caseOf(mixed[0]!)).toMatchObject({ report_count: 1, portals: 1 });
    expect((await work.read((await caseOf(mixed[1]!)).number)).notes).toMatchObject([
      { text: 'People of one school.' },
    ]);
    expect(await caseOf('https://two.example/')).toMatchObject({ report_count: 0 });
    const { prioritiseCases } = await import('../../src/case/prioritise-cases.ts');
    const [job] = await rows('SELECT payload FROM graphile_worker._private_jobs WHERE key LIKE $1', [
      `prioritise-released-cases:${id}:%`,
    ]);
    await prioritiseCases(job.payload.caseIds, new Date());
    expect((await caseOf(mixed[0]!)).priority).toBeGreaterThan(500);
    expect((await caseOf(mixed[1]!)).priority).toBeGreaterThan(500);
    expect((await caseOf('https://two.example/')).priority).toBe(0);
    expect(await stageOf(receipt)).toEqual(RECEIVED);

    const gone = await setAside('192.0.2.6', ['https://gone.example/']);
    expect((await caseOf('https://gone.example/')).state).toBe('REMOVED');
    await decide('releaseQuarantine', { quarantine: (await quarantineOf(gone)).id });
    expect(await caseOf('https://gone.example/')).toMatchObject({
      state: 'AWAITING_ASSESSMENT',
      episode_number: 2,
      report_count: 2,
    });
  });

  it('is marked as malicious, once and for all: its reporters hear that no action was possible, and figures say why', async () => {
    const { setAside, quarantineOf, decide, stageOf } = quarantines;
    const receipt = await setAside('192.0.2.7', ['https://bad-1.example/', 'https://bad-2.example/'], { portal: 'ug' });
    const { id } = await quarantineOf(receipt);
    const figures = async () => {
      const { countMonth } = await import('../../src/statistics/count-month.ts');
      const { prisma } = await import('../../src/db.ts');
      await (await import('../../src/statistics/roll-up-facts.ts')).rollUpFacts();
      const { cells } = await countMonth(prisma, new Date(`${new Date().toISOString().slice(0, 7)}-01`));
      const of = (by: string, key = '') =>
        cells.find((cell) => cell.country === 'UG' && cell.by === by && cell.key === key)?.count ?? 0;
      return { reports: of('REPORTS'), assessed: of('ASSESSED'), malicious: of('REASON', 'MALICIOUS_REPORT') };
    };
    const waiting = await figures();
    const marked = await decide('markQuarantineMalicious', { quarantine: id });
    expect(marked).toMatchObject({
      reports: 0,
      released: 0,
      malicious: 2,
      patterns: [],
      decidedBy: { name: expect.any(String) },
    });
    expect(await figures()).toEqual({ ...waiting, assessed: waiting.assessed + 2, malicious: waiting.malicious + 2 });
    expect(await stageOf(receipt)).toEqual({ stage: 'COMPLETED', outcome: 'NO_ACTION_POSSIBLE' });
    expect(await caseOf('https://bad-1.example/')).toMatchObject({ report_count: 0, priority: 0 });

    for (const again of ['releaseQuarantine', 'markQuarantineMalicious'] as const) {
      expect(await decide(again, { quarantine: id })).toEqual({ ...marked });
    }
    const trail = await rows(`SELECT action, detail FROM audit_entries WHERE stream = $1 ORDER BY seq`, [
      `quarantine:${id}`,
    ]);
    expect(trail.map(({ action, detail }) => [action, JSON.parse(detail).reports])).toEqual([
      ['MARK_QUARANTINE_MALICIOUS', 2],
      ['RELEASE_QUARANTINE', 0],
      ['MARK_QUARANTINE_MALICIOUS', 0],
    ]);
    expect((await work.ask('analyst', '{ quarantines(open: true) { id } }')).quarantines).not.toContainEqual({ id });
    expect((await work.ask('analyst', '{ quarantines(open: false, portal: "UG") { id } }')).quarantines).toEqual([
      { id },
    ]);
  });

  it('costs the same however many reports it holds', async () => {
    const { submitFrom, setAside, quarantineOf, decide } = quarantines;
    const addresses = (name: string, howMany: number) =>
      Array.from({ length: howMany }, (_, n) => `https://${name}.example/${n}`);
    const small = await quarantineOf(await setAside('192.0.2.8', addresses('small', 1)));
    const large = await quarantineOf(await setAside('192.0.2.9', addresses('large', 20)));
    const costs = [];
    for (const { id } of [small, large]) {
      costs.push((await statementsOf(() => decide('releaseQuarantine', { quarantine: id }))).statements.length);
    }
    expect(costs[1]).toBe(costs[0]);
    expect(costs[0]).toBeLessThan(20);
    const { statements } = await statementsOf(() => work.ask('analyst', `{ quarantines { ${QUARANTINE} } }`));
    // The account, the quarantines, their numbers, and the trail of the look.
    expect(statements).toHaveLength(4);
    // Filing into it costs what filing costs.
    const { ticket, waitSeconds } = await submitFrom('192.0.2.9', { address: 'https://large.example/more' });
    later(waitSeconds);
    const filing = await statementsOf(() =>
      submitFrom('192.0.2.9', { address: 'https://large.example/more', challenge: ticket }),
    );
    expect(filing.result.__typename).toBe('ReportReceipt');
    expect(filing.statements).toHaveLength(1);
  });

  it('is named by its id, and decided for a reason in words', async () => {
    const { decide } = quarantines;
    for (const quarantine of ['x', '00000000-0000-4000-8000-000000000000']) {
      expect(await decide('releaseQuarantine', { quarantine })).toEqual({
        __typename: 'NotFoundError',
        code: 'NOT_FOUND',
      });
    }
    const reason = `data:image/png;base64,${'A'.repeat(200)}`;
    expect((await decide('markQuarantineMalicious', { quarantine: 'x', reason })).code).toBe('INVALID_INPUT');
  });
});
