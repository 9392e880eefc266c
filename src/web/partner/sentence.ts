import type { PartnerMessages } from './messages.ts';
import { monthName } from './names.ts';

type Shown = { value: number | null };

/** What a month of a country comes to in one sentence: `before` is the month before, null where it is not published. The monthly mail says the same. */
export function countrySentence(
  m: PartnerMessages,
  { country, month, reports, before }: { country: string; month: string; reports: Shown; before: Shown | null },
): string {
  const names = { country: m.country(country), month: monthName(m, month) };
  if (reports.value === null) {
    if (before === null || before.value === null) return m.text('sentence.hidden', names);
    return m.text('sentence.beforeOnly', { ...names, before: m.number(before.value) });
  }
  const counted = { ...names, count: reports.value };
  if (before === null) return m.text('sentence.first', counted);
  if (before.value === null) return m.text('sentence.nowOnly', counted);
  return m.text('sentence.both', { ...counted, before: m.number(before.value) });
}
