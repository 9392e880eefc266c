import { type ParsedMail, simpleParser } from 'mailparser';

/** What of a message that came in is looked at. */
export type ReadMail = { bounceStatus: string | null; automatic: boolean; text: string };

/** Reads a message. No attachment of it is kept, and nothing that it links to is fetched. */
export async function readMail(raw: Buffer): Promise<ReadMail> {
  const mail = await parse(raw);
  // Made to be unreadable, or broken: refused, it would only come again.
  if (!mail) return { bounceStatus: null, automatic: true, text: '' };
  const told = String(mail.headers.get('auto-submitted') ?? 'no');
  return { bounceStatus: bounceStatus(mail), automatic: told !== 'no', text: mail.text?.trim() ?? '' };
}

function parse(raw: Buffer): Promise<ParsedMail | null> {
  return simpleParser(raw, {
    keepDeliveryStatus: true,
    skipImageLinks: true,
    skipTextLinks: true,
    maxHtmlLengthToParse: 100_000,
  }).catch(() => null);
}

// RFC 3464: a part of type message/delivery-status says what became of each recipient. A delay is not the end.
function bounceStatus({ attachments }: ParsedMail): string | null {
  for (const { contentType, content } of attachments) {
    if (contentType !== 'message/delivery-status') continue;
    const report = content.toString('latin1');
    if (!/^action:\s*failed\b/im.test(report)) continue;
    return /^status:\s*([245]\.\d{1,3}\.\d{1,3})/im.exec(report)?.[1] ?? '5.0.0';
  }
  return null;
}
