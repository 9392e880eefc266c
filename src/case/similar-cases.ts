import type { Viewer } from '../account/viewer.ts';
import { prisma, type Sql, sql } from '../db.ts';
import { NotFoundError } from '../domain/errors.ts';
import { addressShape, PLACEHOLDER } from '../domain/near-identical.ts';
import { isFreeFor, isHanded } from './waiting-for.ts';

/** How many addresses that may be alike are compared, those of highest priority. */
const COMPARED = 1_000;

/**
 * Whether a case `c` may be assessed together with another of its host: it waits for a first opinion that this person may give,
 * nobody else holds it or is to have it, and it is no case to be looked at by itself (listed, or under appeal).
 */
export function mayBeJoined(viewer: Viewer): Sql {
  return sql`(c.state = 'AWAITING_ASSESSMENT' AND NOT c.listed AND ${isFreeFor(viewer)}
    AND (c.handed_to_id = ${viewer.id}::uuid OR NOT ${isHanded})
    AND NOT EXISTS (SELECT FROM appeals p WHERE p.case_id = c.id AND p.state = 'UNDER_REVIEW'))`;
}

/**
 * Up to `first` cases that an opinion on this one may be given on as well, by priority, and whether there are more: on
 * the same host, written alike, and free. Throws a `NotFoundError`.
 */
export async function similarCases(
  viewer: Viewer,
  number: string,
  first: number,
): Promise<{ cases: { id: string; number: string }[]; more: boolean }> {
  const found = await prisma.case.findUnique({ where: { number }, select: { id: true, address: true, host: true } });
  if (!found) throw new NotFoundError('case');
  const shape = addressShape(found.address);
  if (shape === null) return { cases: [], more: false };

  const candidates = await prisma.$queryRaw<{ id: string; number: string; address: string }[]>(sql`
    SELECT c.id, c.number, c.address FROM cases c
    WHERE c.host = ${found.host} AND c.id <> ${found.id}::uuid AND c.address LIKE ${likeShape(shape)} AND ${mayBeJoined(viewer)}
    ORDER BY c.priority DESC, c.id LIMIT ${COMPARED}`);
  const cases = candidates.filter(({ address }) => addressShape(address) === shape);
  return { cases: cases.slice(0, first), more: cases.length > first };
}

// Lets through all of a shape and little else.
function likeShape(shape: string): string {
  return shape.replace(/[\\%_]/g, '\\$&').replaceAll(PLACEHOLDER, '%');
}
