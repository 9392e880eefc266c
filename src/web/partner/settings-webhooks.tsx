import { monthName } from './names.ts';
import type { ShownWebhook } from './settings-documents.ts';
import { Input, type SectionProps, SettingsButton, SettingsForm } from './settings-parts.tsx';
import type { PartnerView } from './view.ts';

/** The partner's own servers that are told of a publication, with what became of each message. */
export function WebhookSettings({ webhooks, ...section }: SectionProps & { webhooks: ShownWebhook[] }) {
  const { m } = section.view;
  return (
    <section id="webhooks">
      <h2>{m.text('settings.webhook.title')}</h2>
      <p>{m.text('settings.webhook.text')}</p>
      {webhooks.map((webhook) => (
        <Webhook view={section.view} webhook={webhook} />
      ))}
      <SettingsForm view={section.view} name="webhook" label={m.text('settings.webhook.add')}>
        <Input
          {...section}
          id="url"
          type="url"
          label={m.text('settings.webhook.url')}
          hint={m.text('settings.webhook.url.hint')}
        />
      </SettingsForm>
    </section>
  );
}

function Webhook({ view, webhook }: { view: PartnerView; webhook: ShownWebhook }) {
  const { m } = view;
  const { id, url, disabledOn, deliveries } = webhook;
  return (
    <div class="box">
      <h3>
        <bdi dir="ltr">{url}</bdi>
      </h3>
      {disabledOn && <p>{m.text('settings.webhook.off', { date: m.date(disabledOn) })}</p>}
      {deliveries.length > 0 && (
        <ul aria-label={m.text('settings.webhook.messages', { url })}>
          {deliveries.map((delivery) => (
            <Delivery view={view} delivery={delivery} />
          ))}
        </ul>
      )}
      <SettingsButton view={view} name="webhook-test" id={id} label={m.text('settings.webhook.test')} />
      <SettingsButton view={view} name="webhook-delete" id={id} label={m.text('settings.webhook.delete')} />
    </div>
  );
}

function Delivery({ view, delivery }: { view: PartnerView; delivery: ShownWebhook['deliveries'][number] }) {
  const { m } = view;
  const { id, kind, month, madeOn, state, attempts, status } = delivery;
  const words = [
    kind === 'TEST' || month === null
      ? m.text('settings.webhook.kind.TEST')
      : m.text('settings.webhook.kind.MONTH_PUBLISHED', { month: monthName(m, month) }),
    m.date(madeOn),
    m.text(`settings.webhook.state.${state}`, { count: attempts }),
    status === null ? '' : m.text('settings.webhook.answer', { status: String(status) }),
  ];
  return (
    <li>
      {words.filter(Boolean).join(' · ')}
      {state !== 'WAITING' && (
        <SettingsButton view={view} name="webhook-replay" id={id} label={m.text('settings.webhook.replay')} />
      )}
    </li>
  );
}
