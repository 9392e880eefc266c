import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { confirmed, dismissed, type Result } from '../case/case-work.ts';
import { rows } from '../report/intake.ts';
import { quarantineWork } from '../report/quarantine.ts';
import { type Hotline, startHotline } from './hotline.ts';
import { expectWholeTrail, lifeOf } from './life.ts';

const APPEAL = `mutation ($input: SubmitAppealInput!) { submitAppeal(input: $input) { __typename ... on AppealReceipt { reference } } }`;
const REVIEW = `mutation ($input: ReviewAppealInput!) { reviewAppeal(input: $input) { __typename ... on Case { state listed } } }`;

describe('the life of a case about which people differ', () => {
  let hotline: Hotline;
  beforeAll(async () => {
    hotline = await startHotline();
  });
  afterEach(() => expectWholeTrail());
  afterAll(() => hotline.stop());

  const people = async () => ({
    ada: await hotline.colleague('Ada'),
    ben: await hotline.colleague('Ben'),
    cleo: await hotline.colleague('Cleo'),
    dana: await hotline.colleague('Dana'),
    sol: await hotline.colleague('Sol', 'SUPERVISOR'),
  });
  const opinionsOf = ({ assessments }: Result) =>
    assessments.map(({ round, verdict, assessor }: Result) => `${round} ${assessor.name}: ${verdict}`);

  it('disputed: the second opinion, given blind, differs, a supervisor rules, and only then anybody hears of it', async () => {
    const { ada, ben, sol } = await people();
    const life = await lifeOf(hotline, 'https://doubtful.example/page');
    await hotline.pass({ minutes: 30 });
    const first = await life.assess(ada, { ...confirmed, youngestAge: 'AGE_16_17' });
    expect(first).toMatchObject({ state: 'AWAITING_REVIEW', claim: null });
    const blind = await life.claim(ben);
    expect(blind).toMatchObject({ assessments: [], reviewReasons: [] });
    await hotline.pass({ minutes: 20 });
    await life.review(ben, { verdict: 'NOT_ACTIONABLE', reason: 'LEGAL_ADULT' });
    expect(await life.reporterReads()).toBe('IN_PROGRESS');
    for (const party of [ada, ben])
      expect(await hotline.work.claim(party, life.number)).toMatchObject({ code: 'INVALID_TRANSITION' });
    await hotline.pass({ minutes: 10 });
    await life.rule(sol, { verdict: 'NOT_ACTIONABLE', reason: 'LEGAL_ADULT' });
    await hotline.pass({ days: 3 });

    const told = await life.told();
    expect(told).toMatchObject({
      state: 'CLOSED',
      outcome: 'NOT_ACTIONABLE',
      reviewReasons: ['AGE_16_17'],
      actions: [],
    });
    expect(opinionsOf(told)).toEqual([
      'FIRST Ada: ACTIONABLE',
      'SECOND Ben: NOT_ACTIONABLE',
      'RULING Sol: NOT_ACTIONABLE',
    ]);
    expect(told.clocks).toMatchObject([{ minutesToAssess: 60, minutesToNotify: null, minutesToRemove: null }]);
    expect(life.mails()).toEqual([]);
    expect(await life.reporterReads()).toBe('COMPLETED: NO_ACTION_POSSIBLE');
    expect(await life.history()).toEqual([
      'Somebody reported it through portal ke.',
      'Ada gave a first opinion: now awaiting review.',
      'Ben gave a second opinion: now disputed.',
      'Sol ruled on the dispute: now closed.',
    ]);
  });

  it('appeal: a listed site’s owner objects, two who had no part in it look anew, and the address goes off the list', async () => {
    const { ada, ben, cleo, dana } = await people();
    const hotlineOfFrance = await hotline.contact('HOTLINE', 'French hotline', { countries: ['FR'], member: true });
    hotline.host('flowers.example', 'FR');
    const life = await lifeOf(hotline, 'https://flowers.example/page');
    await hotline.pass({ minutes: 15 });
    await life.assess(ada, { ...confirmed, requestListing: true });
    await life.review(ben, confirmed);
    await life.trace(ben);
    await life.refer(ben, 'HOTLINE', hotlineOfFrance);
    await life.step(ben, 'listAddress');
    await hotline.pass({ hours: 5 });
    expect(await life.listChanges()).toEqual(['ADDED']);

    const input = { address: life.address, reason: 'It shows flowers.', contactEmail: 'owner@flowers.example' };
    const { submitAppeal } = await hotline.work.ask('stranger', APPEAL, { input });
    await hotline.pass({ hours: 1 });
    const [{ version }] = await rows('SELECT version FROM cases WHERE number = $1', [life.number]);
    const { reviewAppeal } = await hotline.work.ask(cleo, REVIEW, {
      input: { case: life.number, version, appeal: submitAppeal.reference },
    });
    expect(reviewAppeal).toEqual({ __typename: 'Case', state: 'AWAITING_ASSESSMENT', listed: true });
    for (const party of [ada, ben])
      expect(await hotline.work.claim(party, life.number)).toMatchObject({ code: 'INVALID_TRANSITION' });
    await life.assess(cleo, dismissed);
    expect(await life.told()).toMatchObject({
      state: 'AWAITING_REVIEW',
      listed: true,
      appeals: [{ state: 'UNDER_REVIEW' }],
    });
    await life.review(dana, dismissed);
    await hotline.pass({ days: 2 });

    const told = await life.told();
    expect(told).toMatchObject({
      state: 'CLOSED',
      outcome: 'NOT_ACTIONABLE',
      episode: 1,
      listed: false,
      appeals: [{ state: 'UPHELD' }],
    });
    expect(opinionsOf(told)).toEqual([
      'FIRST Ada: ACTIONABLE',
      'SECOND Ben: ACTIONABLE',
      'FIRST Cleo: NOT_ACTIONABLE',
      'SECOND Dana: NOT_ACTIONABLE',
    ]);
    expect(told.clocks).toMatchObject([{ minutesToNotify: 75, minutesToAssess: 15 + 6 * 60, firstSeenGone: null }]);
    expect(await life.listChanges()).toEqual(['ADDED', 'REMOVED']);
    expect(life.mails()).toHaveLength(1);
    expect(await life.history()).toEqual([
      'Somebody reported it through portal ke.',
      'Ada gave a first opinion: now awaiting review.',
      'Ben gave a second opinion: now awaiting action.',
      'Ben traced the host.',
      'The platform traced the host to FR.',
      'Ben referred it to a hotline: now awaiting removal.',
      'Ben put it on the URL list.',
      'The platform sent a hotline referral.',
      'Cleo opened a review after an appeal: now awaiting assessment.',
      'Cleo gave a first opinion: now awaiting review.',
      'Dana gave a second opinion: now closed.',
    ]);
  });

  it('malicious flood: it waits apart, is marked in one decision, and of all its reports none is in the queue and none is lost', async () => {
    const flood = quarantineWork(hotline.platform, hotline.work);
    const honest = await lifeOf(hotline, 'https://shared.example/page', { portal: 'ug' });
    const queueBefore = (await flood.inQueue()).sort();
    const false20 = Array.from({ length: 19 }, (_, n) => `https://neighbour.example/${n}`);
    const receipt = await flood.setAside('203.0.113.77', [...false20, honest.address]);
    await hotline.runJobs();
    expect((await flood.inQueue()).sort()).toEqual(queueBefore);
    expect(await flood.stageOf(receipt)).toEqual({ stage: 'RECEIVED', outcome: null });
    const { quarantines } = await hotline.work.ask('analyst', '{ quarantines(open: true) { id reports } }');
    const waiting = quarantines.reduce((sum: number, { reports }: Result) => sum + reports, 0);
    expect(waiting).toBe(140);

    for (const { id } of quarantines) {
      const decided = await flood.decide('markQuarantineMalicious', {
        quarantine: id,
        reason: 'One person, one neighbour.',
      });
      expect(decided).toMatchObject({
        __typename: 'Quarantine',
        reports: 0,
        released: 0,
        decidedBy: { name: expect.any(String) },
      });
    }
    await hotline.pass({ days: 1 });

    expect((await flood.inQueue()).sort()).toEqual(queueBefore);
    expect(
      await rows("SELECT standing, count(*)::int FROM reports WHERE source = 'PUBLIC' GROUP BY 1 ORDER BY 1"),
    ).toEqual([
      { standing: 'COUNTED', count: 3 },
      { standing: 'MALICIOUS', count: 140 },
    ]);
    expect(await flood.stageOf(receipt)).toEqual({ stage: 'COMPLETED', outcome: 'NO_ACTION_POSSIBLE' });
    const [{ number }] = await rows("SELECT number FROM cases WHERE address = 'https://neighbour.example/0'");
    expect(await hotline.work.claim('analyst', number)).toMatchObject({ code: 'INVALID_TRANSITION' });
    expect(await honest.told()).toMatchObject({ state: 'AWAITING_ASSESSMENT' });
    expect(await honest.reporterReads()).toBe('RECEIVED');
    expect(await honest.history()).toEqual([
      'Somebody reported it through portal ug.',
      'Somebody reported it through portal ke, into quarantine.',
      expect.stringMatching(/ marked quarantined reports as malicious\.$/),
    ]);
  });
});
