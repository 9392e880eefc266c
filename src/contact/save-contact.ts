import { v7 as uuidv7 } from 'uuid';
import type { BySignedIn } from '../account/viewer.ts';
import { recorded } from '../audit/recorded.ts';
import type { Tx } from '../db.ts';
import { InvalidInputError, NotFoundError } from '../domain/errors.ts';
import type { Contact } from '../generated/prisma/client.ts';
import type { ContactKind } from '../generated/prisma/enums.ts';
import { readContact, type SaveContactInput } from './contact-input.ts';

/** What decides whom a message reaches, and about what: a change of it needs approval anew. */
const APPROVED_FACTS = ['kind', 'email', 'country', 'countries', 'domains', 'networks', 'member'] as const;

/**
 * Makes a contact, or changes the one of the given id. Nothing is sent to it before a supervisor approves; a change of its
 * address, or of what it is asked for, takes an approval back. Gives its id. Throws `InvalidInputError`, `NotFoundError`.
 */
export function saveContact(by: BySignedIn, given: SaveContactInput): Promise<string> {
  const { id, ...data } = readContact(given);
  return recorded(by, async ({ tx, note }) => {
    const before = id ? await openContact(tx, id) : null;
    await refuseSecond(tx, data, before?.id ?? null);
    const again = !before || APPROVED_FACTS.some((fact) => String(before[fact] ?? '') !== String(data[fact] ?? ''));
    const saved = before
      ? await tx.contact.update({
          where: { id: before.id },
          data: { ...data, ...(again ? { approvedAt: null, approvedById: null } : {}) },
        })
      : await tx.contact.create({ data: { id: uuidv7(), ...data } });
    note({
      stream: `contact:${saved.id}`,
      action: 'SAVE_CONTACT',
      detail: { kind: saved.kind, countries: saved.countries, needsApproval: saved.approvedAt === null },
    });
    return saved.id;
  });
}

/** Reads a contact and locks its row until the transaction ends. Throws a `NotFoundError` for none, and for a retired one. */
export async function openContact(tx: Tx, id: string): Promise<Contact> {
  const [locked] = await tx.$queryRaw<{ id: string }[]>`
    SELECT id FROM contacts WHERE id::text = ${id} AND retired_at IS NULL FOR UPDATE`;
  if (!locked) throw new NotFoundError('contact');
  return tx.contact.findUniqueOrThrow({ where: { id: locked.id } });
}

/** The contact of this kind and address that is in use, or null; until the transaction ends nobody else can make one. */
export async function sameContact(tx: Tx, { kind, email }: { kind: ContactKind; email: string }) {
  await tx.$executeRaw`SELECT pg_advisory_xact_lock(hashtext('contacts'))`;
  return tx.contact.findFirst({
    where: { kind, email: { equals: email, mode: 'insensitive' }, retiredAt: null },
    select: { id: true },
  });
}

// Two entries of one address would be two messages to one person.
async function refuseSecond(tx: Tx, data: { kind: ContactKind; email: string }, id: string | null): Promise<void> {
  const other = await sameContact(tx, data);
  if (!other || other.id === id) return;
  throw new InvalidInputError([
    {
      path: ['input', 'email'],
      code: 'TAKEN',
      message: 'Another contact of this kind has this address. Change that one.',
    },
  ]);
}
