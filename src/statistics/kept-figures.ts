import type { CountryFigures } from './published-figures.ts';

/** Of at most ten years, some 50 kB; mostly of one, some 5 kB. Their months are those of `kept-editions.ts`. */
const KEPT = 100;
/** Every time zone is whole quarters of an hour from UTC: between two of them no day begins anywhere. */
const QUARTER_MS = 15 * 60 * 1000;

type Kept = { figures: CountryFigures; version: string; quarter: number };

// By what was asked, what was asked last at the end.
const kept = new Map<string, Kept>();

/**
 * The very object that this question was answered with before, as long as it still holds: where nothing that it was made of has
 * changed since (`version`, as the asker's sign-in found it) and no day has begun anywhere.
 */
export function keptFigures(question: string, version: string | null, now: Date): CountryFigures | null {
  const found = kept.get(question);
  if (!found || found.version !== version || found.quarter !== quarterOf(now)) return null;
  keep(question, found);
  return found.figures;
}

/** Keeps an answer with the version of the figures that the statement itself saw which read them, and gives it. Nobody may change it. */
export function keepFigures(
  question: string,
  version: string | null,
  now: Date,
  figures: CountryFigures,
): CountryFigures {
  if (version !== null) keep(question, { figures, version, quarter: quarterOf(now) });
  return figures;
}

function keep(question: string, answer: Kept): void {
  kept.delete(question);
  kept.set(question, answer);
  const [oldest] = kept.keys();
  if (kept.size > KEPT && oldest !== undefined) kept.delete(oldest);
}

function quarterOf(now: Date): number {
  return Math.floor(now.getTime() / QUARTER_MS);
}
