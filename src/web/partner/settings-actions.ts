import type { TadaDocumentNode } from 'gql.tada';
import type { Ask } from '../graphql.ts';
import type { Form } from '../portal/form.ts';
import type { Fault } from '../portal/parts.tsx';
import type { PartnerKey } from './messages.ts';
import * as documents from './settings-documents.ts';
import type { PartnerView } from './view.ts';

/** What came of a form of the settings: what to say, what is wrong with which field, and a secret that is shown in this answer alone. */
export type Outcome = { said: PartnerKey | null; faults: Fault[]; typed: Form; secret: string | null };

type Doing = { ask: Ask; view: PartnerView; form: Form };
type Result = { __typename: string; issues?: { path: string[]; code: string }[]; secret?: string };
/** What a fault of the API is on the page, by the last part of its path: at which field, and in which words. */
type Faults = Record<string, readonly [field: string, words: PartnerKey]>;

/** What each form of the settings does, by the last part of its address. */
export const settingsActions: Record<string, (doing: Doing) => Promise<Outcome>> = {
  mail: (doing) => {
    const input = { email: doing.form.text('email'), language: doing.form.text('language') };
    return tell(doing, documents.SaveBriefing, { input }, { email: ['email', 'settings.mail.fault.address'] });
  },
  'mail-stop': (doing) => tell(doing, documents.StopBriefing, {}),

  webhook: (doing) => {
    const input = { url: doing.form.text('url') };
    return tell(doing, documents.SaveWebhook, { input }, { url: ['url', 'settings.webhook.fault.url'] });
  },
  'webhook-test': async (doing) => {
    const outcome = await tell(doing, documents.TestWebhook, idOf(doing), underWay);
    return outcome.said === 'settings.done' ? { ...outcome, said: 'settings.webhook.test.sent' } : outcome;
  },
  'webhook-replay': (doing) => tell(doing, documents.ReplayWebhook, idOf(doing), underWay),
  'webhook-delete': (doing) => tell(doing, documents.DeleteWebhook, idOf(doing)),

  key: async (doing) => {
    const expiresOn = dayOf(doing.form.text('key-until'));
    if (!expiresOn) return refused(doing, 'key-until', 'settings.fault.date');
    const input = { label: doing.form.text('label'), expiresOn };
    return tell(
      doing,
      documents.CreateKey,
      { input },
      {
        label: ['label', 'settings.fault.text'],
        expiresOn: ['key-until', 'settings.fault.date'],
        input: ['label', 'settings.fault.many'],
      },
    );
  },
  'key-revoke': (doing) => tell(doing, documents.RevokeKey, idOf(doing)),

  embed: async (doing) => {
    const { form, view } = doing;
    const [country, expiresOn] = [form.text('country'), dayOf(form.text('embed-until'))];
    if (!view.reader.countries.includes(country)) return refused(doing, 'country', 'settings.fault.country');
    if (!expiresOn) return refused(doing, 'embed-until', 'settings.fault.date');
    const input = { country, origin: form.text('origin').trim().replace(/\/$/, ''), expiresOn };
    return tell(
      doing,
      documents.CreateEmbed,
      { input },
      {
        origin: ['origin', 'settings.fault.origin'],
        expiresOn: ['embed-until', 'settings.fault.date'],
        input: ['origin', 'settings.fault.many'],
      },
    );
  },
  'embed-revoke': (doing) => tell(doing, documents.RevokeEmbed, idOf(doing)),
};

const underWay: Faults = {
  id: ['webhooks', 'settings.webhook.fault.underWay'],
  delivery: ['webhooks', 'settings.webhook.fault.underWay'],
};

/** What is wrong whatever the field. */
const wordsOfCodes: Record<string, PartnerKey> = {
  TOO_SOON: 'settings.mail.fault.soon',
  TOO_MANY: 'settings.fault.many',
};

async function tell<Variables>(
  { ask, view, form }: Doing,
  document: TadaDocumentNode<{ result: Result }, Variables>,
  variables: Variables,
  faultsOf: Faults = {},
): Promise<Outcome> {
  const { result } = await ask(document, variables, view.visit);
  const faults = (result.issues ?? []).map(({ path, code }) => {
    const [field, words] = faultsOf[path.at(-1) ?? ''] ?? ['main', 'settings.fault.text'];
    return { field, text: view.m.text(wordsOfCodes[code] ?? words) };
  });
  const said = result.__typename === 'NotFoundError' ? 'settings.notFound' : 'settings.done';
  return { said: faults.length > 0 ? null : said, faults, typed: form, secret: result.secret ?? null };
}

function refused({ view, form }: Doing, field: string, words: PartnerKey): Outcome {
  return { said: null, faults: [{ field, text: view.m.text(words) }], typed: form, secret: null };
}

function idOf({ form }: Doing): { id: string } {
  return { id: form.text('id') };
}

// What is no day of the calendar the API refuses before it looks at the rest.
function dayOf(text: string): string | null {
  const day = new Date(`${text}T00:00:00Z`);
  const isDay = /^\d{4}-\d\d-\d\d$/.test(text) && !Number.isNaN(day.getTime()) && day.toISOString().startsWith(text);
  return isDay ? text : null;
}
