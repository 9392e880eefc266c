import { mkdir, writeFile } from 'node:fs/promises';
import { isIP } from 'node:net';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import SMTPConnection from 'nodemailer/lib/smtp-connection';
import { config } from '../config.ts';
import type { Mail } from './compose-notice.ts';

/** The longest that a mail server may take for one message, in milliseconds; less where its fate is settled sooner. */
const LONGEST_MS = 60_000;
const SOCKET_MS = 20_000;
const CODE = /^\d{3}[ -](\d\.\d{1,3}\.\d{1,3})\b/;

/**
 * What came of handing a message over. `failure` is words of our own and the server's code, never its text. UNKNOWN: the connection
 * broke after the message began to be sent, so that it may or may not have left.
 */
export type Outcome =
  | { is: 'SENT' }
  | { is: 'REFUSED'; failure: string }
  | { is: 'DELAYED'; failure: string }
  | { is: 'UNKNOWN' };

/** Whether mail can leave: production without SMTP_URL keeps it waiting. */
export function canDeliver(): boolean {
  return config().smtpUrl !== null || !config().production;
}

/** Hands a message to the mail server of SMTP_URL; without one, development writes it into a file of DATA_DIR/mail. Never throws. */
export async function deliver(mail: Mail): Promise<Outcome> {
  const { smtpUrl, mailReconcileSeconds } = config();
  if (smtpUrl === null) return writeToFile(mail);
  // What is still under way when its fate is settled would be sent twice.
  const limitMs = Math.min(LONGEST_MS, (mailReconcileSeconds * 1_000) / 2);
  return handOver(new URL(smtpUrl), mail, limitMs);
}

function handOver(url: URL, mail: Mail, limitMs: number): Promise<Outcome> {
  const connection = new SMTPConnection(optionsOf(url, limitMs));
  // The library reads the message once the server has asked for it: from then on nobody but the server knows its fate.
  let begun = false;
  const envelope: Envelope = {
    from: mail.from,
    to: mail.copy === null ? [mail.to] : [mail.to, mail.copy],
    size: mail.raw.length,
  };
  return new Promise((resolve) => {
    const message = new Readable({
      read() {
        // A server that refused the contact would take the copy alone, which would prove what is not so: it gets nothing.
        const refused = envelope.rejectedErrors?.find(({ recipient }) => recipient === mail.to);
        if (refused) return end(outcomeOf(refused, false));
        begun = true;
        this.push(mail.raw);
        this.push(null);
      },
    });
    const end = (outcome: Outcome) => {
      clearTimeout(limit);
      resolve(outcome);
      connection.close();
    };
    const fail = (error: SMTPConnection.SMTPError) => end(outcomeOf(error, begun));
    const limit = setTimeout(() => end(begun ? { is: 'UNKNOWN' } : { is: 'DELAYED', failure: 'no answer' }), limitMs);
    connection.on('error', fail);
    connection.once('end', () => end(begun ? { is: 'UNKNOWN' } : { is: 'DELAYED', failure: 'no answer' }));
    const send = () => {
      connection.send(envelope, message, (error) => (error ? fail(error) : end({ is: 'SENT' })));
    };
    connection.connect((error) => {
      if (error) return fail(error);
      if (!url.username) return send();
      const credentials = { user: decodeURIComponent(url.username), pass: decodeURIComponent(url.password) };
      connection.login({ credentials }, (failed) => (failed ? fail(failed) : send()));
    });
  });
}

function optionsOf(url: URL, limitMs: number): SMTPConnection.Options {
  const host = url.hostname.replace(/^\[|\]$/g, '');
  const loopback = host === 'localhost' || host === '::1' || (isIP(host) === 4 && host.startsWith('127.'));
  const secure = url.protocol === 'smtps:';
  return {
    host,
    ...(url.port ? { port: Number(url.port) } : {}),
    secure,
    // What travels names criminal content: in production never in the clear, but within one machine.
    requireTLS: config().production && !secure && !loopback,
    ignoreTLS: loopback && !secure,
    connectionTimeout: Math.min(SOCKET_MS, limitMs),
    greetingTimeout: Math.min(SOCKET_MS, limitMs),
    socketTimeout: Math.min(SOCKET_MS, limitMs),
  };
}

/** The library notes on the envelope itself whom the server refused. */
type Envelope = SMTPConnection.Envelope & { rejectedErrors?: SMTPConnection.SMTPError[] };

type Failure = { responseCode?: number | undefined; response?: string | undefined };

function outcomeOf({ responseCode, response }: Failure, begun: boolean): Outcome {
  if (responseCode === undefined) return begun ? { is: 'UNKNOWN' } : { is: 'DELAYED', failure: 'no connection' };
  const code = CODE.exec(response ?? '')?.[1] ?? String(responseCode);
  return responseCode >= 500
    ? { is: 'REFUSED', failure: `refused ${code}` }
    : { is: 'DELAYED', failure: `delayed ${code}` };
}

async function writeToFile({ id, raw }: Mail): Promise<Outcome> {
  const folder = join(config().dataDir, 'mail');
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, `${id}.eml`), raw);
  return { is: 'SENT' };
}
