import { Field } from '../portal/parts.tsx';
import { partnerLocales } from './messages.ts';
import type { OwnSettings } from './settings-documents.ts';
import { Input, type SectionProps, SettingsButton, SettingsForm } from './settings-parts.tsx';

type Briefing = OwnSettings['briefing'];

/** The monthly mail: asked for, waiting for its confirmation, sent, stopped. */
export function MailSettings({ briefing, ...section }: SectionProps & { briefing: Briefing }) {
  const { view, faults, typed } = section;
  const { m } = view;
  const language = typed('language') || (briefing?.language ?? m.tag);
  return (
    <section id="mail">
      <h2>{m.text('settings.mail.title')}</h2>
      <p>{m.text('settings.mail.text')}</p>
      {briefing && <p class="box">{standOf(view, briefing)}</p>}
      <SettingsForm view={view} name="mail" label={m.text('settings.mail.save')}>
        <Input
          {...section}
          id="email"
          type="email"
          label={m.text('settings.mail.address')}
          value={briefing?.email ?? ''}
        />
        <Field id="language" label={m.text('settings.mail.language')} faults={faults}>
          {(attributes) => (
            <select {...attributes}>
              {partnerLocales.map(({ tag, autonym }) => (
                <option value={tag} lang={tag} selected={tag === language}>
                  {autonym}
                </option>
              ))}
            </select>
          )}
        </Field>
      </SettingsForm>
      {briefing && briefing.state !== 'STOPPED' && (
        <SettingsButton view={view} name="mail-stop" id="" label={m.text('settings.mail.stop')} />
      )}
    </section>
  );
}

function standOf({ m }: SectionProps['view'], { state, email }: NonNullable<Briefing>): string {
  if (state === 'STOPPED') return m.text('settings.mail.stopped');
  return m.text(state === 'ACTIVE' ? 'settings.mail.active' : 'settings.mail.waiting', { email: email ?? '' });
}
