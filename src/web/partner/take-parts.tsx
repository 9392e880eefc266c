import { Hidden } from '../portal/parts.tsx';
import type { Month } from './documents.ts';
import type { PartnerMessages } from './messages.ts';
import { monthName } from './names.ts';
import { exportFormats } from './send-figures.ts';
import type { PartnerView } from './view.ts';

/** What the formats are called: the same in every language. */
const formatNames = { csv: 'CSV', xlsx: 'Excel (XLSX)', json: 'JSON-stat' } as const;

/** Every edition of a month, and why it was corrected. */
export function Editions({ m, shown }: { m: PartnerMessages; shown: Month }) {
  return (
    <section id="editions">
      <h2>{m.text('briefing.editions')}</h2>
      <p>{m.text('briefing.editions.text')}</p>
      <ul>
        {[...shown.earlier, shown].map(({ edition, publishedOn, correction }) => (
          <li>
            {m.text('briefing.editions.one', { edition, date: m.date(publishedOn) })}
            {correction !== null && (
              <>
                <br />
                {m.text('briefing.corrected', { reason: correction })}
              </>
            )}
          </li>
        ))}
      </ul>
    </section>
  );
}

/** The same figures as files. */
export function Downloads({ view, country, month }: { view: PartnerView; country: string; month: string }) {
  const { m, href } = view;
  const links = (query: Record<string, string>, name: 'briefing.download.month' | 'briefing.download.all') =>
    exportFormats.map((format) => (
      <li>
        <a href={href(`/partner/statistics/${country}.${format}`, { ...query, language: m.tag })} download>
          {m.text(name, { format: formatNames[format] })}
        </a>
      </li>
    ));
  return (
    <section id="download" class="no-print">
      <h2>{m.text('briefing.download')}</h2>
      <ul>
        {links({ from: month, to: month }, 'briefing.download.month')}
        {links({}, 'briefing.download.all')}
      </ul>
    </section>
  );
}

type OtherMonthsProps = {
  view: PartnerView;
  months: readonly { month: string }[];
  selected: string | null;
  /** Those that are compared, where they were chosen. */
  countries?: readonly string[];
};

/** A choice of the published months, newest first. */
export function OtherMonths({ view: { m, path, query, kept }, months, selected, countries = [] }: OtherMonthsProps) {
  const { month: _, country: __, ...others } = query;
  return (
    <section id="months" class="no-print">
      <h2>{m.text('briefing.months')}</h2>
      <form method="get" action={path} class="choose">
        <Hidden values={{ ...others, ...kept }} />
        {countries.map((country) => (
          <Hidden values={{ country }} />
        ))}
        <div>
          <label for="month">{m.text('column.month')}</label>
          <select id="month" name="month">
            {months.toReversed().map(({ month }) => (
              <option value={month} selected={month === selected}>
                {monthName(m, month)}
              </option>
            ))}
          </select>
        </div>
        <button type="submit">{m.text('briefing.show')}</button>
      </form>
    </section>
  );
}
