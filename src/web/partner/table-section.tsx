import { raw } from 'hono/html';
import { type Bar, barsChart } from './charts.ts';
import type { Definition, Month, Table } from './documents.ts';
import { DefinitionBeside, FigureCell, type Shown } from './figure-parts.tsx';
import type { PartnerMessages } from './messages.ts';
import { cellName, monthName, tableName, termOf } from './names.ts';

/** Tables whose left-out cells are 0; in charts they show their longest bars only. */
const LONG = ['LANGUAGE', 'HOSTING_COUNTRY'];
const MOST_BARS = 10;

type Months = { country: string; shown: Month; before: Month | null; yearBefore: Month | null };
type TableSectionProps = Months & { m: PartnerMessages; table: Table; definitions: readonly Definition[] };

/** One table of a month: its chart, and below it its figures beside those of the month and the year before. */
export function TableSection({ m, country, table, shown, before, yearBefore, definitions }: TableSectionProps) {
  const { by } = table;
  const name = tableName(m, by);
  const months = [shown, before, yearBefore];
  const tables = months.map((month) => month?.breakdowns.find((one) => one.by === by));
  const rows = rowsOf(m, tables);
  const hidden = rows.filter(({ values }) => values[0] === null).length;
  return (
    <section>
      <h3>{name}</h3>
      <DefinitionBeside m={m} definition={definitionOf(definitions, table)} />
      {table.hidden ? <p>{m.text('hidden.table')}</p> : <Chart m={m} {...{ country, shown, by, name, rows }} />}
      {rows.length > 0 && (
        <table>
          <caption>
            {m.text(`base.${table.of}`)}
            {hidden > 0 && ` (${m.text('hidden.count', { count: hidden })})`}
          </caption>
          <thead>
            <tr>
              <th scope="col">{name}</th>
              <MonthHeads m={m} months={[shown.month, before?.month, yearBefore?.month]} />
            </tr>
          </thead>
          <tbody>
            {rows.map(({ label, values }) => (
              <tr>
                <th scope="row">{label}</th>
                {values
                  .filter((_, index) => months[index])
                  .map((value) => (
                    <FigureCell m={m} value={value} />
                  ))}
              </tr>
            ))}
          </tbody>
        </table>
      )}
      {LONG.includes(by) && !table.hidden && <p class="hint">{m.text('hidden.others')}</p>}
    </section>
  );
}

/** The heads of the columns of months: those that are not published have none. */
export function MonthHeads({ m, months }: { m: PartnerMessages; months: readonly (string | undefined)[] }) {
  return (
    <>
      {months.map(
        (month) =>
          month && (
            <th scope="col" class="number">
              {monthName(m, month, 'medium')}
            </th>
          ),
      )}
    </>
  );
}

type Row = { key: string; label: string; values: Shown[] };
type ChartProps = { m: PartnerMessages; country: string; shown: Month; by: string; name: string; rows: readonly Row[] };

function Chart({ m, country, shown, by, name, rows }: ChartProps) {
  const bars = rows.slice(0, LONG.includes(by) ? MOST_BARS : rows.length).map(({ label, values }) => ({
    label,
    value: values[0] ?? null,
  }));
  if (bars.length === 0) return null;
  const title = m.text('chart.bars.title', {
    table: name,
    country: m.country(country),
    month: monthName(m, shown.month),
  });
  return raw(barsChart(m, { id: `chart-${by}`, title, description: descriptionOf(m, bars) }, bars));
}

/** What a chart of bars shows, in words. */
export function descriptionOf(m: PartnerMessages, bars: readonly Bar[]): string {
  const [longest] = bars.filter(({ value }) => value !== null).sort((a, b) => (b.value ?? 0) - (a.value ?? 0));
  const hidden = bars.filter(({ value }) => value === null).length;
  return [
    longest
      ? m.text('chart.bars.text', { label: longest.label, value: m.number(longest.value ?? 0) })
      : m.text('chart.bars.nothing'),
    ...(hidden > 0 ? [`${m.text('hidden.count', { count: hidden })}.`] : []),
    m.text('chart.table'),
  ].join(' ');
}

// A long table lists what is not 0; its longest come first.
function rowsOf(m: PartnerMessages, tables: readonly (Table | undefined)[]): Row[] {
  const cells = tables.flatMap((table) => table?.cells ?? []);
  const keys = [...new Map(cells.map(({ key, label }) => [key, label]))];
  const by = tables[0]?.by ?? '';
  const rows = keys.map(([key, label]) => ({
    key,
    label: cellName(m, by, key, label),
    values: tables.map((table) => figureOf(table, key)),
  }));
  const size = ({ values: [value] }: Row) => value ?? -1;
  return LONG.includes(by) ? rows.sort((a, b) => size(b) - size(a)) : rows;
}

/** The figure of a cell, as the table tells it: null where it is hidden, undefined where there is no such table. */
export function figureOf(table: Table | undefined, key: string): Shown {
  if (!table) return undefined;
  const cell = table.cells.find((one) => one.key === key);
  if (cell) return cell.figure.value;
  return table.hidden ? null : 0;
}

// Where a table has no definition of its own, that of its base is the nearest.
function definitionOf(definitions: readonly Definition[], { by, of }: Table): Definition | undefined {
  const ofTerm = (term: string) => definitions.find((one) => one.term === term);
  return ofTerm(termOf(by)) ?? ofTerm(termOf(of));
}
