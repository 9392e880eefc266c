import type { ExecutionArgs } from 'graphql';
import type { Plugin } from 'graphql-yoga';
import { type CompiledOperation, compileOperation } from './compiled-operation.ts';
import { permissions } from './permissions.ts';
import { persistedText } from './persisted-documents.ts';
import { schema } from './schema.ts';

/** What comes so often is worth the milliseconds of compiling it; what a stranger makes up once is not. */
const OFTEN = 3;
const KEPT = 200;
const LONGEST_TEXT = 10_000;
/** How long compiling may take at a start, in ms, and how much of all time later on: strangers choose what is compiled. */
const BUDGET_MS = 10_000;
const BUDGET_SHARE = 0.05;

/** What a request asks for, as it came: nothing of it is checked yet, but that the variables are an object. */
export type Asked = Record<'query' | 'documentId' | 'operationName', unknown> & {
  variables: Record<string, unknown> | null | undefined;
};

/** How often a text ran, and its program once it is worth one and can be one. */
type Entry = { times: number; judged: boolean; compiled: CompiledOperation | null };

const budget = { ms: BUDGET_MS, at: performance.now() };
// Every text that ran lately, the one that ran last at the end.
const known = new Map<string, Entry>();

/**
 * A Yoga plugin that counts which documents run, and compiles those that run often. It sees only what has passed parsing, the
 * limits, validation and the permissions.
 */
export function learnHotOperations(): Plugin {
  return { onExecute: ({ args }) => learn(args) };
}

/** The program of what is asked for, or null where it has none: Yoga then answers. */
export function hotOperation({ query, documentId, operationName }: Asked): CompiledOperation | null {
  const text = documentId === undefined ? query : query === undefined ? persistedText(documentId) : null;
  const entry = typeof text === 'string' ? known.get(text) : undefined;
  if (!entry?.compiled || (operationName != null && operationName !== entry.compiled.named)) return null;
  keep(text as string, entry);
  return entry.compiled;
}

function learn({ document }: ExecutionArgs): void {
  const text = document.loc?.source.body;
  if (text === undefined || text.length > LONGEST_TEXT) return;
  const entry = known.get(text) ?? { times: 0, judged: false, compiled: null };
  entry.times += 1;
  if (entry.times >= OFTEN && !entry.judged && refilled() > 0) {
    const begun = performance.now();
    entry.compiled = compileOperation(schema, permissions, document);
    entry.judged = true;
    budget.ms -= performance.now() - begun;
  }
  keep(text, entry);
}

function refilled(): number {
  const now = performance.now();
  budget.ms = Math.min(BUDGET_MS, budget.ms + (now - budget.at) * BUDGET_SHARE);
  budget.at = now;
  return budget.ms;
}

function keep(text: string, entry: Entry): void {
  known.delete(text);
  known.set(text, entry);
  const [oldest] = known.keys();
  if (known.size > KEPT && oldest !== undefined) known.delete(oldest);
}
