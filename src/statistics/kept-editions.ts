import type { PublishedMonth } from './published-figures.ts';

/** Twenty countries' four years, of some 15 kB each. */
const KEPT = 1_000;

// What was published never changes (triggers see to it), so what was read once need not be read again. By country and edition.
const kept = new Map<string, PublishedMonth>();

/** The figures of a country that this process has read lately, by their editions, each as `2026-10/1`. */
export function keptEditions(country: string): ReadonlyMap<string, PublishedMonth> {
  const prefix = `${country} `;
  const ofCountry = [...kept].filter(([key]) => key.startsWith(prefix));
  return new Map(ofCountry.map(([key, figures]) => [key.slice(prefix.length), figures]));
}

/** Keeps the figures of an edition, and gives them. */
export function keepEdition(country: string, edition: string, figures: PublishedMonth): PublishedMonth {
  kept.set(`${country} ${edition}`, figures);
  const [oldest] = kept.keys();
  if (kept.size > KEPT && oldest !== undefined) kept.delete(oldest);
  return figures;
}
