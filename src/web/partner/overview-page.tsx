import type { CountryOverview } from './documents.ts';
import { PartnerLayout } from './layout.tsx';
import { monthsBefore } from './months.ts';
import { monthName } from './names.ts';
import { countrySentence } from './sentence.ts';
import type { PartnerView } from './view.ts';

type Overviews = readonly { country: string; overview: CountryOverview }[];

/** One sentence a country, with the way to its briefing. */
export function OverviewPage({ view, overviews }: { view: PartnerView; overviews: Overviews }) {
  const { m } = view;
  const days = overviews.filter(({ overview }) => overview.months.length > 0).map(({ overview }) => overview.asOf);
  const asOf = days.sort().at(-1);
  return (
    <PartnerLayout view={view} title={m.text('overview.title')}>
      <h1>{m.text('overview.title')}</h1>
      <p>{m.text(overviews.length > 0 ? 'overview.lead' : 'overview.none')}</p>
      {asOf && <p class="meta">{m.text('briefing.asOf', { date: m.date(asOf) })}</p>}
      <ul class="countries">
        {overviews.map(({ country, overview }) => (
          <Country view={view} country={country} overview={overview} />
        ))}
      </ul>
      <p>
        <a href={`/open-data.csv?language=${m.tag}`}>{m.text('briefing.openData')}</a>
      </p>
    </PartnerLayout>
  );
}

type CountryProps = { view: PartnerView; country: string; overview: CountryOverview };

function Country({ view: { m, href }, country, overview: { months, provisional } }: CountryProps) {
  const newest = months.at(-1);
  const running = provisional.value;
  if (!newest) {
    return (
      <li>
        <p>{m.text('sentence.unpublished', { country: m.country(country) })}</p>
        {running !== null && <p class="meta">{m.text('sentence.running', { count: running })}</p>}
      </li>
    );
  }
  const before = months.find(({ month }) => month === monthsBefore(newest.month, 1))?.reports ?? null;
  return (
    <li>
      <p class="lead">{countrySentence(m, { country, ...newest, before })}</p>
      {running !== null && <p class="meta">{m.text('sentence.running', { count: running })}</p>}
      <p>
        <a href={href(`/partner/${country}`)}>
          {m.text('overview.read', { country: m.country(country), month: monthName(m, newest.month) })}
        </a>
      </p>
    </li>
  );
}
