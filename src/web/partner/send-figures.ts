import type { Context } from 'hono';
import type { Ask, Visit } from '../graphql.ts';
import { csvOf } from './export-csv.ts';
import { FiguresToTake, OpenData } from './export-documents.ts';
import { figuresOfCountry, figuresOfNetwork } from './export-figures.ts';
import { jsonStatOf } from './export-json-stat.ts';
import { namesIn } from './export-names.ts';
import { type ExportRow, exportRows, type PublishedFigures } from './export-rows.ts';
import type { PartnerMessages } from './messages.ts';

/** The endings of the files that figures can be taken away in. */
export const exportFormats = ['csv', 'xlsx', 'json'] as const;
export type ExportFormat = (typeof exportFormats)[number];

type Body = string | Uint8Array<ArrayBuffer>;
type Make = (figures: PublishedFigures, rows: ExportRow[]) => Body | Promise<Body>;

const formats: Record<ExportFormat, { type: string; make: Make }> = {
  csv: { type: 'text/csv; charset=utf-8', make: csvOf },
  xlsx: {
    type: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
    // Loaded by the first who takes one.
    make: async (figures, rows) => new Uint8Array(await (await import('./export-xlsx.ts')).xlsxOf(figures, rows)),
  },
  json: { type: 'application/json', make: (figures, rows) => JSON.stringify(jsonStatOf(figures, rows)) },
};

/** The most months that one question may be about. */
const MOST_MONTHS = 120;
const MONTH = /^\d{4}-(0[1-9]|1[0-2])$/;

/** Who asks for a file, and in which language. */
export type Taker = { ask: Ask; visit: Visit; m: PartnerMessages };

/**
 * The published figures of a country as a file, asked with the visitor's own rights: the months of `?from=` and `?to=`, or where one is
 * left out all of the ten years up to now. Throws a `RefusedQuestionError` for whoever may not read the country.
 */
export async function sendFigures(
  c: Context,
  { ask, visit, m }: Taker,
  { country, format }: { country: string; format: ExportFormat },
): Promise<Response> {
  const now = new Date();
  const to = c.req.query('to') ?? monthOf(now, 0);
  const from = c.req.query('from') ?? (MONTH.test(to) ? monthOf(new Date(`${to}-01`), 1 - MOST_MONTHS) : '');
  if (!MONTH.test(from) || !MONTH.test(to)) return sayWhatHelps(c);
  const { countryStatistics } = await ask(FiguresToTake, { country, from, to }, visit);
  c.header('cache-control', 'private, no-cache');
  c.header('vary', 'authorization, cookie, accept-language');
  return sendFile(c, figuresOfCountry(countryStatistics, m), m, format, `statistics-${country}`);
}

/** The open data of the network as a file, for everybody. */
export async function sendOpenData(c: Context, { ask, visit, m }: Taker, format: 'csv' | 'json'): Promise<Response> {
  const { openData } = await ask(OpenData, {}, visit);
  c.header('cache-control', 'public, max-age=3600');
  c.header('vary', 'accept-language');
  c.header('access-control-allow-origin', '*');
  return sendFile(c, figuresOfNetwork(openData, m), m, format, 'open-data');
}

/** How to ask, for whoever asked otherwise. */
export function sayWhatHelps(c: Context): Response {
  const text = `Ask for a country as in KE.csv, and for 1 to ${MOST_MONTHS} months as in ?from=2026-01&to=2026-12.\n`;
  return c.text(text, 400, { 'cache-control': 'no-store' });
}

async function sendFile(
  c: Context,
  figures: PublishedFigures,
  m: PartnerMessages,
  format: ExportFormat,
  name: string,
): Promise<Response> {
  const { type, make } = formats[format];
  c.header('content-type', type);
  c.header('content-language', m.tag);
  c.header('content-disposition', `attachment; filename="${name}-${figures.asOf || 'none'}.${format}"`);
  return c.body(await make(figures, exportRows(figures, namesIn(m))));
}

function monthOf(time: Date, offset: number): string {
  return new Date(Date.UTC(time.getUTCFullYear(), time.getUTCMonth() + offset)).toISOString().slice(0, 7);
}
