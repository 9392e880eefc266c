import type { Tx } from '../db.ts';
import { type Finding, type WhereHosted, whereHosted } from '../domain/where-hosted.ts';
import type { Case } from '../generated/prisma/client.ts';
import { readAnswer } from './trace-answer.ts';

/** Where a case is hosted, and whom that names. */
export type Hosting = WhereHosted & {
  addresses: string[];
  networks: number[];
  networkName: string | null;
  abuseContacts: string[];
  registrar: string | null;
  registrarContacts: string[];
};

type Trace = Finding & { network: string | null; answer: unknown; episode: { number: number } };
type Traced = Pick<Case, 'episodeNumber'> & { traces: Trace[]; observations: { seen: string; at: Date }[] };

/**
 * Where a case is hosted by the traces of its latest episode, from when it was last seen moved. What one method did not find is
 * taken from the others.
 */
export function hostingOf({ episodeNumber, traces, observations }: Traced): Hosting {
  const moved = observations.filter(({ seen }) => seen === 'MOVED').reduce((last, { at }) => Math.max(last, +at), 0);
  const counting = traces.filter(({ episode, at }) => episode.number === episodeNumber && at.getTime() >= moved);
  const newestFirst = counting.toSorted((a, b) => b.at.getTime() - a.at.getTime());
  const answers = newestFirst
    .filter(({ method }, index) => newestFirst.findIndex((other) => other.method === method) === index)
    .map(({ answer }) => readAnswer(answer));
  const all = <T>(of: (answer: (typeof answers)[number]) => readonly T[]) => [...new Set(answers.flatMap(of))];
  return {
    ...whereHosted(counting),
    addresses: all(({ addresses }) => addresses),
    networks: [
      ...new Set([...all(({ networks }) => networks), ...newestFirst.flatMap(({ network }) => numbersIn(network))]),
    ],
    networkName: newestFirst.find(({ network }) => network !== null)?.network ?? null,
    abuseContacts: all(({ abuseContacts }) => abuseContacts),
    registrar: answers.find(({ registrar }) => registrar)?.registrar ?? null,
    registrarContacts: all(({ registrarContacts }) => registrarContacts),
  };
}

// A person may type the number of a network where its name stands.
function numbersIn(network: string | null): number[] {
  const found = [...(network ?? '').matchAll(/\bAS ?(\d{1,10})\b/gi)].map(([, number]) => Number(number));
  return found.filter((number) => number > 0 && number < 2 ** 31);
}

/** What `hostingOf` needs of a case, in the form in which other fields of a case read it, so that one statement reads both. */
export const hostingSelection = {
  episodeNumber: true,
  traces: { orderBy: { at: 'asc' }, include: { episode: { select: { number: true } } } },
  observations: { orderBy: { at: 'asc' } },
} as const;

/** Reads where a case is hosted as it stands in a transaction. */
export async function readHosting(tx: Tx, caseId: string): Promise<Hosting> {
  const found = await tx.case.findUniqueOrThrow({
    where: { id: caseId },
    select: hostingSelection,
    relationLoadStrategy: 'join',
  });
  return hostingOf(found);
}
