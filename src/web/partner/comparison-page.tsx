import { raw } from 'hono/html';
import { barsChart } from './charts.ts';
import { BreakdownComparison } from './comparison-breakdown.tsx';
import type { Comparison } from './comparison-data.ts';
import { ChooseCountries, SumCell } from './comparison-parts.tsx';
import { FigureCell, MissingCell, WhyHidden } from './figure-parts.tsx';
import { PartnerLayout } from './layout.tsx';
import { percentName } from './messages.ts';
import { monthName } from './names.ts';
import { descriptionOf } from './table-section.tsx';
import { OtherMonths } from './take-parts.tsx';
import type { PartnerView } from './view.ts';

type Shown = Comparison & { month: string };
type ComparisonProps = {
  view: PartnerView;
  comparison: Comparison;
  /** For the hotline's own people: what they choose from. Partners compare those of their agreement. */
  choice: readonly string[] | null;
};

/** Several countries side by side: their totals, and one table at a time. */
export function ComparisonPage({ view, comparison, choice }: ComparisonProps) {
  const { m } = view;
  const { month, months, countries } = comparison;
  const chosen = countries.map(({ country }) => country);
  const title = m.text('compare.title');
  return (
    <PartnerLayout view={view} title={title}>
      <h1>{title}</h1>
      {choice && <ChooseCountries view={view} choice={choice} chosen={chosen} />}
      {month === null ? (
        <p>{m.text(choice ? 'overview.none' : 'briefing.none.text')}</p>
      ) : (
        <>
          <p class="lead">{m.text('compare.lead', { month: monthName(m, month) })}</p>
          {countries.length < 2 && <p>{m.text('compare.oneOnly')}</p>}
          <p>{m.text('compare.care')}</p>
          <Totals view={view} comparison={{ ...comparison, month }} />
          <BreakdownComparison view={view} comparison={comparison} />
          <WhyHidden m={m} />
          <OtherMonths view={view} months={months} selected={month} countries={choice ? chosen : []} />
        </>
      )}
    </PartnerLayout>
  );
}

function Totals({ view, comparison }: { view: PartnerView; comparison: Shown }) {
  const { m, href } = view;
  const { month, countries, group } = comparison;
  const title = m.text('chart.countries.title', { month: monthName(m, month) });
  const bars = countries.flatMap(({ country, shown }) =>
    shown ? [{ label: m.country(country), value: shown.reports.value }] : [],
  );
  return (
    <section id="totals">
      <h2>{m.text('briefing.totals')}</h2>
      {bars.length > 0 &&
        raw(barsChart(m, { id: 'chart-countries', title, description: descriptionOf(m, bars) }, bars))}
      <section class="wide-table" tabindex={0} aria-label={m.text('briefing.totals')}>
        <table>
          <caption>{m.text('hidden.rounded')}</caption>
          <thead>
            <tr>
              <th scope="col">{m.text('column.country')}</th>
              {(['total.REPORTS', 'total.ASSESSED', 'total.ACTIONABLE', 'rate.ACTIONABLE'] as const).map((name) => (
                <th scope="col" class="number">
                  {m.text(name)}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {countries.map(({ country, shown }) => (
              <tr>
                <th scope="row">
                  <a href={href(`/partner/${country}`, { month })}>{m.country(country)}</a>
                </th>
                <FigureCell m={m} value={shown?.reports.value} />
                <FigureCell m={m} value={shown?.assessed.value} />
                <FigureCell m={m} value={shown?.actionable.value} />
                <Share view={view} percent={shown?.rates.find(({ of }) => of === 'ACTIONABLE')?.percent ?? null} />
              </tr>
            ))}
          </tbody>
          {group && (
            <tfoot>
              <tr>
                <th scope="row">{nameOfGroup(view, comparison)}</th>
                <SumCell m={m} sum={group.reports} />
                <SumCell m={m} sum={group.assessed} />
                <SumCell m={m} sum={group.actionable} />
                <td></td>
              </tr>
            </tfoot>
          )}
        </table>
      </section>
      {group && <p class="hint">{m.text('compare.sums')}</p>}
      {group?.correction && <p class="hint">{m.text('briefing.corrected', { reason: group.correction })}</p>}
    </section>
  );
}

// Where the group of that month was another than the countries above, it says which it was.
function nameOfGroup({ m }: PartnerView, { group, countries }: Comparison): string {
  const summed = group?.countries ?? [];
  const isSame = summed.length === countries.length && countries.every(({ country }) => summed.includes(country));
  const names = new Intl.ListFormat(m.pages.tag, { type: 'unit' }).format(summed.map((country) => m.country(country)));
  return isSame ? m.text('compare.together') : `${m.text('compare.together')} (${names})`;
}

function Share({ view: { m }, percent }: { view: PartnerView; percent: number | null }) {
  if (percent === null) return <MissingCell>{m.text('figure.notGiven')}</MissingCell>;
  return <td class="number">{percentName(percent, m.tag)}</td>;
}
