import type { MonthFigures } from '../domain/disclosure.ts';
import type { SpeedMeasure } from './definitions.ts';

/** What an edition keeps: figures after disclosure control, and speeds in hours (null where they may not be shown). */
export type PublishedMonth = MonthFigures & {
  speeds: { measure: SpeedMeasure; median: number | null; ninetieth: number | null }[];
};
