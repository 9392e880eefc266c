import { v7 as uuidv7 } from 'uuid';
import { z } from 'zod';
import type { BySignedIn } from '../account/viewer.ts';
import { recorded } from '../audit/recorded.ts';
import { prisma } from '../db.ts';
import { InvalidInputError, NotFoundError } from '../domain/errors.ts';
import { freeTextIssues, readInput, text } from '../read-input.ts';
import { type CaseFilter, caseFilter, type GivenCaseFilter } from './case-filter.ts';

/** How many filters one person may keep. */
const SAVED_AT_MOST = 50;

/** A filter of the queue that somebody keeps for themselves. */
export type SavedFilter = { id: string; name: string; filter: CaseFilter };
export type SaveFilterInput = { name: string; filter: GivenCaseFilter };

/** A person's own filters, by name. */
export async function savedFilters(accountId: string): Promise<SavedFilter[]> {
  const rows = await prisma.savedFilter.findMany({ where: { accountId }, orderBy: { name: 'asc' } });
  return rows.map(({ id, name, filter }) => ({ id, name, filter: caseFilter.parse(filter) }));
}

/** Keeps a filter under a name, in place of one's own of that name. At most 50. Throws an `InvalidInputError`. */
export function saveFilter(by: BySignedIn, input: SaveFilterInput): Promise<SavedFilter> {
  const shape = z.object({ name: text(80), filter: caseFilter });
  const { name, filter } = readInput(shape, input, freeTextIssues(['input', 'name'], input.name));
  return recorded(by, async ({ tx, note }) => {
    // So that two at once cannot both be the fiftieth.
    await tx.$queryRaw`SELECT FROM accounts WHERE id = ${by.viewer.id}::uuid FOR NO KEY UPDATE`;
    const own = { accountId: by.viewer.id };
    if ((await tx.savedFilter.count({ where: { ...own, NOT: { name } } })) >= SAVED_AT_MOST) throw tooMany();
    const kept = JSON.parse(JSON.stringify(filter));
    const { id } = await tx.savedFilter.upsert({
      where: { accountId_name: { ...own, name } },
      create: { id: uuidv7(), ...own, name, filter: kept },
      update: { filter: kept },
    });
    note({ stream: `account:${by.viewer.id}`, action: 'SAVE_FILTER' });
    return { id, name, filter };
  });
}

/** Forgets a filter of one's own. Gives it. Throws a `NotFoundError`, also for a colleague's. */
export function deleteFilter(by: BySignedIn, id: string): Promise<SavedFilter> {
  return recorded(by, async ({ tx, note }) => {
    const found = z.uuid().safeParse(id).success
      ? await tx.savedFilter.findUnique({ where: { id, accountId: by.viewer.id } })
      : null;
    if (!found) throw new NotFoundError('filter');
    await tx.savedFilter.delete({ where: { id } });
    note({ stream: `account:${by.viewer.id}`, action: 'DELETE_FILTER' });
    return { id, name: found.name, filter: caseFilter.parse(found.filter) };
  });
}

function tooMany(): InvalidInputError {
  const message = `You keep ${SAVED_AT_MOST} filters already. Delete one before you save another.`;
  return new InvalidInputError([{ path: ['input', 'name'], code: 'TOO_MANY', message }]);
}
