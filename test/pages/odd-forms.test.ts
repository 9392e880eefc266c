import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { rows } from '../report/intake.ts';
import { type Platform, startPlatform } from '../support/platform.ts';

const LANGUAGES = ['en', 'es-419', 'ca-valencia', 'sr-Latn-RS-x-abcdefgh'];

describe('forms as they are really sent', () => {
  let platform: Platform;
  beforeAll(async () => {
    platform = await startPlatform();
    const input = { code: 'odd', name: 'Odd', timeZone: 'UTC', defaultLanguage: 'en', languages: LANGUAGES };
    const save = 'mutation ($input: SavePortalInput!) { savePortal(input: $input) { __typename } }';
    expect((await platform.ask(save, { input }, 'admin')).data.savePortal.__typename).toBe('Portal');
    await platform.ask('mutation { setPortalStage(input: { code: "odd", stage: LIVE }) { __typename } }', {}, 'admin');
  });
  afterAll(() => platform.stop());

  const post = async (path: string, body: string) => {
    const headers = { 'content-type': 'application/x-www-form-urlencoded' };
    const response = await fetch(`${platform.url}${path}`, { method: 'POST', headers, body });
    return { status: response.status, page: await response.text() };
  };
  const form = (entries: Record<string, string>) => String(new URLSearchParams(entries));

  it.each(LANGUAGES)('are taken in %s', async (language) => {
    const address = `https://${language.toLowerCase()}.example/`;
    expect((await post(`/odd/${language}`, form({ address }))).status).toBe(200);
    expect((await fetch(`${platform.url}/odd/${language}/status`)).status).toBe(200);
  });

  it('are found behind an address that ends with a slash', async () => {
    for (const path of ['/ke/', '/ke/en/', '/ke/en/status/', '/languages/en/'])
      expect((await fetch(`${platform.url}${path}`)).status, path).toBe(200);
  });

  it('hold as many letters in any script', async () => {
    const letters = 'ሰላም '.repeat(3_900);
    const { status } = await post('/ke/en', form({ address: `${letters}https://long.example/` }));
    expect(status).toBe(200);
    expect(await rows("SELECT pasted_text FROM submissions WHERE pasted_text LIKE '%long.example%'")).toEqual([
      { pasted_text: `${letters}https://long.example/` },
    ]);
  });

  it('keep every address box that a page of a portal has', async () => {
    const { status, page } = await post('/ke/en', 'address=https://first.example/&address=https://second.example/');
    expect(status).toBe(200);
    expect(page.match(/R-[0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]{4}/g)).toHaveLength(2);
  });

  it('are refused where they are not UTF-8, rather than changed', async () => {
    for (const body of [
      'address=https://one.example/%FF%FE',
      Buffer.from('address=\xff', 'latin1').toString('latin1'),
    ]) {
      const response = await fetch(`${platform.url}/ke/en`, {
        method: 'POST',
        headers: { 'content-type': 'application/x-www-form-urlencoded' },
        body: Buffer.from(body, 'latin1'),
      });
      expect(response.status).toBe(415);
    }
    expect((await post('/ke/en', 'address=https://plain.example/100%25-ü')).status).toBe(200);
  });

  it('may hold an email address with signs that nobody sees', async () => {
    const input = { portal: 'ke', address: 'https://mail.example/', contactEmail: '\u202Ename@mail.example\u200B' };
    const submit = 'mutation ($input: SubmitReportInput!) { submitReport(input: $input) { __typename } }';
    expect((await platform.ask(submit, { input })).data.submitReport.__typename).toBe('ReportReceipt');
  });

  it('name no day before there was anything to see', async () => {
    const submit = `mutation ($input: SubmitReportInput!) { submitReport(input: $input) { __typename ... on InvalidInputError { issues { path code } } } }`;
    for (const seenOn of ['0000-01-01', '0001-01-01', '1989-12-31']) {
      const input = { portal: 'ke', address: 'https://day.example/', details: { seenOn } };
      const { data, errors } = await platform.ask(submit, { input });
      expect(errors[0]?.extensions.code, seenOn).not.toBe('INTERNAL_SERVER_ERROR');
      if (data) expect(data.submitReport.issues).toEqual([{ path: ['input', 'details', 'seenOn'], code: 'TOO_EARLY' }]);
    }
  });
});
