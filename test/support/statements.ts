import pg from 'pg';

type Query = ((...args: unknown[]) => unknown) & { unrecorded?: Query };

/** A statement, and the port of the server that it was sent to. */
export type Sent = { text: string; port: number };

const sent: Sent[] = [];
let recording = false;

/** Notes every SQL statement that this process sends to Postgres, BEGIN and COMMIT among them. */
export function recordStatements(): void {
  if (recording) return;
  recording = true;
  const prototype = pg.Client.prototype as unknown as { query: Query };
  // The library outlives this module, which every test file has for itself: what an earlier one put around it comes off.
  const query = prototype.query.unrecorded ?? prototype.query;
  const recorded: Query = function (this: { port: number }, ...args: unknown[]) {
    const [first] = args;
    const text = typeof first === 'string' ? first : String((first as { text?: string } | null)?.text ?? '');
    sent.push({ text, port: this.port });
    return query.apply(this, args);
  };
  prototype.query = Object.assign(recorded, { unrecorded: query });
}

/** The statements that were sent while `work` ran, and its result. */
export async function statementsOf<T>(work: () => Promise<T>): Promise<{ statements: string[]; result: T }> {
  const { sent: statements, result } = await sentIn(work);
  return { statements: statements.map(({ text }) => text), result };
}

/** As `statementsOf`, with whom each was sent to. */
export async function sentIn<T>(work: () => Promise<T>): Promise<{ sent: Sent[]; result: T }> {
  sent.length = 0;
  const result = await work();
  return { sent: [...sent], result };
}
