import { createHash } from 'node:crypto';
import { Kind, parse, specifiedRules, validate } from 'graphql';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { persistedDocuments } from '../../src/graphql/persisted-documents.ts';
import { type Platform, send, startPlatform } from '../support/platform.ts';

// Pages that portals made years ago name these documents: what they get may not change under them. If this fails, put the old
// text back and give the new one the next number.
const given: Record<string, string> = {
  'submit-report.1': 'ec97de2a2011d33f137c6ea1237cdee426f64e988db7d8a121075000dd120a86',
  'report-status.1': 'ab8c184fba2c11cfbf66b2f1c2bfbe4d545cc112e9d596d064fc9356b45257e9',
  'add-report-details.1': '9ab9429890a099064d47e8ba5d9aaf1c43286d292d88996788937c7f703832ea',
  'withdraw-contact.1': '055dcb5aab69539c8dbd8f2c9d7c0f94406146f3ccab0a7818baafe047b1736c',
  'portal.1': 'b950096b2d50afda5bad4606e85ccdef89ebaf6490c41c1e8d93dc622021baf0',
  'portals.1': '9d9c41d12c87de08e440931867a0d9438da1aa0904d707444311d4254522af35',
};

describe('a persisted document', () => {
  let platform: Platform;
  beforeAll(async () => {
    platform = await startPlatform();
  });
  afterAll(() => platform.stop());

  it('is what it was when portals were first told of it', () => {
    const hashes = persistedDocuments.map(({ id, text }) => [id, createHash('sha256').update(text).digest('hex')]);
    expect(Object.fromEntries(hashes)).toEqual(given);
    expect(hashes).toHaveLength(Object.keys(given).length);
  });

  it.each(persistedDocuments)('fits the schema, and holds one operation: $id', async ({ id, text }) => {
    const { schema } = await import('../../src/graphql/schema.ts');
    const document = parse(text);
    expect(validate(schema, document, specifiedRules)).toEqual([]);
    expect(document.definitions.map(({ kind }) => kind)).toEqual([Kind.OPERATION_DEFINITION]);
    expect(id).toMatch(/^[a-z]+(-[a-z]+)*\.[1-9]\d*$/);
  });

  it.each(persistedDocuments)('is within the limits and open to strangers: $id', async ({ id }) => {
    const input = id.startsWith('submit')
      ? { portal: 'ke', address: 'https://site.example/' }
      : { accessCode: '0', details: {} };
    const variables = { code: 'ke', accessCode: '0', input };
    const { status, errors, data } = await send(platform.url, { documentId: id, variables });
    expect({ status, errors }).toEqual({ status: 200, errors: [] });
    expect(data).toBeTruthy();
  });

  it('runs by its id and its variables', async () => {
    const input = { portal: 'ke', address: 'https://persisted.example/' };
    const { data } = await send(platform.url, { documentId: 'submit-report.1', variables: { input } });
    expect(data.submitReport).toMatchObject({
      __typename: 'ReportReceipt',
      accessCode: expect.stringMatching(/^(\d{4} ?){4}$/),
      reports: [{ address: 'https://persisted.example/' }],
    });
    const { accessCode } = data.submitReport;
    const followed = await send(platform.url, { documentId: 'report-status.1', variables: { accessCode } });
    expect(followed.data.reportStatus).toMatchObject({ stage: 'RECEIVED', outcome: null });
  });

  it.each([
    ['an id that is not known', { documentId: 'submit-report.9' }, 'UNKNOWN_DOCUMENT'],
    ['an id of every object', { documentId: 'constructor' }, 'UNKNOWN_DOCUMENT'],
    ['an id that is a number', { documentId: 1 }, 'UNKNOWN_DOCUMENT'],
    ['no id', { documentId: null }, 'UNKNOWN_DOCUMENT'],
    ['a query beside it', { documentId: 'portals.1', query: '{ portals { code } }' }, 'BAD_REQUEST'],
    ['an unknown parameter beside it', { documentId: 'portals.1', debug: true }, 'BAD_REQUEST'],
  ])('is refused with a code and 400: %s', async (_what, body, code) => {
    const { status, data, errors } = await send(platform.url, body);
    expect({ status, data, codes: errors.map(({ extensions }) => extensions.code) }).toEqual({
      status: 400,
      data: null,
      codes: [code],
    });
  });
});
