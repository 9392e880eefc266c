import { StatusOfReport, WithdrawContact } from './documents.ts';
import type { Form } from './form.ts';
import { NoSuchReport, StatusForm, StatusPage, WithdrawPage } from './status-page.tsx';
import type { View } from './view.ts';
import { isForeign, type PageContext, respond, type Site } from './visit.tsx';

/** Shows how far a report has come, or takes back the contact. */
export async function showStatus(c: PageContext, site: Site, view: View, form: Form): Promise<Response> {
  if (isForeign(c, site)) return respond(c, <StatusForm view={view} />);
  const accessCode = form.text('accessCode');
  if (accessCode.trim() === '') {
    const faults = [{ field: 'accessCode', text: view.m.text('status.code.empty') }];
    return respond(c, <StatusForm view={view} faults={faults} />, 422);
  }
  if (form.text('action') === 'withdraw-now') return withdraw(c, site, view, accessCode);

  const { reportStatus } = await site.ask(StatusOfReport, { accessCode }, site.visitOf(c));
  if (!reportStatus) return respond(c, <NoSuchReport view={view} />, 404);
  if (form.text('action') === 'withdraw') return respond(c, <WithdrawPage view={view} accessCode={accessCode} />);
  return respond(c, <StatusPage view={view} accessCode={accessCode} status={reportStatus} />);
}

async function withdraw(c: PageContext, site: Site, view: View, accessCode: string): Promise<Response> {
  const { withdrawContact } = await site.ask(WithdrawContact, { accessCode }, site.visitOf(c));
  if (withdrawContact.__typename !== 'ReportStatus') return respond(c, <NoSuchReport view={view} />, 404);
  return respond(c, <StatusPage view={view} accessCode={accessCode} status={withdrawContact} withdrawn />);
}
