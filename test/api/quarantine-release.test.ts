import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { rows } from '../report/intake.ts';
import { caseOf, catchUp, later, RECEIVED, startQuarantineWork } from '../report/quarantine.ts';

const ACTED = { stage: 'COMPLETED', outcome: 'ACTION_TAKEN' };
const danger = { details: { inDanger: true } };

describe('reports that are released', () => {
  let started: Awaited<ReturnType<typeof startQuarantineWork>>;
  let work: typeof started.work;
  let quarantines: typeof started.quarantines;
  beforeAll(async () => {
    started = await startQuarantineWork();
    ({ work, quarantines } = started);
  });
  afterAll(() => started.stop());

  const removedCase = async (address: string, source: string) => {
    await quarantines.receiptFrom(source, { address });
    return quarantines.remove(address);
  };
  const prioritise = async (address: string) => {
    const { prioritiseCases } = await import('../../src/case/prioritise-cases.ts');
    const [{ id }] = await rows('SELECT id FROM cases WHERE address = $1', [address]);
    await prioritiseCases([id], new Date());
    return (await caseOf(address)).priority;
  };

  it('open what was removed again from when it was reported again, with their danger', async () => {
    const address = 'https://danger.example/';
    await removedCase(address, '192.0.2.1');
    const receipt = await quarantines.setAside('192.0.2.2', [address], danger);
    const receivedAt = new Date();
    later(3_000);
    await quarantines.release(receipt);
    expect(await caseOf(address)).toMatchObject({
      state: 'AWAITING_ASSESSMENT',
      episode_number: 2,
      first_reported: receivedAt,
    });
    expect(await prioritise(address)).toBeGreaterThan(500);
    expect(await quarantines.stageOf(receipt)).toEqual(RECEIVED);
  });

  it('open it again also where its removal was confirmed in the meantime', async () => {
    const address = 'https://confirmed.example/';
    const number = await removedCase(address, '192.0.2.1');
    const receipt = await quarantines.setAside('192.0.2.3', [address], danger);
    later(3_000);
    const closed = await work.step('analyst', 'closeCase', number, { outcome: 'REMOVED' });
    expect(closed.state).toBe('CLOSED');
    await quarantines.release(receipt);
    expect(await caseOf(address)).toMatchObject({ state: 'AWAITING_ASSESSMENT', episode_number: 2 });
    expect(await quarantines.stageOf(receipt)).toEqual(RECEIVED);
  });

  it('belong to the stretch that a later report began', async () => {
    const address = 'https://overtaken.example/';
    await removedCase(address, '192.0.2.1');
    const receipt = await quarantines.setAside('192.0.2.4', [address], danger);
    const receivedAt = new Date();
    later(600);
    await quarantines.receiptFrom('192.0.2.5', { address });
    expect(await caseOf(address)).toMatchObject({ episode_number: 2, first_reported: new Date() });
    later(600);
    await quarantines.release(receipt);
    expect(await caseOf(address)).toMatchObject({ episode_number: 2, first_reported: receivedAt });
    expect(await prioritise(address)).toBeGreaterThan(500);
    expect(await quarantines.stageOf(receipt)).toEqual(RECEIVED);
  });

  it('do not open again what nobody reported after its removal', async () => {
    const address = 'https://before.example/';
    await quarantines.receiptFrom('192.0.2.1', { address });
    const receipt = await quarantines.setAside('192.0.2.6', [address]);
    catchUp();
    await quarantines.remove(address);
    await quarantines.release(receipt);
    expect(await caseOf(address)).toMatchObject({ state: 'REMOVED', episode_number: 1, report_count: 2 });
    expect(await quarantines.stageOf(receipt)).toEqual(ACTED);
  });

  it('are repeated, like any others, where one that counts came before them', async () => {
    const address = 'https://repeated.example/';
    const repeated = async () =>
      (
        await rows(
          'SELECT repeated FROM reports r JOIN cases c ON c.id = r.case_id WHERE address = $1 ORDER BY received_at',
          [address],
        )
      ).map((report) => report.repeated);
    // Counts until its burst is known for one.
    await quarantines.receiptFrom('192.0.2.7', { address });
    expect(await repeated()).toEqual([false]);
    const malicious = await quarantines.setAside('192.0.2.8', [address]);
    later(60);
    await quarantines.receiptFrom('192.0.2.9', { address });
    expect(await repeated()).toEqual([false, true, true]);
    const receipt = await quarantines.setAside('192.0.2.7', ['https://more.example/', address]);
    expect(await repeated()).toEqual([true, true, false, true]);
    await quarantines.decide('markQuarantineMalicious', { quarantine: await quarantines.idOf(malicious) });
    expect(await repeated()).toEqual([true, true, false, true]);
    await quarantines.release(receipt);
    expect(await repeated()).toEqual([false, true, true, true]);

    const { countMonth } = await import('../../src/statistics/count-month.ts');
    const { prisma } = await import('../../src/db.ts');
    await (await import('../../src/statistics/roll-up-facts.ts')).rollUpFacts();
    const { cells } = await countMonth(prisma, new Date(`${new Date().toISOString().slice(0, 7)}-01`));
    const [{ cases }] = await rows('SELECT count(*)::int AS cases FROM cases WHERE report_count > 0');
    expect(cells.find(({ by, key }) => by === 'REPEATED' && key === 'NEW')?.count).toBe(cases);
  });

  it('are decided a page at a time, and the rest when one failed', async () => {
    const { releaseQuarantine } = await import('../../src/report/decide-quarantine.ts');
    const { prisma } = await import('../../src/db.ts');
    const account = await prisma.account.findFirstOrThrow({ where: { subject: 'analyst' } });
    const by = { viewer: { ...account, partner: null }, operation: 'test' };
    const addresses = Array.from({ length: 5 }, (_, n) => `https://page.example/${n}`);
    const quarantine = await quarantines.idOf(await quarantines.setAside('192.0.2.10', addresses));
    const counted = async () =>
      (await Promise.all(addresses.map(caseOf))).filter(({ report_count }) => report_count === 1).length;

    const { number } = await caseOf(addresses[3]!);
    await rows(`ALTER TABLE cases ADD CONSTRAINT stands_in_the_way CHECK (number <> '${number}' OR report_count = 0)`);
    await expect(releaseQuarantine(by, { quarantine }, new Date(), 2)).rejects.toThrow();
    const done = await counted();
    expect(done % 2).toBe(0);
    expect(done).toBeLessThan(4);
    await rows('ALTER TABLE cases DROP CONSTRAINT stands_in_the_way');
    await releaseQuarantine(by, { quarantine }, new Date(), 2);
    expect(await counted()).toBe(5);

    const trail = await rows('SELECT subjects, detail FROM audit_entries WHERE stream = $1 ORDER BY seq', [
      `quarantine:${quarantine}`,
    ]);
    expect(trail.map(({ detail }) => JSON.parse(detail).reports)).toEqual([2, 2, 1]);
    expect(new Set(trail.flatMap(({ subjects }) => subjects)).size).toBe(5);
    expect(await rows('SELECT FROM quarantines WHERE id = $1 AND decided_at IS NOT NULL', [quarantine])).toHaveLength(
      1,
    );
  });
});
