import { ErrorSummary } from '../portal/parts.tsx';
import { PartnerLayout } from './layout.tsx';
import type { Outcome } from './settings-actions.ts';
import type { OwnSettings } from './settings-documents.ts';
import { EmbedSettings } from './settings-embeds.tsx';
import { KeySettings } from './settings-keys.tsx';
import { MailSettings } from './settings-mail.tsx';
import { WebhookSettings } from './settings-webhooks.tsx';
import type { PartnerView } from './view.ts';

type SettingsPageProps = { view: PartnerView; settings: OwnSettings; outcome: Outcome | null };

/** Where a partner sets up what is brought to it. Each form works without script, and answers with this page. */
export function SettingsPage({ view, settings, outcome }: SettingsPageProps) {
  const { m } = view;
  const faults = outcome?.faults ?? [];
  const section = {
    view,
    faults,
    typed: (name: string) => (faults.length > 0 ? (outcome?.typed.text(name) ?? '') : ''),
  };
  return (
    <PartnerLayout
      view={view}
      title={m.text('settings.title')}
      hasFaults={faults.length > 0}
      isAnswer={outcome !== null}
    >
      <ErrorSummary m={m.pages} faults={faults} />
      {outcome?.said && <Said text={m.text(outcome.said)} />}
      {outcome?.secret && <Secret view={view} secret={outcome.secret} />}
      <h1>{m.text('settings.title')}</h1>
      <p>{m.text('settings.lead')}</p>
      <MailSettings {...section} briefing={settings.briefing} />
      <WebhookSettings {...section} webhooks={settings.webhooks} />
      <KeySettings {...section} keys={settings.ownKeys} />
      <EmbedSettings {...section} embeds={settings.embeds} />
    </PartnerLayout>
  );
}

function Said({ text }: { text: string }) {
  return (
    <div class="box" role="status">
      <p>{text}</p>
    </div>
  );
}

function Secret({ view: { m }, secret }: { view: PartnerView; secret: string }) {
  const about = secret.startsWith('whsec_') ? 'settings.webhook.secret' : 'settings.key.secret';
  return (
    <div class="box">
      <p>{m.text(about)}</p>
      <p>
        <code dir="ltr" class="code">
          {secret}
        </code>
      </p>
    </div>
  );
}
