import type { Figure } from '../domain/disclosure.ts';
import type { Definition } from './definition-texts.ts';
import { type Base, baseOf, type PublishedDimension, type SpeedMeasure } from './definitions.ts';

/** A table of a published month; `hidden` where it is hidden whole. */
type Table = { by: PublishedDimension; of: Base; hidden: boolean; cells: { key: string; figure: Figure }[] };

/** What an edition keeps: figures after disclosure control, and speeds in hours (null where they may not be shown). */
export type PublishedMonth = {
  reports: Figure;
  assessed: Figure;
  actionable: Figure;
  breakdowns: Table[];
  speeds: { measure: SpeedMeasure; median: number | null; ninetieth: number | null }[];
};

/** What is told of an edition beside its figures; `correction` says why it was made, and is null for the first. */
export type EditionNote = { edition: number; publishedOn: Date; correction: string | null };

/** One edition of a country's month, `2026-10`, with those before it. */
export type MonthEdition = EditionNote & {
  month: string;
  definitionsVersion: number;
  figures: PublishedMonth;
  earlier: EditionNote[];
};

/** What is published of a country between two months, and the total of its running month. */
export type CountryFigures = {
  country: string;
  asOf: Date;
  edition: number;
  definitions: Definition[];
  months: MonthEdition[];
  provisional: Figure;
};

/** A table as it is stored: definitions version 1 did not say what it breaks down, nor whether it is hidden whole. */
export type StoredMonth = Omit<PublishedMonth, 'breakdowns'> & {
  breakdowns: { by: string; hidden?: boolean; cells: Table['cells'] }[];
};

/** A stored edition's figures in the shape of today, whatever version of the definitions they are of. */
export function readMonth(stored: StoredMonth): PublishedMonth {
  const breakdowns = stored.breakdowns.map(({ by, hidden, cells }) => {
    const name = by as PublishedDimension;
    return { by: name, of: baseOf(name), hidden: hidden ?? cells.every(({ figure }) => figure.hidden), cells };
  });
  return { ...stored, breakdowns };
}
