import { type Figure, rate } from '../domain/disclosure.ts';
import type { PublishedMonth } from './published-figures.ts';

/** The shares that are published of a month. */
export const rateKinds = ['ACTIONABLE', 'REPEATED', 'ANONYMOUS'] as const;
export type RateKind = (typeof rateKinds)[number];

/** The shares of a published month in whole percent, from its published figures alone; null where the base is small or a part hidden. */
export function ratesOf(month: PublishedMonth): { of: RateKind; percent: number | null }[] {
  const parts: Record<RateKind, [part: Figure, base: Figure]> = {
    ACTIONABLE: [month.actionable, month.assessed],
    REPEATED: [cellOf(month, 'REPEATED', 'REPEATED'), month.reports],
    ANONYMOUS: [cellOf(month, 'CONTACT', 'ANONYMOUS'), month.reports],
  };
  return rateKinds.map((of) => ({ of, percent: rate(...parts[of]) }));
}

function cellOf({ breakdowns }: PublishedMonth, by: string, key: string): Figure {
  const cell = breakdowns.find((breakdown) => breakdown.by === by)?.cells.find((cell) => cell.key === key);
  return cell?.figure ?? { value: null, hidden: true };
}
