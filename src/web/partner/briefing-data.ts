import { Briefing, type Definition, type Month, MonthOfCountry } from './documents.ts';
import { isMonth, monthOf, monthsBefore } from './months.ts';
import type { PartnerView } from './view.ts';
import type { PartnerSite } from './visit.tsx';

/** How many months may be chosen from: the most that one question may be about. */
const MONTHS = 120;

export type CountryBriefing = {
  country: string;
  asOf: string;
  /** Every published month, oldest first. */
  months: readonly { month: string; reports: { value: number | null } }[];
  running: number | null;
  /** The month that is shown, the one before it and the same of the year before: null where they are not published. */
  shown: Month | null;
  before: Month | null;
  yearBefore: Month | null;
  definitions: readonly Definition[];
};

/** All that a country's briefing needs, asked with the reader's own rights: of the month that is named, or of the newest. */
export async function countryBriefing(
  site: PartnerSite,
  { visit, query }: PartnerView,
  country: string,
  now: Date,
): Promise<CountryBriefing> {
  const span = { from: monthsBefore(monthOf(now), MONTHS - 1), to: monthOf(now) };
  const { countryStatistics: all } = await site.ask(Briefing, { country, ...span }, visit);
  const common = { country, asOf: all.asOf, months: all.months, running: all.provisional.value };
  const month = isMonth(query['month']) ? query['month'] : all.months.at(-1)?.month;
  if (!month) return { ...common, shown: null, before: null, yearBefore: null, definitions: [] };
  const [shown, before, yearBefore] = await Promise.all(
    [0, 1, 12].map(async (count) => {
      const asked = { country, month: monthsBefore(month, count) };
      return (await site.ask(MonthOfCountry, asked, visit)).countryStatistics;
    }),
  );
  return {
    ...common,
    shown: shown?.months[0] ?? null,
    before: before?.months[0] ?? null,
    yearBefore: yearBefore?.months[0] ?? null,
    definitions: shown?.definitions ?? [],
  };
}
