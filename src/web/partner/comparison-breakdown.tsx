import { Hidden } from '../portal/parts.tsx';
import type { Comparison } from './comparison-data.ts';
import { SumCell } from './comparison-parts.tsx';
import type { GroupMonth, Table } from './documents.ts';
import { FigureCell } from './figure-parts.tsx';
import { cellName, tableName } from './names.ts';
import { figureOf } from './table-section.tsx';
import type { PartnerView } from './view.ts';

type Props = { view: PartnerView; comparison: Comparison };

/** One table of the published ones, side by side for all countries: which one is the reader's choice. */
export function BreakdownComparison({ view, comparison: { month, countries, group } }: Props) {
  const { m, path, query, kept } = view;
  const tables = countries.flatMap(({ shown }) => shown?.breakdowns ?? []);
  const names = [...new Set(tables.map(({ by }) => by))];
  const by = names.find((name) => name === query['by']) ?? names[0];
  if (!by) return null;
  const own = countries.map(({ country, shown }) => ({
    country,
    table: shown?.breakdowns.find((table) => table.by === by),
  }));
  const sums = group?.breakdowns.find((table) => table.by === by);
  const name = tableName(m, by);
  return (
    <section id="breakdown">
      <h2>{name}</h2>
      <form method="get" action={`${path}#breakdown`} class="choose no-print">
        <Hidden values={{ ...kept, ...(month ? { month } : {}) }} />
        {query['country'] && countries.map(({ country }) => <Hidden values={{ country }} />)}
        <div>
          <label for="by">{m.text('compare.breakdown')}</label>
          <select id="by" name="by">
            {names.map((one) => (
              <option value={one} selected={one === by}>
                {tableName(m, one)}
              </option>
            ))}
          </select>
        </div>
        <button type="submit">{m.text('briefing.show')}</button>
      </form>
      <section class="wide-table" tabindex={0} aria-label={name}>
        <table>
          <caption>{m.text(`base.${tables.find((table) => table.by === by)?.of ?? 'REPORTS'}`)}</caption>
          <thead>
            <tr>
              <th scope="col">{name}</th>
              {own.map(({ country }) => (
                <th scope="col" class="number">
                  {m.country(country)}
                </th>
              ))}
              {sums && (
                <th scope="col" class="number">
                  {m.text('compare.together')}
                </th>
              )}
            </tr>
          </thead>
          <tbody>
            {keysOf(own.map(({ table }) => table)).map(([key, label]) => (
              <tr>
                <th scope="row">{cellName(m, by, key, label)}</th>
                {own.map(({ table }) => (
                  <FigureCell m={m} value={figureOf(table, key)} />
                ))}
                {sums && <SumCell m={m} sum={sumOf(sums, key)} />}
              </tr>
            ))}
          </tbody>
        </table>
      </section>
    </section>
  );
}

function keysOf(tables: readonly (Table | undefined)[]): [key: string, label: string][] {
  return [...new Map(tables.flatMap((table) => table?.cells ?? []).map(({ key, label }) => [key, label]))];
}

function sumOf({ cells }: GroupMonth['breakdowns'][number], key: string) {
  return cells.find((cell) => cell.key === key)?.figure ?? { value: 0, leftOut: 0 };
}
