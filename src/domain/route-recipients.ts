import { type ContactKind, contactsOfHost, type HostFacts, type KnownContact } from './contact-match.ts';
import { type Route, routeOf } from './jurisdiction.ts';
import type { HostPlacement } from './where-hosted.ts';

/** Somebody to whom the case goes by its route. `contact` is null where the registry has nobody: then a person must find them. */
export type Recipient<T> = { contact: T | null; kind: ContactKind; why: string };

export type RouteWithRecipients<T> = Route & { recipients: Recipient<T>[] };

type HostedAt = { placement: HostPlacement; country: string | null };

/**
 * The way of a confirmed case (domain.md §8) with those to whom it goes, of the contacts that are approved and in use: each step
 * that tells somebody names at least one recipient, if only a missing one.
 */
export function routeWithRecipients<T extends KnownContact>(
  hosted: HostedAt,
  facts: HostFacts,
  own: string,
  contacts: readonly T[],
): RouteWithRecipients<T> {
  const members = contacts.filter(({ kind, member }) => kind === 'HOTLINE' && member);
  const route = routeOf(hosted, own, new Set(members.flatMap(({ countries }) => countries)));
  const actsFor = (country: string | null) => (contact: T) => country !== null && contact.countries.includes(country);

  const recipients = route.steps.flatMap((step): Recipient<T>[] => {
    switch (step) {
      case 'REFER_HOTLINE':
        return named('HOTLINE', 'The member hotline of the hosting country.', members.filter(actsFor(hosted.country)));
      case 'REFER_POLICE':
        return referPolice(route, own, contacts);
      case 'NOTIFY_HOST':
        return named(
          'HOST',
          route.route === 'OWN_COUNTRY'
            ? 'The host, once the police agree.'
            : 'The content network, which knows where its customer is.',
          contactsOfHost(contacts, 'HOST', facts).slice(0, 1),
        );
      default:
        return [];
    }
  });
  return { ...route, recipients };
}

function referPolice<T extends KnownContact>({ route }: Route, own: string, contacts: readonly T[]): Recipient<T>[] {
  const police = contacts.filter(({ kind }) => kind === 'POLICE');
  const ours = police.filter(({ countries }) => countries.includes(own));
  const agency = ours.filter(({ member }) => member);
  if (route === 'OWN_COUNTRY') {
    return named(
      'POLICE',
      'The police of our own country, who say when the host may be told.',
      agency.length > 0 ? agency : ours,
    );
  }
  const why =
    route === 'NATIONAL_CRIME_AGENCY'
      ? 'Our national crime agency: the hosting country has no member hotline.'
      : 'Our national crime agency: the service has no host to tell.';
  return named('POLICE', why, agency);
}

function named<T>(kind: ContactKind, why: string, contacts: readonly T[]): Recipient<T>[] {
  if (contacts.length === 0) return [{ contact: null, kind, why }];
  return contacts.map((contact) => ({ contact, kind, why }));
}
