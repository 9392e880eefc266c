export type TraceMethod = 'DNS' | 'ROUTING' | 'REGISTRATION' | 'PERSON';
export type HostPlacement = 'COUNTRY' | 'HIDDEN_SERVICE' | 'PEER_TO_PEER' | 'CONTENT_NETWORK' | 'UNKNOWN';

/** What one method found, or a person said in its place. */
export type Finding = { method: TraceMethod; placement: HostPlacement; country: string | null; at: Date };

/** Where the host is, all in all. `by` is the method that decides; null where none says anything. */
export type WhereHosted = {
  placement: HostPlacement;
  country: string | null;
  agreed: boolean;
  by: TraceMethod | null;
  at: Date | null;
};

/** Routing tells where an address is used, registration where its holder is; the name system tells of itself no country. */
const BY_AUTHORITY: readonly TraceMethod[] = ['PERSON', 'ROUTING', 'REGISTRATION', 'DNS'];
/** Places that have no country, which hide whatever country another method names. */
const WITHOUT_COUNTRY: readonly HostPlacement[] = ['HIDDEN_SERVICE', 'PEER_TO_PEER', 'CONTENT_NETWORK'];

/**
 * Where a host is by the latest word of each method (domain.md §7): a person overrules, then a place without a country, since
 * the others then see the network in front, then routing before registration. `agreed` is false where two of them contradict
 * each other. Findings may come in any order.
 */
export function whereHosted(findings: readonly Finding[]): WhereHosted {
  const saying = BY_AUTHORITY.flatMap((method) => latestOf(findings, method) ?? []).filter(
    ({ placement }) => placement !== 'UNKNOWN',
  );
  const person = saying.find(({ method }) => method === 'PERSON');
  const hidden = WITHOUT_COUNTRY.flatMap((place) => saying.find(({ placement }) => placement === place) ?? [])[0];
  const decides = person ?? hidden ?? saying[0];
  if (!decides) return { placement: 'UNKNOWN', country: null, agreed: true, by: null, at: null };
  const { method: by, placement, country, at } = decides;
  return { placement, country, agreed: saying.every((other) => agree(decides, other)), by, at };
}

function latestOf(findings: readonly Finding[], method: TraceMethod): Finding | undefined {
  return findings
    .filter((finding) => finding.method === method)
    .reduce<Finding | undefined>((latest, next) => (latest && latest.at > next.at ? latest : next), undefined);
}

// A country that a method names of a place that has none is the network's in front, and contradicts nothing.
function agree(decided: Finding, other: Finding): boolean {
  if (decided.placement === other.placement) return decided.country === other.country;
  return WITHOUT_COUNTRY.includes(decided.placement) && other.placement === 'COUNTRY' && decided.method !== 'PERSON';
}
