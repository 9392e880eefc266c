import type { Readable } from 'node:stream';
import { SMTPServer, type SMTPServerSession } from 'smtp-server';
import { config } from '../config.ts';
import { log, traceOf } from '../log.ts';
import { readMailAddress } from './notice-token.ts';
import { readMail } from './read-mail.ts';
import { takeMail } from './take-mail.ts';

/** How much of a message is read, in bytes: reports of failed delivery quote the message that they are about. */
const MOST_BYTES = 256 * 1024;
/** Beyond this the rest is not taken in at all. */
const MOST_TAKEN_BYTES = 32 * 1024 * 1024;
const PORT_AGAIN_MS = 5_000;

/**
 * Listens on MAIL_RECEIVE_PORT for what comes back for notices: copies of what was sent, reports of failed delivery, answers. Our own mail
 * server hands them over; it keeps what it could not hand over, so that nothing is lost while the database is away. While another process
 * of ours has the port this one waits for it. Does nothing where no port is set.
 */
export function startMailReceiver(): { stop: () => Promise<void> } {
  const { host, mailReceivePort, smtpUrl, production } = config();
  if (production && smtpUrl === null) log.warn('SMTP_URL is missing: notices wait, and none is sent.');
  if (mailReceivePort === null) return { stop: async () => undefined };
  const server = makeServer();
  let again: NodeJS.Timeout | undefined;
  const start = () => server.listen(mailReceivePort, host);
  server.on('error', (error: Error & { code?: string }) => {
    if (server.server.listening) return log.warn('The mail receiver met an error.', traceOf(error));
    log.warn('The mail receiver waits for its port.', traceOf(error));
    again = setTimeout(start, PORT_AGAIN_MS);
  });
  start();
  return {
    stop: () => {
      clearTimeout(again);
      return new Promise((resolve) => (server.server.listening ? server.close(() => resolve()) : resolve()));
    },
  };
}

function makeServer(): SMTPServer {
  return new SMTPServer({
    disabledCommands: ['AUTH', 'STARTTLS'],
    authOptional: true,
    disableReverseLookup: true,
    logger: false,
    size: MOST_TAKEN_BYTES,
    socketTimeout: 30_000,
    maxClients: 50,
    onRcptTo: ({ address }, _session, done) => done(isOurs(address) ? undefined : refusal(550, 'No such mailbox')),
    onData: (stream, session, done) => {
      take(stream, session).then(
        () => done(),
        (error: unknown) => {
          log.error('Mail could not be taken in; its sender will try again.', traceOf(error));
          done(refusal(451, 'Try again later'));
        },
      );
    },
  });
}

// Whatever has the form of one of our addresses is taken, also where it belongs to nothing: a refusal would tell guessers, and bounce to strangers.
function isOurs(address: string): boolean {
  return (
    /^(bounces|reply|sent)\+[0-9a-f]+@/i.test(address) && address.toLowerCase().endsWith(`@${config().mailDomain}`)
  );
}

async function take(stream: Readable, { envelope }: SMTPServerSession): Promise<void> {
  const raw = await firstBytes(stream);
  const purposes = envelope.rcptTo.flatMap(({ address }) => readMailAddress(address) ?? []);
  if (purposes.length === 0) return;
  const read = await readMail(raw);
  for (const purpose of purposes) await takeMail({ ...purpose, ...read }, new Date());
}

async function firstBytes(stream: Readable): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of stream) {
    if (size < MOST_BYTES) chunks.push(chunk as Buffer);
    size += (chunk as Buffer).length;
  }
  return Buffer.concat(chunks).subarray(0, MOST_BYTES);
}

function refusal(responseCode: number, words: string): Error {
  return Object.assign(new Error(words), { responseCode });
}
