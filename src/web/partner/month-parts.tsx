import type { CountryBriefing } from './briefing-data.ts';
import type { Month } from './documents.ts';
import { DefinitionBeside, DefinitionsBeside, FigureCell, MissingCell } from './figure-parts.tsx';
import { type PartnerMessages, percentName } from './messages.ts';
import { monthName } from './names.ts';
import { countrySentence } from './sentence.ts';
import { MonthHeads } from './table-section.tsx';

/** Changes are given on a base of at least this, as rates are (domain.md §9). */
const CHANGE_MINIMUM_BASE = 50;
/** Beyond this many hours people count in days. */
const MOST_HOURS = 72;

type Props = { m: PartnerMessages; briefing: CountryBriefing & { shown: Month } };

/** The month in sentences. */
export function Lead({ m, briefing: { country, shown, before, yearBefore, asOf, running } }: Props) {
  const { month, reports, edition, publishedOn, correction } = shown;
  const change = yearBefore && changeSince(m, reports.value, yearBefore);
  return (
    <>
      <p class="lead">{countrySentence(m, { country, month, reports, before: before?.reports ?? null })}</p>
      <p>{[change, ...outcomeOf(m, shown)].filter(Boolean).join(' ')}</p>
      <p>{running === null ? m.text('sentence.runningHidden') : m.text('sentence.running', { count: running })}</p>
      <p class="meta">
        {m.text('briefing.asOf', { date: m.date(asOf) })}
        <br />
        {m.text('briefing.edition', { edition, date: m.date(publishedOn) })}
      </p>
      {correction !== null && (
        <div class="box">
          <p>{m.text('briefing.corrected', { reason: correction })}</p>
        </div>
      )}
    </>
  );
}

function outcomeOf(m: PartnerMessages, { assessed, actionable, rates }: Month): string[] {
  const share = rates.find(({ of }) => of === 'ACTIONABLE')?.percent ?? null;
  return [
    ...(assessed.value === null ? [] : [m.text('sentence.assessed', { count: assessed.value })]),
    ...(actionable.value === null
      ? []
      : [
          share === null
            ? m.text('sentence.actionable', { count: actionable.value })
            : m.text('sentence.actionableShare', { count: actionable.value, percent: percentName(share, m.tag) }),
        ]),
  ];
}

function changeSince(m: PartnerMessages, value: number | null, { month, reports }: Month): string | null {
  if (value === null || reports.value === null || reports.value < CHANGE_MINIMUM_BASE) return null;
  const change = Math.round((100 * (value - reports.value)) / reports.value);
  const named = { percent: percentName(Math.abs(change), m.tag), month: monthName(m, month) };
  if (change === 0) return m.text('sentence.same', named);
  return m.text(change > 0 ? 'sentence.more' : 'sentence.fewer', named);
}

/** The totals and shares of the month, beside those of the month and the year before. */
export function MonthInFigures({ m, briefing }: Props) {
  const months = [briefing.shown, briefing.before, briefing.yearBefore].filter((month) => month !== null);
  const totals = [
    ['total.REPORTS', 'reports'],
    ['total.ASSESSED', 'assessed'],
    ['total.ACTIONABLE', 'actionable'],
  ] as const;
  return (
    <section id="totals">
      <h2>{m.text('briefing.totals')}</h2>
      <DefinitionsBeside
        m={m}
        definitions={briefing.definitions}
        terms={{
          reports: m.text('total.REPORTS'),
          assessed: m.text('total.ASSESSED'),
          actionable: m.text('total.ACTIONABLE'),
          rates: '%',
        }}
      />
      <table>
        <caption>{m.text('hidden.rounded')}</caption>
        <thead>
          <tr>
            <th scope="col">{m.text('column.figure')}</th>
            <MonthHeads m={m} months={months.map(({ month }) => month)} />
          </tr>
        </thead>
        <tbody>
          {totals.map(([name, total]) => (
            <tr>
              <th scope="row">{m.text(name)}</th>
              {months.map((month) => (
                <FigureCell m={m} value={month[total].value} />
              ))}
            </tr>
          ))}
          {briefing.shown.rates.map(({ of }) => (
            <tr>
              <th scope="row">{m.text(`rate.${of}`)}</th>
              {months.map(({ rates }) => (
                <PercentCell m={m} percent={rates.find((rate) => rate.of === of)?.percent ?? null} />
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}

function PercentCell({ m, percent }: { m: PartnerMessages; percent: number | null }) {
  if (percent === null) return <MissingCell>{m.text('figure.notGiven')}</MissingCell>;
  return <td class="number">{percentName(percent, m.tag)}</td>;
}

/** How long things took. */
export function Speeds({ m, briefing: { shown, definitions } }: Props) {
  return (
    <section>
      <h3>{m.text('speed.title')}</h3>
      <DefinitionBeside m={m} definition={definitions.find(({ term }) => term === 'speeds')} />
      <table>
        <caption>{m.text('base.ACTIONABLE')}</caption>
        <thead>
          <tr>
            <td></td>
            <th scope="col" class="number">
              {m.text('column.median')}
            </th>
            <th scope="col" class="number">
              {m.text('column.ninetieth')}
            </th>
          </tr>
        </thead>
        <tbody>
          {shown.speeds.map(({ until, medianHours, ninetiethHours }) => (
            <tr>
              <th scope="row">{m.text(`speed.${until}`)}</th>
              <HoursCell m={m} hours={medianHours} />
              <HoursCell m={m} hours={ninetiethHours} />
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}

function HoursCell({ m, hours }: { m: PartnerMessages; hours: number | null }) {
  if (hours === null) return <MissingCell>{m.text('figure.notGiven')}</MissingCell>;
  if (hours <= MOST_HOURS) return <td class="number">{m.text('figure.hours', { count: hours })}</td>;
  return <td class="number">{m.text('figure.days', { count: Math.round(hours / 24) })}</td>;
}
