import type { Socket } from 'node:net';
import { type ParsedMail, simpleParser } from 'mailparser';
import { SMTPServer } from 'smtp-server';
import { freePort } from './platform.ts';

/** A message that the server took, for one recipient. */
export type TakenMail = { from: string; to: string; mail: ParsedMail; raw: string };

/** What the server is told to answer to a recipient, such as 550 or 451; takes the message where nothing is said. */
type Answers = (to: string) => number | undefined;

/** A real SMTP server on the loopback: what a hotline's own mail server is to the platform. */
export async function startMailServer({ answer = (() => undefined) as Answers } = {}) {
  const port = await freePort();
  const taken: TakenMail[] = [];
  const state = { answer, afterData: async (_mail: TakenMail[]) => undefined as undefined | number };
  const server = new SMTPServer({
    disabledCommands: ['AUTH', 'STARTTLS'],
    authOptional: true,
    disableReverseLookup: true,
    onRcptTo: ({ address }, _session, done) => {
      const code = state.answer(address);
      done(code ? Object.assign(new Error('5.1.1 No'), { responseCode: code }) : undefined);
    },
    onData: (stream, { envelope }, done) => {
      const chunks: Buffer[] = [];
      stream.on('data', (chunk: Buffer) => chunks.push(chunk));
      stream.on('end', async () => {
        const raw = Buffer.concat(chunks).toString();
        const mail = await simpleParser(raw);
        const from = envelope.mailFrom ? envelope.mailFrom.address : '';
        const mails = envelope.rcptTo.map(({ address }) => ({ from, to: address, mail, raw }));
        taken.push(...mails);
        const code = await state.afterData(mails);
        done(code ? Object.assign(new Error('4.3.0 Later'), { responseCode: code }) : null);
      });
    },
  });
  server.on('error', () => undefined);
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', () => resolve()));
  return {
    url: `smtp://127.0.0.1:${port}`,
    port,
    taken,
    state,
    /** Breaks every connection, without an answer. */
    cut: () => {
      for (const { _socket: socket } of server.connections as unknown as Set<{ _socket: Socket }>) socket.destroy();
    },
    stop: () => new Promise<void>((resolve) => server.close(() => resolve())),
  };
}
