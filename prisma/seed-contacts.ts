import { v7 as uuidv7 } from 'uuid';
import type { BySystem } from '../src/account/viewer.ts';
import { recorded } from '../src/audit/recorded.ts';
import type { Prisma } from '../src/generated/prisma/client.ts';

const by: BySystem = { system: true, operation: 'seed' };

type Draft = Omit<Prisma.ContactCreateManyInput, 'id' | 'email' | 'approvedAt' | 'approvedById'>;

const hotline = (country: string, language: string, timeZone: string): Draft => ({
  kind: 'HOTLINE',
  name: `Hotline of ${country} (demonstration)`,
  country,
  countries: [country],
  language,
  timeZone,
  member: true,
});
const police = (country: string, language = 'en', member = false): Draft => ({
  kind: 'POLICE',
  name: member ? `National crime agency of ${country} (demonstration)` : `Police of ${country} (demonstration)`,
  country,
  countries: [country],
  language,
  member,
});

// Invented, under reserved names and numbers (RFC 2606, RFC 5398), for the hosts and countries of the demonstration's cases.
const drafts: readonly Draft[] = [
  hotline('NL', 'en', 'Europe/Amsterdam'),
  hotline('US', 'en', 'America/New_York'),
  hotline('FR', 'fr', 'Europe/Paris'),
  hotline('BR', 'pt', 'America/Sao_Paulo'),
  police('GB', 'en', true),
  police('KE'),
  police('UG'),
  police('DE'),
  police('CD', 'fr'),
  {
    kind: 'HOST',
    name: 'First Hosting (demonstration)',
    country: 'NL',
    domains: ['host0.example', 'host1.example', 'host2.example', 'host3.example', 'site.example'],
    networks: [64_500],
  },
  {
    kind: 'HOST',
    name: 'Second Hosting (demonstration)',
    country: 'DE',
    domains: ['host4.example', 'host5.example', 'host6.example', 'host7.example', 'host8.example'],
    quietFrom: 22,
    quietUntil: 6,
    timeZone: 'Europe/Berlin',
  },
  {
    kind: 'UPSTREAM',
    name: 'Upstream Carrier (demonstration)',
    country: 'NL',
    domains: ['host0.example', 'host1.example', 'host2.example', 'host3.example', 'site.example'],
    networks: [64_500],
  },
  { kind: 'REGISTRAR', name: 'Registrar of Example', country: 'US', domains: ['registrar.example'] },
];

/** Makes the demonstration's contacts, approved by its supervisor, where it has none yet. */
export function seedContacts(now: Date): Promise<void> {
  return recorded(by, async ({ tx, note }) => {
    const { id: approvedById } = await tx.account.findUniqueOrThrow({ where: { subject: 'supervisor' } });
    const none = (await tx.contact.count()) === 0;
    const data = drafts.map((draft) => ({
      id: uuidv7(),
      ...draft,
      email: `abuse@${draft.name
        .toLowerCase()
        .replaceAll(/[^a-z]+/g, '-')
        .replace(/-$/, '')}.example`,
      approvedAt: now,
      approvedById,
    }));
    if (none) await tx.contact.createMany({ data });
    note({ stream: 'seed', action: 'SEED_CONTACTS', detail: { contacts: none ? data.length : 0 } });
  });
}
