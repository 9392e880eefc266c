import type { SummedFigure } from '../domain/published-sums.ts';
import type { Base, PublishedDimension } from './definitions.ts';
import type { EditionNote } from './published-figures.ts';

/** `leftOut` says of how many months the whole table is hidden; a key that is not listed is 0 in the others. */
type SummedTable = {
  by: PublishedDimension;
  of: Base;
  leftOut: number;
  cells: { key: string; figure: SummedFigure }[];
};

/** The sums of several published months, of several countries or of a year. */
export type SummedFigures = {
  reports: SummedFigure;
  assessed: SummedFigure;
  actionable: SummedFigure;
  breakdowns: SummedTable[];
};

/** A group's month, `2026-10`: the sums over its countries, as they were when it was published. */
export type GroupEdition = EditionNote & {
  month: string;
  definitionsVersion: number;
  countries: string[];
  figures: SummedFigures;
};

/** A year of open data: the sums over all months of all countries. */
export type YearEdition = EditionNote & {
  year: number;
  definitionsVersion: number;
  figures: SummedFigures & { countries: string[]; monthsShown: number };
};

/** The sum in words: what is hidden is said to be missing. */
export function displaySum({ value, leftOut }: SummedFigure): string {
  if (value === null) return 'hidden';
  return leftOut === 0 ? String(value) : `${value}, without ${leftOut} hidden`;
}
