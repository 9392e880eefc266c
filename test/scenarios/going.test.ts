import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { confirmed } from '../case/case-work.ts';
import { type Hotline, startHotline } from './hotline.ts';
import { expectWholeTrail, lifeOf } from './life.ts';

const HOST_MAIL = 'Child sexual abuse material: please remove 1 address';

describe('the life of a case whose content goes', () => {
  let hotline: Hotline;
  let police: string;
  beforeAll(async () => {
    hotline = await startHotline();
    police = await hotline.contact('POLICE', 'Crime agency', { countries: ['GB'], member: true });
  });
  afterEach(() => expectWholeTrail());
  afterAll(() => hotline.stop());

  /** A case in our own country that Ada confirmed and had traced, and the contact of its host. */
  const traced = async (name: string) => {
    hotline.host(`${name}.example`, 'GB');
    const host = await hotline.contact('HOST', `Host of ${name}`, { domains: [`${name}.example`] });
    const ada = await hotline.colleague('Ada');
    const life = await lifeOf(hotline, `https://${name}.example/page`);
    expect(await life.reporterReads()).toBe('RECEIVED');
    await hotline.pass({ minutes: 30 });
    await life.assess(ada, confirmed);
    const { hosting, route } = await life.trace(ada);
    expect(hosting).toEqual({
      placement: 'COUNTRY',
      country: 'GB',
      agreed: true,
      abuseContacts: ['abuse@network-gb.example'],
    });
    expect(route).toMatchObject({
      route: 'OWN_COUNTRY',
      responsibleCountry: 'GB',
      urlList: false,
      steps: ['REFER_POLICE', 'NOTIFY_HOST'],
    });
    expect(route.recipients.map(({ contact }: { contact: { name: string } }) => contact.name)).toEqual([
      'Crime agency',
      `Host of ${name}`,
    ]);
    return { ada, host, life };
  };
  const begun = [
    'Somebody reported it through portal ke.',
    'Ada gave a first opinion: now awaiting action.',
    'Ada traced the host.',
    'The platform traced the host to GB.',
  ];

  it('removed in hours: told, answered by the link, seen gone, looked at again, and closed after two weeks', async () => {
    const { ada, host, life } = await traced('quick');
    await life.refer(ada, 'POLICE', police);
    await life.notify(ada, host);
    await hotline.runJobs();
    expect(life.mails()).toEqual([
      'crime-agency@contacts.example: Referral to the police: child sexual abuse material at 1 address',
    ]);
    await hotline.pass({ hours: 1 });
    expect(life.mails().slice(1)).toEqual([`host-of-quick@contacts.example: ${HOST_MAIL}`]);
    expect(await life.reporterReads()).toBe('IN_PROGRESS');

    await hotline.pass({ minutes: 45 });
    await life.answers('host-of-quick@contacts.example', 'REMOVED');
    await hotline.checkerSees(life.number, 'GONE');
    expect(await life.reporterReads()).toBe('COMPLETED: ACTION_TAKEN');
    await hotline.pass({ days: 1 });
    await hotline.checkerSees(life.number, 'GONE');
    await hotline.pass({ days: 12 });
    expect(await life.told()).toMatchObject({ state: 'REMOVED' });
    await hotline.pass({ days: 1 });

    const { state, outcome, clocks, actions } = await life.told();
    expect([state, outcome]).toEqual(['CLOSED', 'REMOVED']);
    expect(clocks).toMatchObject([
      { minutesToAssess: 30, minutesToNotify: 30, minutesToRemove: 135, minutesFromNoticeToRemoval: 105 },
    ]);
    expect(actions).toMatchObject([
      { kind: 'POLICE_REFERRAL', recipient: 'Crime agency', state: 'SENT', sentAt: clocks[0].policeTold, answer: null },
      { kind: 'HOST_NOTICE', recipient: 'Host of quick', state: 'SENT', sentAt: clocks[0].hostTold, answer: 'REMOVED' },
    ]);
    expect(life.mails()).toHaveLength(2);
    expect(await life.reporterReads()).toBe('COMPLETED: ACTION_TAKEN');
    expect(await life.history()).toEqual([
      ...begun,
      'Ada referred it to the police: now awaiting removal.',
      'Ada had the host told.',
      'The platform sent a police referral.',
      'The platform sent a host notice.',
      'Somebody answered a message by its link (removed).',
      'Tool that looks saw it gone: now removed.',
      'Tool that looks saw it gone.',
      'The platform confirmed that it stayed gone: now closed.',
    ]);
  });

  it('police hold: what waits stays until the hold ends by its date, and then goes', async () => {
    const { ada, host, life } = await traced('held');
    await life.notify(ada, host);
    const until = new Date(Date.now() + 3 * 86_400_000);
    await life.step(ada, 'holdCase', { until: until.toISOString() });
    await hotline.pass({ hours: 2 });
    expect(life.mails()).toEqual([]);
    await hotline.pass({ days: 2 });
    expect(life.mails()).toEqual([]);
    expect(await life.told()).toMatchObject({ state: 'ON_HOLD', actions: [{ state: 'WAITING', sentAt: null }] });
    await hotline.pass({ hours: 22 });
    expect(life.mails()).toEqual([`host-of-held@contacts.example: ${HOST_MAIL}`]);
    await life.step(ada, 'recordObservation', { seen: 'GONE' });

    const { state, clocks, heldUntil } = await life.told();
    expect([state, heldUntil]).toEqual(['REMOVED', null]);
    expect(clocks).toMatchObject([{ policeTold: null, hostTold: until.toISOString(), minutesFromNoticeToRemoval: 0 }]);
    const day = until.toISOString().slice(0, 10);
    expect(await life.history()).toEqual([
      ...begun,
      'Ada had the host told: now awaiting removal.',
      `Ada put it on hold for the police until ${day}: now on hold.`,
      `The platform kept a message back until ${day}.`,
      'The platform ended the hold: now awaiting removal.',
      'The platform sent a host notice.',
      'Ada saw it gone: now removed.',
    ]);
  });

  it('gone before the notice: what waits is withdrawn, and nobody is ever written to', async () => {
    const { ada, host, life } = await traced('early');
    await life.notify(ada, host);
    await hotline.pass({ minutes: 20 });
    await life.step(ada, 'recordObservation', { seen: 'GONE' });
    await hotline.pass({ days: 2 });

    const { state, actions, clocks } = await life.told();
    expect(state).toBe('REMOVED');
    expect(actions).toMatchObject([{ state: 'WITHDRAWN', sentAt: null, withdrawnAt: expect.any(String) }]);
    expect(clocks).toMatchObject([{ hostTold: null, policeTold: null, minutesToNotify: null, minutesToRemove: 50 }]);
    expect(life.mails()).toEqual([]);
    expect(await life.reporterReads()).toBe('COMPLETED: ACTION_TAKEN');
    expect(await life.history()).toEqual([
      ...begun,
      'Ada had the host told: now awaiting removal.',
      'Ada saw it gone: now removed.',
      'The platform withdrew a message before it went out.',
    ]);
  });

  it('re-upload: seen up again it begins a new stretch with a clock of its own, and shows what was said before', async () => {
    const { ada, host, life } = await traced('again');
    await life.notify(ada, host, { urgent: true });
    await hotline.runJobs();
    await hotline.pass({ minutes: 60 });
    await life.step(ada, 'recordObservation', { seen: 'GONE' });
    await hotline.pass({ days: 1 });
    await hotline.checkerSees(life.number, 'UP');
    const returned = new Date().toISOString();
    expect(await life.told()).toMatchObject({
      state: 'AWAITING_ASSESSMENT',
      episode: 2,
      assessments: [{ assessor: { name: 'Ada' } }],
    });
    expect(await life.reporterReads()).toBe('COMPLETED: ACTION_TAKEN');

    await hotline.pass({ minutes: 10 });
    const ben = await hotline.colleague('Ben');
    await life.assess(ben, confirmed);
    await life.claim(ben);
    await life.notify(ben, host, { urgent: true });
    await hotline.runJobs();
    await hotline.pass({ minutes: 20 });
    await life.answers('host-of-again@contacts.example', 'REMOVED');
    await hotline.checkerSees(life.number, 'GONE');

    const { state, clocks, assessments, actions } = await life.told();
    expect(state).toBe('REMOVED');
    expect(clocks).toMatchObject([
      { episode: 1, minutesToAssess: 30, minutesToNotify: 30, minutesToRemove: 90 },
      { episode: 2, firstReported: returned, minutesToAssess: 10, minutesToNotify: 10, minutesToRemove: 30 },
    ]);
    expect(assessments.map((one: { assessor: { name: string } }) => one.assessor.name)).toEqual(['Ada', 'Ben']);
    expect(actions).toMatchObject([
      { state: 'SENT', answer: null },
      { state: 'SENT', answer: 'REMOVED' },
    ]);
    expect(life.mails()).toEqual(Array(2).fill(`host-of-again@contacts.example: Urgent: ${HOST_MAIL}`));
    expect(await life.history()).toEqual([
      ...begun,
      'Ada had the host told: now awaiting removal.',
      'The platform sent a host notice.',
      'Ada saw it gone: now removed.',
      'Tool that looks saw it up: now awaiting assessment.',
      'Ben gave a first opinion: now awaiting action.',
      'Ben had the host told: now awaiting removal.',
      'The platform sent a host notice.',
      'Somebody answered a message by its link (removed).',
      'Tool that looks saw it gone: now removed.',
    ]);
  });
});
