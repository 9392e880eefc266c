import { raw } from 'hono/html';
import type { CountryBriefing } from './briefing-data.ts';
import { monthsChart } from './charts.ts';
import type { Month } from './documents.ts';
import { Definitions, FigureCell, WhyHidden } from './figure-parts.tsx';
import { PartnerLayout } from './layout.tsx';
import { Lead, MonthInFigures, Speeds } from './month-parts.tsx';
import { monthsBefore } from './months.ts';
import { monthName } from './names.ts';
import { TableSection } from './table-section.tsx';
import { Downloads, Editions, OtherMonths } from './take-parts.tsx';
import type { PartnerView } from './view.ts';

/** The tables of a month by what they tell, in the order of the page. */
const chapters = [
  { id: 'reports', title: 'briefing.reports', tables: ['SOURCE', 'LANGUAGE', 'REPEATED', 'CONTACT'] },
  {
    id: 'found',
    title: 'briefing.found',
    tables: ['SEVERITY', 'AGE', 'SEX', 'FORM', 'SITE_TYPE', 'HOSTING_COUNTRY', 'HOSTING'],
  },
  {
    id: 'done',
    title: 'briefing.done',
    tables: ['TIME_TO_ASSESS', 'TIME_TO_NOTIFY', 'REMOVAL', 'REFERRAL', 'URL_LIST'],
  },
  { id: 'not-actionable', title: 'briefing.notActionable', tables: ['REASON'] },
] as const;

type BriefingProps = { view: PartnerView; briefing: CountryBriefing };

/** What a month of a country comes to: in sentences, charts and tables. */
export function BriefingPage({ view, briefing }: BriefingProps) {
  const { m } = view;
  const { country, shown } = briefing;
  if (!shown) return <NoMonthPage view={view} briefing={briefing} />;
  const title = m.text('briefing.title', { country: m.country(country), month: monthName(m, shown.month) });
  return (
    <PartnerLayout view={view} title={title}>
      <h1>{title}</h1>
      <Lead m={m} briefing={{ ...briefing, shown }} />
      <nav class="contents" aria-label={m.text('briefing.contents')}>
        <ul>
          {contents(view).map(([id, name]) => (
            <li>
              <a href={`#${id}`}>{name}</a>
            </li>
          ))}
        </ul>
      </nav>
      <MonthInFigures m={m} briefing={{ ...briefing, shown }} />
      <Trend view={view} briefing={briefing} last={shown.month} />
      {chapters.map(({ id, title, tables }) => (
        <section id={id}>
          <h2>{m.text(title)}</h2>
          {id === 'done' && <Speeds m={m} briefing={{ ...briefing, shown }} />}
          {tablesOf(shown, tables).map((table) => (
            <TableSection m={m} {...briefing} shown={shown} table={table} />
          ))}
        </section>
      ))}
      <WhyHidden m={m} />
      <Definitions m={m} definitions={briefing.definitions} />
      <Editions m={m} shown={shown} />
      <Downloads view={view} country={country} month={shown.month} />
      <OtherMonths view={view} months={briefing.months} selected={shown.month} />
    </PartnerLayout>
  );
}

function contents({ m }: PartnerView): [string, string][] {
  return [
    ['totals', m.text('briefing.totals')],
    ['trend', m.text('briefing.trend')],
    ...chapters.map(({ id, title }): [string, string] => [id, m.text(title)]),
    ['hidden', m.text('hidden.title')],
    ['definitions', m.text('briefing.definitions')],
    ['editions', m.text('briefing.editions')],
    ['download', m.text('briefing.download')],
    ['months', m.text('briefing.months')],
  ];
}

function tablesOf({ breakdowns }: Month, names: readonly string[]) {
  return names.flatMap((by) => breakdowns.find((table) => table.by === by) ?? []);
}

/** How many months the chart of months shows: a year, and the same month of the year before. */
const TREND = 13;

function Trend({ view: { m, href }, briefing, last }: BriefingProps & { last: string }) {
  const months = Array.from({ length: TREND }, (_, index) => monthsBefore(last, TREND - 1 - index));
  const bars = months.map((month) => ({
    month,
    value: briefing.months.find((one) => one.month === month)?.reports.value,
  }));
  const [highest] = bars.filter(({ value }) => value != null).sort((a, b) => (b.value ?? 0) - (a.value ?? 0));
  const hidden = bars.filter(({ value }) => value === null).length;
  const span = { first: monthName(m, months[0] ?? last), last: monthName(m, last) };
  const description = [
    highest
      ? m.text('chart.trend.text', {
          ...span,
          highest: m.number(highest.value ?? 0),
          month: monthName(m, highest.month),
        })
      : m.text('chart.trend.nothing', span),
    ...(hidden > 0 ? [m.text('chart.months.hidden', { count: hidden })] : []),
    m.text('chart.table'),
  ].join(' ');
  const title = m.text('chart.trend.title', { country: m.country(briefing.country) });
  return (
    <section id="trend">
      <h2>{m.text('briefing.trend')}</h2>
      {raw(monthsChart(m, { id: 'chart-months', title, description }, bars))}
      <table>
        <caption>{title}</caption>
        <thead>
          <tr>
            <th scope="col">{m.text('column.month')}</th>
            <th scope="col" class="number">
              {m.text('total.REPORTS')}
            </th>
          </tr>
        </thead>
        <tbody>
          {bars.toReversed().map(({ month, value }) => (
            <tr>
              <th scope="row">
                {value === undefined || month === last ? (
                  monthName(m, month)
                ) : (
                  <a href={href(`/partner/${briefing.country}`, { month })}>{monthName(m, month)}</a>
                )}
              </th>
              <FigureCell m={m} value={value} />
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}

function NoMonthPage({ view, briefing }: BriefingProps) {
  const { m, query } = view;
  const { country, months } = briefing;
  const isNamed = months.length > 0 && query['month'] !== undefined;
  return (
    <PartnerLayout view={view} title={m.country(country)}>
      <h1>{m.country(country)}</h1>
      <h2>{m.text('briefing.none.title')}</h2>
      <p>{m.text(isNamed ? 'briefing.noMonth.text' : 'briefing.none.text')}</p>
      {months.length > 0 && <OtherMonths view={view} months={months} selected={null} />}
    </PartnerLayout>
  );
}
