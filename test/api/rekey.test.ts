import { createHash } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { receiptFor, rows, statusOf, submit } from '../report/intake.ts';
import { type Platform, startPlatform } from '../support/platform.ts';

const CASE = `query ($number: String!) { case(number: $number) {
  number version address host unicodeHost registrableDomain lookAlike reportCount portalCount firstReportedAt state
  reports(first: 100) { edges { node { reference } } } } }`;
const by = { system: true, operation: 'addresses rekey' } as const;

describe('re-keying', () => {
  let platform: Platform;
  beforeAll(async () => {
    platform = await startPlatform();
  });
  afterAll(() => platform.stop());

  const numberOf = async (reference: string): Promise<string> => {
    const [row] = await rows('SELECT c.number FROM reports r JOIN cases c ON c.id = r.case_id WHERE reference = $1', [
      reference,
    ]);
    return row.number;
  };
  /** Reports an address and gives its case the key that older rules may have given it. */
  const olderCase = async (portal: string, address: string, olderKey: string) => {
    const { accessCode, reports } = await receiptFor(platform, portal, address);
    const number = await numberOf(reports[0]?.reference ?? '');
    await rows(
      `UPDATE cases SET address = $2, address_digest = $3, address_rules_version = 0, host = 'older.example',
                        registrable_domain = NULL WHERE number = $1`,
      [number, olderKey, createHash('sha256').update(olderKey).digest()],
    );
    return { number, accessCode, reference: reports[0]?.reference ?? '' };
  };
  const caseOf = async (number: string) => {
    const { data } = await platform.ask(CASE, { number }, 'analyst');
    const { reports, ...rest } = data.case;
    return { ...rest, references: reports.edges.map(({ node }: { node: { reference: string } }) => node.reference) };
  };
  const claim = async (number: string, as: 'analyst' | 'analyst2') => {
    const { data } = await platform.ask(
      'mutation ($number: String!) { claimCase(number: $number) { __typename ... on Case { version } } releaseCase(number: $number) { __typename } }',
      { number },
      as,
    );
    expect(data.claimCase.__typename).toBe('Case');
  };
  const rekey = async (dryRun = false) => {
    const { rekeyAddresses } = await import('../../src/case/rekey-addresses.ts');
    const lines: string[] = [];
    const tally = await rekeyAddresses(by, new Date(), { dryRun, tell: (line) => lines.push(line), pageSize: 3 });
    return { tally, lines };
  };
  const trail = (number: string) =>
    rows("SELECT action, subjects, detail FROM audit_entries WHERE stream = $1 AND operation = 'addresses rekey'", [
      `case:${number}`,
    ]);

  it('shows the names of a host to analysts, from the first report on', async () => {
    const { reports } = await receiptFor(platform, 'ke', 'https://www.b\u00FCcher.example/a');
    expect(await caseOf(await numberOf(reports[0]?.reference ?? ''))).toMatchObject({
      host: 'www.xn--bcher-kva.example',
      unicodeHost: 'www.bücher.example',
      registrableDomain: 'xn--bcher-kva.example',
      lookAlike: null,
    });
    const imitation = await receiptFor(platform, 'ke', 'https://www.h\u043Est.example/a https://www.host.example/a');
    const [first, second] = await Promise.all(imitation.reports.map(({ reference }) => numberOf(reference)));
    expect(second).not.toBe(first);
    expect(await caseOf(first ?? '')).toMatchObject({
      lookAlike: 'www.host.example',
      registrableDomain: 'xn--hst-sed.example',
    });
    expect(await caseOf(second ?? '')).toMatchObject({
      lookAlike: null,
      registrableDomain: 'host.example',
      unicodeHost: null,
    });
  });

  it('finds nothing to do where the rules are the same', async () => {
    const { tally, lines } = await rekey();
    expect(tally).toMatchObject({ cases: 3, refreshed: 0, rekeyed: 0, joined: 0, left: 0 });
    expect(lines).toEqual([]);
  });

  it('gives a case its new key, from what was typed in its place in the text', async () => {
    const older = await olderCase('ke', 'see <https://one.example/\n a.>', 'https://one.example:0443/a.');
    const dry = await rekey(true);
    expect(dry.lines).toEqual([`${older.number} has a new key.`]);
    expect(await caseOf(older.number)).toMatchObject({ address: 'https://one.example:0443/a.', version: 1 });

    expect((await rekey()).lines).toEqual(dry.lines);
    expect(await caseOf(older.number)).toMatchObject({
      address: 'https://one.example/a.',
      host: 'one.example',
      registrableDomain: 'one.example',
      version: 2,
      references: [older.reference],
    });
    expect(await trail(older.number)).toMatchObject([{ action: 'REKEY' }]);
    expect(await rekey()).toMatchObject({ tally: { rekeyed: 0, refreshed: 0 }, lines: [] });

    const again = await receiptFor(platform, 'ke', '<https://one.example/a.>');
    expect(await numberOf(again.reports[0]?.reference ?? '')).toBe(older.number);
  });

  it('reads the stored address where the rules find none in the typed text any more', async () => {
    const older = await olderCase('ke', 'https://stored.example/', 'https://stored.example:443/b');
    await rows('ALTER TABLE reports DISABLE TRIGGER reports_typed_text_is_evidence');
    await rows("UPDATE reports SET address_as_typed = 'a word' WHERE reference = $1", [older.reference]);
    await rows('ALTER TABLE reports ENABLE TRIGGER reports_typed_text_is_evidence');
    await rekey();
    expect(await caseOf(older.number)).toMatchObject({ address: 'https://stored.example/b' });
  });

  it('fills in what follows from a key that is the same', async () => {
    const older = await olderCase('ke', 'https://a.same.example/', 'https://a.same.example/');
    expect(await rekey()).toMatchObject({ tally: { refreshed: 1, rekeyed: 0 }, lines: [] });
    expect(await caseOf(older.number)).toMatchObject({
      host: 'a.same.example',
      registrableDomain: 'same.example',
      version: 1,
    });
    expect(await rows("SELECT subjects FROM audit_entries WHERE stream = 'addresses'")).toEqual([
      { subjects: [older.number] },
    ]);
  });

  it('moves the reports of a case that nobody worked on to the case that has the key', async () => {
    const older = await olderCase('ke', 'https://two.example/', 'https://two.example:443/');
    const newer = await receiptFor(platform, 'ug', 'https://two.example/');
    const number = await numberOf(newer.reports[0]?.reference ?? '');
    await claim(number, 'analyst');
    const { firstReportedAt } = await caseOf(older.number);

    expect((await rekey(true)).lines).toEqual([`${older.number} joins ${number}.`]);
    expect(await rekey()).toMatchObject({ tally: { joined: 1 }, lines: [`${older.number} joins ${number}.`] });
    expect(await caseOf(number)).toMatchObject({
      reportCount: 2,
      portalCount: 2,
      firstReportedAt,
      references: [newer.reports[0]?.reference, older.reference],
    });
    expect(await caseOf(older.number)).toMatchObject({ reportCount: 0, portalCount: 0, references: [] });
    expect(await trail(number)).toMatchObject([{ action: 'REKEY', subjects: [older.number] }]);
    expect(await trail(older.number)).toMatchObject([{ action: 'REKEY', subjects: [number] }]);
    expect(await statusOf(platform, older.accessCode)).toMatchObject({ stage: 'RECEIVED' });
    expect(await rekey()).toMatchObject({ tally: { joined: 0 }, lines: [] });

    const again = await receiptFor(platform, 'ke', 'https://two.example:443/');
    expect(await numberOf(again.reports[0]?.reference ?? '')).toBe(number);
  });

  it('takes in the other case where only this one was worked on', async () => {
    const older = await olderCase('ke', 'https://three.example/', 'https://three.example:443/');
    await claim(older.number, 'analyst');
    const newer = await receiptFor(platform, 'ug', 'https://three.example/');
    const other = await numberOf(newer.reports[0]?.reference ?? '');
    expect((await rekey()).lines).toEqual([`${older.number} takes in ${other}.`]);
    expect(await caseOf(older.number)).toMatchObject({ address: 'https://three.example/', reportCount: 2 });
    expect(await caseOf(other)).toMatchObject({ reportCount: 0, references: [] });

    const again = await receiptFor(platform, 'ke', 'https://three.example/');
    expect(await numberOf(again.reports[0]?.reference ?? '')).toBe(older.number);
  });

  it('leaves two cases that were worked on to a person, and says which', async () => {
    const older = await olderCase('ke', 'https://four.example/', 'https://four.example:443/');
    const newer = await receiptFor(platform, 'ug', 'https://four.example/');
    const other = await numberOf(newer.reports[0]?.reference ?? '');
    await claim(older.number, 'analyst');
    await claim(other, 'analyst2');
    for (const dryRun of [true, false])
      expect(await rekey(dryRun)).toMatchObject({
        tally: { left: 1, joined: 0, rekeyed: 0 },
        lines: [`${older.number} and ${other} are one, and both were worked on: a person decides.`],
      });
    expect(await caseOf(older.number)).toMatchObject({ address: 'https://four.example:443/', reportCount: 1 });
    await rows(
      "UPDATE cases SET address_rules_version = 1, address = 'https://four-b.example/', address_digest = sha256('b') WHERE number = $1",
      [older.number],
    );
  });

  it('opens a case again that had ended before the reports that join it', async () => {
    const older = await olderCase('ke', 'https://five.example/', 'https://five.example:443/');
    const newer = await receiptFor(platform, 'ug', 'https://five.example/');
    const number = await numberOf(newer.reports[0]?.reference ?? '');
    await rows("UPDATE cases SET state = 'REMOVED', state_since = now() - interval '1 day' WHERE number = $1", [
      number,
    ]);
    await rekey();
    expect(await caseOf(number)).toMatchObject({ state: 'AWAITING_ASSESSMENT', reportCount: 2 });
    expect(await caseOf(older.number)).toMatchObject({ reportCount: 0 });
  });

  it('goes on while reports come in, and loses none', async () => {
    const olders: { number: string; reference: string }[] = [];
    for (let page = 0; page < 8; page += 1)
      olders.push(await olderCase('ke', `https://busy.example/${page}`, `https://busy.example:443/${page}`));
    const [, ...receipts] = await Promise.all([
      rekey(),
      ...Array.from({ length: 40 }, (_, n) =>
        submit(platform, { portal: 'ug', address: `https://busy.example/${n % 8}` }, 'analyst'),
      ),
    ]);
    await rekey();
    const found = await rows(
      `SELECT c.address, c.report_count AS count, count(r.id)::int AS reports FROM cases c LEFT JOIN reports r ON r.case_id = c.id
       WHERE c.host = 'busy.example' AND c.report_count > 0 GROUP BY c.id ORDER BY c.address`,
    );
    expect(receipts.map(({ __typename }) => __typename)).toEqual(Array(40).fill('ReportReceipt'));
    expect(found).toEqual(olders.map((_, page) => ({ address: `https://busy.example/${page}`, count: 6, reports: 6 })));
  });

  it('leaves the audit trail whole, and no line with an address', async () => {
    const { verifyChains } = await import('../../src/audit/verify-chains.ts');
    expect((await verifyChains()).faults).toEqual([]);
    const written = await rows("SELECT detail FROM audit_entries WHERE operation = 'addresses rekey'");
    expect(JSON.stringify(written)).not.toContain('example');
  });
});
