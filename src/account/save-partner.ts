import { v7 as uuidv7 } from 'uuid';
import { z } from 'zod';
import { recorded } from '../audit/recorded.ts';
import { violatedUnique } from '../db.ts';
import { InvalidInputError, NotFoundError } from '../domain/errors.ts';
import { PartnerKind } from '../generated/prisma/enums.ts';
import { optional, readInput, text } from '../read-input.ts';
import type { BySignedIn } from './viewer.ts';

const partner = z
  .object({
    id: optional(z.uuid('Give the id of a partner, or leave it out to make a new one.')),
    name: text(200),
    kind: z.enum(PartnerKind),
    countries: z.array(z.string()).max(250),
    urlListAccess: optional(z.boolean()),
    agreementFrom: z.date(),
    agreementUntil: optional(z.date()),
  })
  .refine(({ agreementFrom, agreementUntil }) => !agreementUntil || agreementUntil >= agreementFrom, {
    path: ['agreementUntil'],
    error: 'An agreement ends after it begins. Give a later day, or leave it out.',
  });
export type SavePartnerInput = z.input<typeof partner>;

/** Makes a partner, or changes the one of the given id. Gives its id. Throws `InvalidInputError`, `NotFoundError`. */
export async function savePartner(by: BySignedIn, given: SavePartnerInput): Promise<string> {
  const { id, urlListAccess, countries, ...rest } = readInput(partner, given);
  const data = { ...rest, countries: [...new Set(countries)].sort(), urlListAccess: urlListAccess ?? false };
  try {
    return await recorded(by, async ({ tx, note }) => {
      if (id && !(await tx.partner.findUnique({ where: { id }, select: { id: true } })))
        throw new NotFoundError('partner');
      const saved = id
        ? await tx.partner.update({ where: { id }, data })
        : await tx.partner.create({ data: { id: uuidv7(), ...data } });
      note({
        stream: `partner:${saved.id}`,
        action: 'SAVE_PARTNER',
        detail: {
          kind: saved.kind,
          countries: saved.countries,
          urlListAccess: saved.urlListAccess,
          agreementFrom: dayOf(saved.agreementFrom),
          agreementUntil: saved.agreementUntil && dayOf(saved.agreementUntil),
        },
      });
      return saved.id;
    });
  } catch (error) {
    if (violatedUnique(error) === null) throw error;
    throw new InvalidInputError([
      { path: ['input', 'name'], code: 'TAKEN', message: 'Another partner has this name.' },
    ]);
  }
}

function dayOf(date: Date): string {
  return date.toISOString().slice(0, 10);
}
