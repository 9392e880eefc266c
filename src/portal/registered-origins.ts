import { prisma } from '../db.ts';

/** How long it may take until a portal's new list of origins is known everywhere, in milliseconds. */
const FRESH_MS = 30_000;

let known: { until: number; origins: Promise<Set<string>> } = { until: 0, origins: Promise.resolve(new Set()) };

/** Whether any portal that the public may know of has registered this origin, as of half a minute ago at most. */
export async function isRegisteredOrigin(origin: string, now: Date): Promise<boolean> {
  if (now.getTime() >= known.until) known = { until: now.getTime() + FRESH_MS, origins: registeredOrigins() };
  return (await known.origins).has(origin);
}

async function registeredOrigins(): Promise<Set<string>> {
  try {
    const portals = await prisma.portal.findMany({
      where: { stage: { not: 'PLANNED' }, origins: { isEmpty: false } },
      select: { origins: true },
    });
    return new Set(portals.flatMap(({ origins }) => origins));
  } catch (error) {
    // What failed is not kept: the next request asks again.
    known.until = 0;
    throw error;
  }
}
