import type { Names } from './export-rows.ts';
import { WHOLE_TABLE } from './export-rows.ts';
import { isPartnerKey, type PartnerMessages } from './messages.ts';
import { cellName, tableName } from './names.ts';

/** The tables of an export that are no breakdown, by the message that names them, and the beginning of those of their cells. */
const OWN_TABLES = {
  TOTAL: ['briefing.totals', 'total'],
  RATE: ['export.rates', 'rate'],
  MEDIAN: ['column.median', 'speed'],
  NINETIETH: ['column.ninetieth', 'speed'],
} as const;

/** How the tables and cells of an export are called in a language. */
export function namesIn(m: PartnerMessages): Names {
  return {
    table: (by) => (isOwn(by) ? m.text(OWN_TABLES[by][0]) : tableName(m, by)),
    cell: (by, key, label) => {
      if (key === WHOLE_TABLE) return m.text('hidden.table');
      if (!isOwn(by)) return cellName(m, by, key, label);
      const name = `${OWN_TABLES[by][1]}.${key}`;
      return isPartnerKey(name) ? m.text(name) : label;
    },
  };
}

function isOwn(by: string): by is keyof typeof OWN_TABLES {
  return Object.hasOwn(OWN_TABLES, by);
}
