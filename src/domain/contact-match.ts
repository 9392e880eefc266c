export type ContactKind = 'HOST' | 'UPSTREAM' | 'REGISTRAR' | 'POLICE' | 'HOTLINE';

/** What the registry says of a contact, as far as it tells whom to ask. */
export type KnownContact = {
  kind: ContactKind;
  name: string;
  countries: readonly string[];
  domains: readonly string[];
  networks: readonly number[];
  member: boolean;
};

/** What is known of a host: its name and, by the trace, who carries and who registered it. */
export type HostFacts = {
  host: string | null;
  networks: readonly number[];
  registrar: string | null;
  registrarContacts: readonly string[];
};

/**
 * How well a contact fits a host: 3 for its very name, 2 for a domain that it is under (or, of a registrar, its own name or domain),
 * 1 for a network that carries it, 0 for not at all.
 */
function fitOfContact({ kind, name, domains, networks }: KnownContact, facts: HostFacts): 0 | 1 | 2 | 3 {
  if (facts.host !== null && domains.includes(facts.host)) return 3;
  if (facts.host !== null && domains.some((domain) => facts.host?.endsWith(`.${domain}`))) return 2;
  if (kind === 'REGISTRAR') return registers(name, domains, facts) ? 2 : 0;
  return networks.some((network) => facts.networks.includes(network)) ? 1 : 0;
}

/** The contacts of a kind that fit a host, best first; none where none does. Of equals, in the order given. */
export function contactsOfHost<T extends KnownContact>(
  contacts: readonly T[],
  kind: 'HOST' | 'UPSTREAM' | 'REGISTRAR',
  facts: HostFacts,
): T[] {
  return contacts
    .filter((contact) => contact.kind === kind && fitOfContact(contact, facts) > 0)
    .sort((a, b) => fitOfContact(b, facts) - fitOfContact(a, facts));
}

function registers(name: string, domains: readonly string[], { registrar, registrarContacts }: HostFacts): boolean {
  if (registrar !== null && registrar.toLowerCase() === name.toLowerCase()) return true;
  return registrarContacts.some((email) => {
    const domain = email.split('@')[1] ?? '';
    return domains.some((known) => domain === known || domain.endsWith(`.${known}`));
  });
}
