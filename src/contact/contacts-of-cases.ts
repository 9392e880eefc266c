import { prisma, type Tx } from '../db.ts';
import { contactsOfHost, type HostFacts } from '../domain/contact-match.ts';
import type { Contact } from '../generated/prisma/client.ts';
import type { ContactKind } from '../generated/prisma/enums.ts';
import { readHosting } from '../trace/hosting.ts';

/** Nothing goes to a contact that is not approved, or out of use. */
const USABLE = { approvedAt: { not: null }, retiredAt: null } as const;

/**
 * The contacts that could be told of these hosts, in one statement: those known by the hosts' names, networks and registrars,
 * and all police and hotlines, by name. Each host's own are for the rules of `contactsOfHost` to tell.
 */
export function contactsForHosts(hosts: readonly HostFacts[], tx: Tx = prisma): Promise<Contact[]> {
  const names = hosts.flatMap((facts) => [
    ...endingsOf(facts.host),
    ...facts.registrarContacts.flatMap((email) => endingsOf(email.split('@')[1] ?? null)),
  ]);
  const registrars = hosts.flatMap(({ registrar }) => registrar ?? []);
  return tx.contact.findMany({
    where: {
      ...USABLE,
      OR: [
        { kind: { in: ['POLICE', 'HOTLINE'] } },
        { domains: { hasSome: [...new Set(names)] } },
        { networks: { hasSome: [...new Set(hosts.flatMap(({ networks }) => networks))] } },
        ...[...new Set(registrars)].map((name) => ({
          kind: 'REGISTRAR' as const,
          name: { equals: name, mode: 'insensitive' as const },
        })),
      ],
    },
    orderBy: [{ name: 'asc' }, { id: 'asc' }],
  });
}

/** The approved contacts of a kind that fit a case's host by what its traces say, best first: whom the next step of a notice tells. */
export async function contactsOfCase(
  tx: Tx,
  { id, host }: { id: string; host: string | null },
  kind: Extract<ContactKind, 'HOST' | 'UPSTREAM' | 'REGISTRAR'>,
): Promise<Contact[]> {
  const facts = { ...(await readHosting(tx, id)), host };
  return contactsOfHost(await contactsForHosts([facts], tx), kind, facts);
}

// A name and all domains that it is under: the registry may know any of them.
function endingsOf(name: string | null): string[] {
  const labels = name?.split('.') ?? [];
  return labels.map((_, from) => labels.slice(from).join('.'));
}
