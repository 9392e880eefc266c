import type { GraphQLObjectType } from 'graphql';
import { expect } from 'vitest';
import { caseWork, type Result } from '../case/case-work.ts';
import type { As, Platform } from '../support/platform.ts';

export type Entry = {
  stream: string;
  actor: string;
  operation: string;
  action: string;
  subjects: string[];
  detail: string;
};
export type AuditedWrites = Awaited<ReturnType<typeof auditedWrites>>;

/** Runs mutations and looks at what each of them leaves in the audit trail. */
export async function auditedWrites(platform: Platform) {
  const work = await caseWork(platform);
  const { schema } = await import('../../src/graphql/schema.ts');
  const mutations = (schema.getMutationType() as GraphQLObjectType).getFields();
  const walked = new Set<string>();
  const ids = new Map<As, string>();
  for (const as of ['analyst', 'analyst2', 'supervisor', 'admin', 'checker', 'partner-ke'] as const)
    ids.set(as, (await platform.ask('{ viewer { id } }', {}, as)).data.viewer.id);

  /** What `act` answers, and the entries that it left. */
  async function entriesOf<T>(act: () => Promise<T>): Promise<{ result: T; entries: Entry[] }> {
    const [before] = await work.sql('SELECT coalesce(max(id), 0) AS id FROM audit_entries');
    const result = await act();
    return { result, entries: await work.sql('SELECT * FROM audit_entries WHERE id > $1 ORDER BY id', [before.id]) };
  }

  /**
   * Runs one mutation, named after it in the trail, and expects these entries by this person and no others, each as the kind of
   * its chain and its action, the write's own first. Gives what was asked of the answer, and that entry.
   */
  async function writes(
    as: As,
    mutation: string,
    variables: object,
    expected: string | string[],
    fields = '',
  ): Promise<Result> {
    const { args } = mutations[mutation]!;
    const declared = args.map(({ name, type }) => `$${name}: ${type}`).join(', ');
    const passed = args.map(({ name }) => `${name}: $${name}`).join(', ');
    const call = args.length > 0 ? `(${declared}) { result: ${mutation}(${passed})` : ` { result: ${mutation}`;
    const query = `mutation Why_${mutation}${call} { __typename ${fields} ... on Error { message } } }`;
    const { result, entries } = await entriesOf(() => platform.ask(query, variables, as));
    expect(result.errors, mutation).toEqual([]);
    const { message, ...answer } = result.data.result;
    const actor = as === 'stranger' ? 'stranger' : `account:${ids.get(as)}`;
    const labelOf = ({ stream, action }: Entry) => `${stream.split(':')[0]} ${action}`;
    const labels = [expected].flat();
    expect(
      entries.map((entry) => [entry.actor, entry.operation, labelOf(entry)]).sort(),
      `${mutation}: ${JSON.stringify(result.data.result)}`,
    ).toEqual(labels.map((label) => [actor, `Why_${mutation}`, label]).sort());
    walked.add(mutation);
    return { ...answer, entry: entries.find((entry) => labelOf(entry) === labels[0]) };
  }

  /** The same of a step on a case as it stands. */
  async function onCase(
    as: As,
    mutation: string,
    number: string,
    more: object,
    expected: string | string[],
    fields = '',
  ): Promise<Result> {
    const [{ version }] = await work.sql('SELECT version FROM cases WHERE number = $1', [number]);
    const input = { case: number, version, ...more };
    const done = await writes(
      as,
      mutation,
      { input },
      [expected].flat().map((action) => `case ${action}`),
      fields,
    );
    expect(done.entry.stream, mutation).toBe(`case:${number}`);
    return done;
  }

  const claim = (as: As, number: string) => writes(as, 'claimCase', { number }, 'case CLAIM');
  const forgotten = () => Object.keys(mutations).filter((mutation) => !walked.has(mutation));

  return { work, ids, entriesOf, writes, onCase, claim, forgotten };
}
