import type { ShownKey } from './settings-documents.ts';
import { Input, type SectionProps, SettingsButton, SettingsForm } from './settings-parts.tsx';
import type { PartnerView } from './view.ts';

/** The keys by which a partner's own programs read its figures. */
export function KeySettings({ keys, ...section }: SectionProps & { keys: ShownKey[] }) {
  const { view } = section;
  const { m } = view;
  return (
    <section id="keys">
      <h2>{m.text('settings.key.title')}</h2>
      <p>{m.text('settings.key.text')}</p>
      {keys.length === 0 ? (
        <p>{m.text('settings.none')}</p>
      ) : (
        <ul>
          {keys.map((key) => (
            <Key view={view} shown={key} />
          ))}
        </ul>
      )}
      <SettingsForm view={view} name="key" label={m.text('settings.key.make')}>
        <Input {...section} id="label" type="text" label={m.text('settings.key.label')} />
        <Input
          {...section}
          id="key-until"
          type="date"
          label={m.text('settings.key.until')}
          hint={m.text('settings.key.until.hint')}
        />
      </SettingsForm>
    </section>
  );
}

function Key({ view, shown }: { view: PartnerView; shown: ShownKey }) {
  const { m } = view;
  const { id, label, prefix, createdOn, expiresOn, lastUsedOn, revokedOn } = shown;
  const works = revokedOn === null && (expiresOn === null || expiresOn >= new Date().toISOString().slice(0, 10));
  const words = [
    m.text('settings.made', { date: m.date(createdOn) }),
    works && expiresOn ? m.text('settings.key.works', { date: m.date(expiresOn) }) : '',
    works ? '' : m.text('settings.key.ended'),
    lastUsedOn ? m.text('settings.key.used', { date: m.date(lastUsedOn) }) : '',
  ];
  return (
    <li>
      <bdi>{label}</bdi> <code dir="ltr">{prefix}…</code>
      <br />
      {words.filter(Boolean).join(' ')}
      {works && <SettingsButton view={view} name="key-revoke" id={id} label={m.text('settings.key.revoke')} />}
    </li>
  );
}
