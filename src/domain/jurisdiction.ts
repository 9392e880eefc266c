import type { HostPlacement } from './where-hosted.ts';

/** By which way a confirmed case is acted on (domain.md §8). */
export const routes = ['OWN_COUNTRY', 'MEMBER_HOTLINE', 'NATIONAL_CRIME_AGENCY', 'NO_COUNTRY'] as const;
export type RouteName = (typeof routes)[number];

/** What is to be done, in this order. */
export const routeSteps = ['REFER_POLICE', 'REFER_HOTLINE', 'NOTIFY_HOST', 'LIST_ADDRESS', 'TRACE_BY_HAND'] as const;
export type RouteStep = (typeof routeSteps)[number];

export type Route = {
  route: RouteName;
  /** The country whose authorities act, which is neither the reporter's nor always the host's; null where none is known. */
  responsible: string | null;
  /** Whether the address belongs on the URL list while it is up. */
  urlList: boolean;
  steps: RouteStep[];
};

type HostedAt = { placement: HostPlacement; country: string | null };

/**
 * Which country acts on a confirmed case, and by which way, by where it is hosted, the hotline's own country and the countries
 * that have a member hotline (domain.md §8): in the own country the police, then the host; where a member hotline is, that
 * hotline; elsewhere the national crime agency of the own country, which tells the country's police. What is up and not in the
 * own country goes on the URL list.
 */
export function routeOf({ placement, country }: HostedAt, own: string, memberCountries: ReadonlySet<string>): Route {
  if (placement === 'COUNTRY' && country !== null) {
    if (country === own) {
      return { route: 'OWN_COUNTRY', responsible: own, urlList: false, steps: ['REFER_POLICE', 'NOTIFY_HOST'] };
    }
    if (memberCountries.has(country)) {
      return { route: 'MEMBER_HOTLINE', responsible: country, urlList: true, steps: ['REFER_HOTLINE', 'LIST_ADDRESS'] };
    }
    return {
      route: 'NATIONAL_CRIME_AGENCY',
      responsible: own,
      urlList: true,
      steps: ['REFER_POLICE', 'LIST_ADDRESS'],
    };
  }
  return { route: 'NO_COUNTRY', responsible: null, urlList: true, steps: stepsWithoutCountry(placement) };
}

// A content network can be told, and knows where its customer is. Services without an operator to tell are for the police.
function stepsWithoutCountry(placement: HostPlacement): RouteStep[] {
  if (placement === 'CONTENT_NETWORK') return ['NOTIFY_HOST', 'LIST_ADDRESS', 'TRACE_BY_HAND'];
  if (placement === 'HIDDEN_SERVICE' || placement === 'PEER_TO_PEER') return ['REFER_POLICE', 'LIST_ADDRESS'];
  return ['TRACE_BY_HAND', 'LIST_ADDRESS'];
}
