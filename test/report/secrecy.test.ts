import fs from 'node:fs';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { type Platform, send, startPlatform } from '../support/platform.ts';
import { receiptFor, rows, SUBMIT, statusOf } from './intake.ts';

const NOTE = 'canary-note, said in confidence';
const FURTHER = 'canary-further, said later';
const CONTACT = 'canary-contact@host.example';
const ADDRESS = 'https://canary-address.example/path';
const KEY = 'canary-key-0123456789';

describe('what a reporter entrusts to us', () => {
  let platform: Platform;
  const logged: string[] = [];
  beforeAll(async () => {
    platform = await startPlatform({ LOG_LEVEL: 'debug' });
    // What the logger writes, on its way to the file descriptor.
    for (const name of ['write', 'writeSync'] as const) {
      const write = fs[name] as (...args: unknown[]) => unknown;
      vi.spyOn(fs, name).mockImplementation((...args: unknown[]) => {
        logged.push(String(args[1]));
        return write(...args) as number;
      });
    }
  });
  afterAll(async () => {
    vi.restoreAllMocks();
    await platform.stop();
  });

  it('lies in no table and no log in readable form: not the access code, not the note, not the contact', async () => {
    const { accessCode } = await receiptFor(platform, 'ke', ADDRESS, {
      details: { note: NOTE },
      contactEmail: CONTACT,
      idempotencyKey: KEY,
    });
    await statusOf(platform, accessCode);
    const { data } = await platform.ask(
      'mutation ($input: AddReportDetailsInput!) { addReportDetails(input: $input) { __typename } }',
      { input: { accessCode, details: { note: FURTHER } } },
    );
    expect(data.addReportDetails.__typename).toBe('ReportStatus');

    const dump = await wholeDatabase();
    expect(dump).toContain('canary-address'); // the dump sees what is there
    const digits = accessCode.replaceAll(' ', '');
    for (const secret of [accessCode, digits, NOTE, FURTHER, CONTACT, 'canary-note', KEY]) {
      expect(dump).not.toContain(secret);
      expect(dump).not.toContain(Buffer.from(secret).toString('hex'));
      expect(dump).not.toContain(Buffer.from(secret).toString('base64').replace(/=+$/, '').slice(0, -2));
    }
  });

  it('stays out of the log also where the platform fails', async () => {
    const { accessCode } = await receiptFor(platform, 'ke', 'https://other.example/');
    const input = {
      portal: 'ke',
      address: ADDRESS,
      details: { note: NOTE },
      contactEmail: CONTACT,
      idempotencyKey: `${KEY}-2`,
    };
    await rows('ALTER TABLE submissions RENAME COLUMN pasted_text TO lost');
    const failed = await send(platform.url, { query: SUBMIT, variables: { input } });
    const status = await send(platform.url, { query: `{ reportStatus(accessCode: "${accessCode}") { stage } }` });
    await rows('ALTER TABLE submissions RENAME COLUMN lost TO pasted_text');

    for (const { errors } of [failed, status]) {
      expect(errors).toMatchObject([{ extensions: { code: 'INTERNAL_SERVER_ERROR', id: expect.any(String) } }]);
    }
    const log = logged.join('');
    expect(log).toContain(failed.errors[0]?.extensions.id);
    expect(log).toContain(status.errors[0]?.extensions.id);
    for (const word of ['canary', accessCode, accessCode.replaceAll(' ', ''), '127.0.0.1']) {
      expect(log).not.toContain(word);
      expect(JSON.stringify([failed, status])).not.toContain(word);
    }
  });
});

async function wholeDatabase(): Promise<string> {
  const tables = await rows(
    `SELECT format('%I.%I', table_schema, table_name) AS name FROM information_schema.tables
     WHERE table_schema NOT IN ('pg_catalog', 'information_schema') AND table_type = 'BASE TABLE'`,
  );
  const contents = [];
  for (const { name } of tables) contents.push(JSON.stringify(await rows(`SELECT t::text FROM ${name} t`)));
  return contents.join('\n');
}
