import { REGIONS, regionOf } from '../../domain/regions.ts';
import type { Messages } from '../messages.ts';
import { PortalLayout } from './layout.tsx';
import { Danger, ErrorSummary, type Fault, Field, Hidden, OwnImages } from './parts.tsx';
import type { View } from './view.ts';

/** What somebody typed into the first page; `key` makes of the same form sent twice one report. */
export type Typed = { key: string; address: string; country: string };

type FirstPageProps = { view: View; typed: Typed; faults?: readonly Fault[]; notice?: string };

/** A portal's first page: whom to call, what to report, and the box for the address. `notice` says why it is shown again. */
export function FirstPage({ view, typed, faults = [], notice }: FirstPageProps) {
  const { m, name, introduction, portal } = view;
  const again = faults.length > 0 || notice !== undefined;
  return (
    <PortalLayout view={view} title={name} hasFaults={faults.length > 0} {...(again ? {} : { path: '' })}>
      <ErrorSummary m={m} faults={faults} />
      {notice && (
        <div class="summary" role="alert" tabindex={-1}>
          <p>{notice}</p>
        </div>
      )}
      <h1>{name}</h1>
      {!again && (
        <p>
          <a href="#address">{m.text('footer.home')}</a>
        </p>
      )}
      {portal.audience === 'LAW_ENFORCEMENT' && (
        <p class="banner">
          {m.text('police.only')} <a href={`/languages/${m.tag}`}>{m.text('police.public')}</a>
        </p>
      )}
      {!again && <Before view={view} introduction={introduction} />}
      <AddressForm view={view} typed={typed} faults={faults} />
      {again && <Danger view={view} />}
    </PortalLayout>
  );
}

function Before({ view, introduction }: { view: View; introduction: string | null }) {
  const { m } = view;
  return (
    <>
      <Danger view={view} />
      <OwnImages view={view} />
      <p>{introduction ?? m.text('first.lead')}</p>
      <h2>{m.text('first.report.title')}</h2>
      <ul>
        <li>{m.text('first.report.images')}</li>
        <li>{m.text('first.report.contact')}</li>
      </ul>
      <h2>{m.text('first.not.title')}</h2>
      <ul>
        <li>{m.text('first.not.adults')}</li>
        <li>{m.text('first.not.other')}</li>
        <li>{m.text('first.not.search')}</li>
      </ul>
    </>
  );
}

function AddressForm({ view, typed, faults }: { view: View; typed: Typed; faults: readonly Fault[] }) {
  const { m, portal, home } = view;
  return (
    <form method="post" action={home} accept-charset="utf-8" novalidate>
      <Hidden values={{ key: typed.key }} />
      <Field id="address" label={m.text('first.address.label')} hint={m.text('first.address.hint')} faults={faults}>
        {(attributes) => (
          // No link is made of it, nothing is corrected in it, and browsers keep it out of their lists.
          <textarea {...attributes} rows={4} dir="auto" autocomplete="off" autocapitalize="none" spellcheck={false}>
            {typed.address}
          </textarea>
        )}
      </Field>
      {portal.country === null && (
        <Field id="country" label={m.text('first.country.label')} faults={faults}>
          {(attributes) => (
            <select {...attributes} autocomplete="off">
              <option value="">{m.text('first.country.none')}</option>
              {countriesIn(m).map(({ code, name }) => (
                <option value={code} selected={code === typed.country}>
                  {name}
                </option>
              ))}
            </select>
          )}
        </Field>
      )}
      <button type="submit">{m.text('first.send')}</button>
    </form>
  );
}

type Country = { code: string; name: string };
const listed = new Map<string, Country[]>();

/** All countries by their names in a language. */
function countriesIn(m: Messages): Country[] {
  const known = listed.get(m.tag);
  if (known) return known;
  const collator = new Intl.Collator(m.tag);
  const countries = countryCodes()
    .map((code) => ({ code, name: m.country(code) }))
    .sort((a, b) => collator.compare(a.name, b.name));
  listed.set(m.tag, countries);
  return countries;
}

const LETTERS = [...'ABCDEFGHIJKLMNOPQRSTUVWXYZ'];

function countryCodes(): string[] {
  const pairs = LETTERS.flatMap((first) => LETTERS.map((second) => first + second));
  return pairs.filter((code) => REGIONS.some((region) => regionOf(code) === region));
}
