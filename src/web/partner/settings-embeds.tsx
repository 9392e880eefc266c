import { Field } from '../portal/parts.tsx';
import type { ShownEmbed } from './settings-documents.ts';
import { Input, type SectionProps, SettingsButton, SettingsForm } from './settings-parts.tsx';
import type { PartnerView } from './view.ts';

/** The sites that show a partner's figures, and what to put into their pages. */
export function EmbedSettings({ embeds, ...section }: SectionProps & { embeds: ShownEmbed[] }) {
  const { view, faults, typed } = section;
  const { m, reader } = view;
  return (
    <section id="embeds">
      <h2>{m.text('settings.embed.title')}</h2>
      <p>{m.text('settings.embed.text')}</p>
      {embeds.length === 0 ? (
        <p>{m.text('settings.none')}</p>
      ) : (
        embeds.map((embed) => <Embed view={view} embed={embed} />)
      )}
      <SettingsForm view={view} name="embed" label={m.text('settings.embed.make')}>
        <Field id="country" label={m.text('settings.embed.country')} faults={faults}>
          {(attributes) => (
            <select {...attributes}>
              {reader.countries.map((country) => (
                <option value={country} selected={typed('country') === country}>
                  {m.country(country)}
                </option>
              ))}
            </select>
          )}
        </Field>
        <Input
          {...section}
          id="origin"
          type="url"
          label={m.text('settings.embed.origin')}
          hint={m.text('settings.embed.origin.hint')}
        />
        <Input
          {...section}
          id="embed-until"
          type="date"
          label={m.text('settings.embed.until')}
          hint={m.text('settings.key.until.hint')}
        />
      </SettingsForm>
    </section>
  );
}

function Embed({ view, embed }: { view: PartnerView; embed: ShownEmbed }) {
  const { m } = view;
  const { id, country, origin, expiresOn, revokedOn, html } = embed;
  const shows = revokedOn === null && expiresOn >= new Date().toISOString().slice(0, 10);
  return (
    <div class="box">
      <h3>{m.text('settings.embed.on', { country: m.country(country), origin })}</h3>
      <p>{shows ? m.text('settings.key.works', { date: m.date(expiresOn) }) : m.text('settings.key.ended')}</p>
      {shows && (
        <>
          <p>{m.text('settings.embed.html')}</p>
          <pre dir="ltr">
            <code>{html}</code>
          </pre>
          <SettingsButton view={view} name="embed-revoke" id={id} label={m.text('settings.embed.revoke')} />
        </>
      )}
    </div>
  );
}
