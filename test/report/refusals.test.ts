import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Platform, startPlatform } from '../support/platform.ts';
import { rows, submit } from './intake.ts';

type Issue = { path: string[]; code: string; message: string };

describe('what submitReport refuses', () => {
  let platform: Platform;
  beforeAll(async () => {
    platform = await startPlatform();
  });
  afterAll(() => platform.stop());

  const refusal = async (input: object) => {
    const answer = await submit(platform, input);
    const issues = (answer.issues ?? []) as Issue[];
    return { answer, faults: issues.map(({ path, code }) => `${path.join('.')} ${code}`).sort() };
  };
  const inDays = (days: number) => new Date(Date.now() + days * 86_400_000).toISOString().slice(0, 10);
  const base64 = 'QUJD'.repeat(60);

  it('tells every fault at once, each with its path, and keeps nothing', async () => {
    const details = { note: `look: data:image/png;base64,${base64}`, seenOn: inDays(3) };
    const bad = {
      address: `data:image/png;base64,${base64}`,
      details,
      contactEmail: 'not an email',
      idempotencyKey: 'short',
    };
    const everywhere = [
      'input.address DATA_ADDRESS',
      'input.contactEmail INVALID_FORMAT',
      'input.details.note ENCODED_BLOB',
      'input.details.seenOn IN_THE_FUTURE',
      'input.idempotencyKey TOO_SHORT',
    ];
    const unknownPortal = await refusal({ ...bad, portal: 'nowhere', language: 'sw' });
    expect(unknownPortal.answer).toMatchObject({ __typename: 'InvalidInputError', code: 'INVALID_INPUT' });
    expect(unknownPortal.faults).toEqual([...everywhere, 'input.portal UNKNOWN_PORTAL']);

    const { faults } = await refusal({ ...bad, portal: 'ke', language: 'vi', country: 'UG' });
    expect(faults).toEqual([...everywhere, 'input.country ANOTHER_COUNTRY', 'input.language UNKNOWN_LANGUAGE'].sort());
    expect(await rows('SELECT FROM submissions')).toHaveLength(0);
  });

  it('never repeats what was typed', async () => {
    const marks = ['canary-portal', 'canary-note', 'canary-mail', 'canary-key', 'canary.example', 'data:'];
    const answers = [
      await submit(platform, {
        portal: 'canary-portal',
        address: 'data:text/plain;base64,Y2FuYXJ5 canary.example',
        details: { note: `canary-note data:text/plain;base64,${base64}` },
        contactEmail: 'canary-mail@',
        idempotencyKey: 'canary-key',
      }),
      await submit(platform, { portal: 'ke', address: `https://canary.example/${'x'.repeat(2_100)}` }),
      await submit(platform, { portal: 'ke', address: `canary ${'words '.repeat(2_700)}` }),
      await submit(platform, {
        portal: 'ke',
        address: 'https://ok.example/',
        contactEmail: `${'canary-mail'.repeat(30)}@b.example`,
      }),
      await submit(platform, {
        portal: 'ke',
        address: 'https://ok.example/',
        details: { note: 'canary-note '.repeat(400) },
      }),
    ];
    for (const answer of answers) {
      expect(answer.__typename).toBe('InvalidInputError');
      // Of our own, "data" may stand in a path or a remedy; what came in may not.
      const said = JSON.stringify(answer);
      for (const mark of marks) expect(said).not.toContain(mark);
    }
  });

  it.each([
    ['nothing', '  \n ', 'EMPTY'],
    ['only words', 'I saw something bad', 'NOT_AN_ADDRESS'],
    ['a file on a device', 'C:\\Users\\me\\page.html', 'FILE_ADDRESS'],
    ['an encoded file', `see ${base64}`, 'ENCODED_BLOB'],
    ['too much text', 'x '.repeat(8_001), 'TOO_LONG'],
    ['too many addresses', Array.from({ length: 21 }, (_, n) => `https://many.example/${n}`).join(' '), 'TOO_MANY'],
    ['an onion address with a slip', `http://${'a'.repeat(56)}.onion/`, 'NOT_AN_ADDRESS'],
  ])('refuses %s in the address box', async (_what, address, code) => {
    expect((await refusal({ portal: 'ke', address })).faults).toEqual([`input.address ${code}`]);
  });

  it.each([
    ['a data address without base64', 'data:image/svg+xml,%3Csvg%3E'],
    ['a data address without a type', 'data:;base64,QUJD'],
    [
      'base64 in neighbouring lines',
      Array.from({ length: 6 }, () => 'QUJDREVGR0hJSktMTU5PUFFSU1RVVldYWVphYmNkZWZn').join('\n'),
    ],
  ])('refuses %s in the note', async (_what, note) => {
    const { faults } = await refusal({ portal: 'ke', address: 'https://ok.example/', details: { note } });
    expect(faults).toEqual(['input.details.note ENCODED_BLOB']);
  });

  it('takes a note with a long address in it, an email with spaces around it, and today wherever it is', async () => {
    const note = `It came from https://long.example/${'a1B2'.repeat(120)} yesterday.`;
    const answer = await submit(platform, {
      portal: 'ke',
      address: 'https://ok.example/',
      details: { note, seenOn: inDays(1) },
      contactEmail: ' name@host.example ',
    });
    expect(answer.__typename).toBe('ReportReceipt');
  });

  it('says that a portal is closed, and where to report instead', async () => {
    const suspended = await submit(platform, { portal: 'zm', address: 'https://ok.example/' });
    expect(suspended).toMatchObject({ __typename: 'PortalClosedError', code: 'PORTAL_CLOSED', transferredTo: null });
    const transferred = await submit(platform, { portal: ' ID ', address: 'https://ok.example/' });
    expect(transferred).toMatchObject({
      __typename: 'PortalClosedError',
      transferredTo: 'https://hotline.id.example/',
    });
  });

  it('does not know a portal that is only planned, but reports through one in its soft launch', async () => {
    await rows(`UPDATE portals SET stage = 'PLANNED' WHERE code = 'mn'`);
    expect((await refusal({ portal: 'mn', address: 'https://ok.example/' })).faults).toEqual([
      'input.portal UNKNOWN_PORTAL',
    ]);
    expect((await submit(platform, { portal: 'pk', address: 'https://ok.example/' })).__typename).toBe('ReportReceipt');
  });
});
