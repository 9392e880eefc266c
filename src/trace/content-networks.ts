/** A network that stands in front of a host and hides where it is: how it is known. */
type ContentNetwork = {
  name: string;
  /** Numbers of its autonomous systems, as routing and registries publish them. */
  networks: number[];
  /** How its names of networks begin in the registries. */
  registered?: RegExp;
  /** Registrable domains of the names that its customers' hosts are an alias of. */
  aliases: string[];
};

// Public facts: the autonomous systems by the networks' own entries in PeeringDB and the registries, the names by the networks'
// documentation for customers. Only networks that pass on what a customer keeps elsewhere; one that rents out machines has a place.
const contentNetworks: readonly ContentNetwork[] = [
  {
    name: 'Cloudflare',
    networks: [13335, 209242],
    registered: /^CLOUDFLARE/i,
    aliases: ['cloudflare.net', 'cloudflare.com', 'pacloudflare.com'],
  },
  {
    name: 'Akamai',
    networks: [20940, 16625, 16702, 12222, 32787, 21342],
    registered: /^AKAMAI/i,
    aliases: ['akamaiedge.net', 'akamai.net', 'edgekey.net', 'edgesuite.net', 'akamaized.net', 'akadns.net'],
  },
  { name: 'Fastly', networks: [54113], registered: /^SKYCA-3$|^FASTLY/i, aliases: ['fastly.net', 'fastlylb.net'] },
  { name: 'Amazon CloudFront', networks: [], registered: /^AMAZON-CF/i, aliases: ['cloudfront.net'] },
  { name: 'Azure Front Door', networks: [], aliases: ['azureedge.net', 'azurefd.net'] },
  { name: 'Imperva', networks: [19551], registered: /^INCAPSULA/i, aliases: ['incapdns.net', 'impervadns.net'] },
  { name: 'Sucuri', networks: [30148], registered: /^SUCURI/i, aliases: ['sucuri.net'] },
  { name: 'CDN77', networks: [60068], registered: /^CDN77/i, aliases: ['cdn77.net', 'cdn77.org'] },
  { name: 'Bunny', networks: [200325], aliases: ['b-cdn.net'] },
  { name: 'Gcore', networks: [], aliases: ['gcdn.co'] },
  { name: 'DDoS-Guard', networks: [57724], registered: /^DDOS-GUARD/i, aliases: ['ddos-guard.net'] },
  { name: 'Qrator', networks: [197068, 200449], registered: /^QRATOR/i, aliases: ['qrator.net'] },
];

/** The content network that a host is behind, by what a method found; null for none. */
export function contentNetworkOf({
  networks = [],
  networkName = null,
  aliases = [],
}: {
  networks?: readonly number[];
  networkName?: string | null;
  aliases?: readonly string[];
}): string | null {
  const under = (alias: string, domain: string) => alias === domain || alias.endsWith(`.${domain}`);
  const found = contentNetworks.find(
    (one) =>
      one.networks.some((number) => networks.includes(number)) ||
      (networkName !== null && one.registered?.test(networkName)) ||
      one.aliases.some((domain) => aliases.some((alias) => under(alias, domain))),
  );
  return found?.name ?? null;
}
