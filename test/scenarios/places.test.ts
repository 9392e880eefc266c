import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { confirmed, type Result } from '../case/case-work.ts';
import { onion } from '../domain/address-spellings.ts';
import { type Colleague, type Hotline, startHotline } from './hotline.ts';
import { expectWholeTrail, lifeOf } from './life.ts';

const REFERRAL = 'Referral to the police: child sexual abuse material at 1 address';

describe('the life of a case that is hosted elsewhere', () => {
  let hotline: Hotline;
  let police: string;
  beforeAll(async () => {
    hotline = await startHotline();
    police = await hotline.contact('POLICE', 'Crime agency', { countries: ['GB'], member: true });
  });
  afterEach(() => expectWholeTrail());
  afterAll(() => hotline.stop());

  const recipientsOf = ({ recipients }: { recipients: { kind: string; contact: { name: string } | null }[] }) =>
    recipients.map(({ kind, contact }) => `${kind}: ${contact?.name ?? 'missing'}`);
  /** Two colleagues confirm it for the URL list; the second goes on with it. */
  const confirm = async (life: Awaited<ReturnType<typeof lifeOf>>): Promise<Colleague> => {
    const [ada, ben] = [await hotline.colleague('Ada'), await hotline.colleague('Ben')];
    await hotline.pass({ minutes: 20 });
    await life.assess(ada, { ...confirmed, requestListing: true });
    await hotline.pass({ minutes: 20 });
    await life.review(ben, confirmed);
    return ben;
  };
  const begun = [
    'Somebody reported it through portal ke.',
    'Ada gave a first opinion: now awaiting review.',
    'Ben gave a second opinion: now awaiting action.',
    'Ben traced the host.',
  ];

  it('no hotline in the hosting country: our crime agency hears of it, and it is on the URL list until it is gone', async () => {
    hotline.host('abroad.example', 'DE');
    const life = await lifeOf(hotline, 'https://abroad.example/page');
    const ben = await confirm(life);
    const { hosting, route, reviewReasons } = await life.trace(ben);
    expect([hosting.country, reviewReasons]).toEqual(['DE', ['URL_LIST']]);
    expect(route).toMatchObject({
      route: 'NATIONAL_CRIME_AGENCY',
      responsibleCountry: 'GB',
      urlList: true,
      steps: ['REFER_POLICE', 'LIST_ADDRESS'],
    });
    expect(recipientsOf(route)).toEqual(['POLICE: Crime agency']);
    await life.refer(ben, 'POLICE', police);
    await life.step(ben, 'listAddress');
    await hotline.runJobs();
    expect(life.mails()).toEqual([`crime-agency@contacts.example: ${REFERRAL}`]);
    expect(await life.listChanges()).toEqual(['ADDED']);
    await hotline.pass({ days: 2 });
    await hotline.checkerSees(life.number, 'UP');
    await hotline.pass({ days: 1 });
    await hotline.checkerSees(life.number, 'GONE');
    // A program's word alone takes nothing off the list: it looks a second time.
    expect(await life.listChanges()).toEqual(['ADDED']);
    await hotline.pass({ days: 1 });
    await hotline.checkerSees(life.number, 'GONE');
    expect(life.mails()).toHaveLength(2);

    const { state, listed, clocks } = await life.told();
    expect([state, listed]).toEqual(['REMOVED', false]);
    expect(await life.listChanges()).toEqual(['ADDED', 'REMOVED']);
    expect(clocks).toMatchObject([
      {
        hostTold: null,
        hotlineTold: null,
        minutesToAssess: 40,
        minutesToNotify: 40,
        minutesToRemove: 3 * 24 * 60 + 40,
      },
    ]);
    expect(await life.reporterReads()).toBe('COMPLETED: ACTION_TAKEN');
    expect(await life.history()).toEqual([
      ...begun,
      'The platform traced the host to DE.',
      'Ben referred it to the police: now awaiting removal.',
      'Ben put it on the URL list.',
      'The platform sent a police referral.',
      'The platform went on to the next step (reminder).',
      'The platform sent a police referral (reminder).',
      'Tool that looks saw it up.',
      'Tool that looks saw it gone: now removed.',
      'Tool that looks saw it gone.',
    ]);
  });

  it('onion: it has no country and nobody to ask, so the police hear of it and it stays listed when nothing more can be done', async () => {
    const life = await lifeOf(hotline, `http://${onion}.onion/page`);
    const ben = await confirm(life);
    const { hosting, route } = await life.trace(ben);
    expect(hosting).toEqual({ placement: 'HIDDEN_SERVICE', country: null, agreed: true, abuseContacts: [] });
    expect(route).toMatchObject({
      route: 'NO_COUNTRY',
      responsibleCountry: null,
      urlList: true,
      steps: ['REFER_POLICE', 'LIST_ADDRESS'],
    });
    expect(recipientsOf(route)).toEqual(['POLICE: Crime agency']);
    await life.refer(ben, 'POLICE', police);
    await life.step(ben, 'listAddress');
    await hotline.runJobs();
    await hotline.pass({ minutes: 5 });
    await life.step(ben, 'closeCase', { outcome: 'NO_ACTION_POSSIBLE', reason: 'Nobody can be asked to remove it.' });
    await hotline.pass({ days: 7 });
    await hotline.checkerSees(life.number, 'UP');

    expect(await life.told()).toMatchObject({ state: 'CLOSED', outcome: 'NO_ACTION_POSSIBLE', listed: true });
    expect(await life.listChanges()).toEqual(['ADDED']);
    expect(life.mails()).toEqual([`crime-agency@contacts.example: ${REFERRAL}`]);
    const { clocks } = await life.told();
    expect(clocks).toMatchObject([
      { traced: clocks[0].policeTold, hostTold: null, firstSeenGone: null, minutesToRemove: null },
    ]);
    expect(await life.reporterReads()).toBe('COMPLETED: NO_ACTION_POSSIBLE');
    expect(await life.history()).toEqual([
      ...begun,
      'Ben referred it to the police: now awaiting removal.',
      'Ben put it on the URL list.',
      'The platform sent a police referral.',
      'Ben closed it: now closed.',
      'Tool that looks saw it up.',
    ]);
  });

  it('moved twice: each time it is traced anew and goes to who acts there', async () => {
    const dutch = await hotline.contact('HOTLINE', 'Dutch hotline', { countries: ['NL'], member: true });
    const french = await hotline.contact('HOTLINE', 'French hotline', {
      countries: ['FR'],
      member: true,
      language: 'fr',
    });
    const life = await lifeOf(hotline, 'https://wanderer.example/page');
    const ben = await confirm(life);
    const stations: string[][] = [];
    const station = ({ hosting, route }: Result) =>
      stations.push([hosting.country, route.route, ...recipientsOf(route)]);

    hotline.host('wanderer.example', 'NL');
    station(await life.trace(ben));
    await life.refer(ben, 'HOTLINE', dutch);
    await hotline.pass({ hours: 2 });

    hotline.host('wanderer.example', 'DE');
    await life.step(ben, 'recordObservation', { seen: 'MOVED', movedTo: 'DE' });
    expect(await life.told()).toMatchObject({ state: 'AWAITING_ACTION', hosting: { placement: 'UNKNOWN' } });
    await hotline.pass({ minutes: 10 });
    station(await life.told());
    await life.claim(ben);
    await life.refer(ben, 'POLICE', police);
    await hotline.pass({ hours: 2 });

    hotline.host('wanderer.example', 'FR');
    await life.step(ben, 'recordObservation', { seen: 'MOVED', movedTo: 'FR' });
    await hotline.pass({ minutes: 10 });
    station(await life.told());
    await life.claim(ben);
    await life.refer(ben, 'HOTLINE', french);
    await hotline.pass({ hours: 2 });
    await hotline.checkerSees(life.number, 'GONE');

    expect(stations).toEqual([
      ['NL', 'MEMBER_HOTLINE', 'HOTLINE: Dutch hotline'],
      ['DE', 'NATIONAL_CRIME_AGENCY', 'POLICE: Crime agency'],
      ['FR', 'MEMBER_HOTLINE', 'HOTLINE: French hotline'],
    ]);
    expect(life.mails().map((line) => line.split(':')[0])).toEqual([
      'dutch-hotline@contacts.example',
      'crime-agency@contacts.example',
      'french-hotline@contacts.example',
    ]);
    const { state, clocks } = await life.told();
    expect(state).toBe('REMOVED');
    expect(clocks).toMatchObject([{ minutesToNotify: 100, minutesToRemove: 40 + 3 * 120 + 20, hostTold: null }]);
    const referred = (to: string) => `Ben referred it to ${to}: now awaiting removal.`;
    expect(await life.history()).toEqual([
      ...begun,
      'The platform traced the host to NL.',
      referred('a hotline'),
      'The platform sent a hotline referral.',
      'Ben saw it moved: now awaiting action.',
      'The platform traced the host to DE.',
      referred('the police'),
      'The platform sent a police referral.',
      'Ben saw it moved: now awaiting action.',
      'The platform traced the host to FR.',
      referred('a hotline'),
      'The platform sent a hotline referral.',
      'Tool that looks saw it gone: now removed.',
    ]);
  });
});
