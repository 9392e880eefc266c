import { createHash, randomUUID } from 'node:crypto';
import { MAX_ADDRESSES } from '../../domain/address.ts';
import { regionOf } from '../../domain/regions.ts';
import type { MessageKey, Messages } from '../messages.ts';
import { ChallengePage } from './challenge-page.tsx';
import { ClosedPage, isClosed } from './closed-page.tsx';
import { AllPortals, SendReport } from './documents.ts';
import { FirstPage, type Typed } from './first-page.tsx';
import type { Form } from './form.ts';
import type { Fault } from './parts.tsx';
import { ReceiptPage } from './receipt-page.tsx';
import type { View } from './view.ts';
import { isForeign, type PageContext, respond, type Site } from './visit.tsx';

/** A portal's first page. */
export function showFirstPage(c: PageContext, site: Site, view: View): Response | Promise<Response> {
  if (isClosed(view.portal)) return showClosed(c, site, view);
  return respond(c, <FirstPage view={view} typed={{ key: randomUUID(), address: '', country: '' }} />);
}

async function showClosed(c: PageContext, site: Site, view: View): Promise<Response> {
  const { portals } = await site.ask(AllPortals, {}, site.visitOf(c));
  const world = portals.find(
    (portal) => portal.country === null && portal.audience === 'PUBLIC' && !portal.sandbox && !isClosed(portal),
  );
  return respond(c, <ClosedPage view={view} world={world ?? null} />);
}

/** Sends the report that a form holds, and answers with the receipt or with what is in the way. */
export async function sendReport(c: PageContext, site: Site, view: View, form: Form): Promise<Response> {
  const { m } = view;
  const typed = typedInto(form);
  if (isForeign(c, site))
    return respond(c, <FirstPage view={view} typed={typed} notice={m.text('first.sentNothing')} />);

  const input = {
    portal: view.portal.code,
    address: typed.address,
    country: view.portal.country === null && regionOf(typed.country) ? typed.country : null,
    language: view.portal.languages.includes(view.language) ? view.language : null,
  };
  const { submitReport: sent } = await site.ask(
    SendReport,
    {
      input: {
        ...input,
        idempotencyKey: createHash('sha256')
          .update(JSON.stringify([typed.key, input]))
          .digest('hex'),
        challenge: form.text('challenge') || null,
      },
    },
    site.visitOf(c),
  );
  switch (sent.__typename) {
    case 'ReportReceipt':
      return respond(c, <ReceiptPage view={view} receipt={sent} />);
    case 'InvalidInputError':
      return respond(c, <FirstPage view={view} typed={typed} faults={faultsOf(m, sent.issues)} />, 422);
    case 'ChallengeRequiredError': {
      const page = <ChallengePage view={view} typed={typed} challenge={sent} tries={Number(form.text('tries')) || 0} />;
      return respond(c, page, 429, { 'retry-after': String(sent.waitSeconds) });
    }
    case 'TooManyReportsError': {
      const seconds = sent.retryAfterSeconds;
      const page = <FirstPage view={view} typed={typed} notice={m.text('tooMany.text', { seconds })} />;
      return respond(c, page, 429, { 'retry-after': String(seconds) });
    }
    case 'PortalClosedError':
      return showClosed(c, site, view);
    case 'IdempotencyConflictError':
      throw new Error('A key that is made of all that is sent met another report.');
  }
}

// A form that another site made may have no key: then each sending of this page is a report of its own.
function typedInto(form: Form): Typed {
  const key = form.text('key');
  return {
    key: /^[\w-]{16,100}$/.test(key) ? key : randomUUID(),
    address: form.text('address'),
    country: form.text('country'),
  };
}

const addressFaults: Record<string, MessageKey> = {
  EMPTY: 'fault.EMPTY',
  TOO_LONG: 'fault.TOO_LONG',
  DATA_ADDRESS: 'fault.DATA_ADDRESS',
  ENCODED_BLOB: 'fault.ENCODED_BLOB',
  FILE_ADDRESS: 'fault.FILE_ADDRESS',
  NOT_AN_ADDRESS: 'fault.NOT_AN_ADDRESS',
  TOO_MANY: 'fault.TOO_MANY',
};

function faultsOf(m: Messages, issues: readonly { path: string[]; code: string }[]): Fault[] {
  return issues.map(({ path, code }) => ({
    field: path.includes('country') ? 'country' : 'address',
    text: m.text(addressFaults[code] ?? 'fault.general', { count: MAX_ADDRESSES }),
  }));
}
