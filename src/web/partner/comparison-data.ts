import { type CountryOverview, Group, type GroupMonth, type Month, MonthOfCountry, Overview } from './documents.ts';
import { isMonth, monthOf, monthsBefore } from './months.ts';
import type { PartnerView } from './view.ts';
import type { PartnerSite } from './visit.tsx';

/** How far back the newest month is sought: an agreement may have ended long ago. */
const MONTHS_BACK = 24;

export type Comparison = {
  /** Null where no month of any of these countries is published. */
  month: string | null;
  /** Every month that may be chosen, oldest first. */
  months: readonly { month: string }[];
  countries: readonly { country: string; shown: Month | null }[];
  /** The sums of a funder's group; null for others, and where that month of it is not published. */
  group: GroupMonth | null;
};

/** The newest totals of countries, each asked with the reader's own rights. */
export function overviewsOf(
  site: PartnerSite,
  { visit }: PartnerView,
  countries: readonly string[],
  now: Date,
): Promise<{ country: string; overview: CountryOverview }[]> {
  const span = { from: monthsBefore(monthOf(now), MONTHS_BACK), to: monthOf(now) };
  return Promise.all(
    countries.map(async (country) => {
      const { countryStatistics } = await site.ask(Overview, { country, ...span }, visit);
      return { country, overview: countryStatistics };
    }),
  );
}

/** Countries side by side in the month that is named, or in the newest of any of them. */
export async function comparisonOf(
  site: PartnerSite,
  view: PartnerView,
  countries: readonly string[],
  now: Date,
): Promise<Comparison> {
  const { query, visit, reader } = view;
  const overviews = await overviewsOf(site, view, countries, now);
  const months = [...new Set(overviews.flatMap(({ overview }) => overview.months.map(({ month }) => month)))].sort();
  const month = isMonth(query['month']) ? query['month'] : (months.at(-1) ?? null);
  const common = { month, months: months.map((one) => ({ month: one })) };
  if (month === null) return { ...common, countries: [], group: null };
  const shown = await Promise.all(
    countries.map(async (country) => {
      const { countryStatistics } = await site.ask(MonthOfCountry, { country, month }, visit);
      return { country, shown: countryStatistics.months[0] ?? null };
    }),
  );
  if (reader.partnerKind !== 'FUNDER') return { ...common, countries: shown, group: null };
  const { groupStatistics } = await site.ask(Group, { month }, visit);
  return { ...common, countries: shown, group: groupStatistics?.months[0] ?? null };
}
