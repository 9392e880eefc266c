import { domainToUnicode } from 'node:url';
import { getDomain } from 'tldts';
import { lookAlikeOf } from '../domain/look-alike.ts';

/** What is kept of a host beside it, to group and to warn by. */
type HostNames = { registrableDomain: string | null; lookAlike: string | null };

/** The registrable domain of a canonical host, and the plain name that it is made to look like; both null for no host. */
export function namesOfHost(host: string | null): HostNames {
  if (host === null) return { registrableDomain: null, lookAlike: null };
  return { registrableDomain: registrableDomain(host), lookAlike: lookAlikeOf(unicodeHost(host) ?? host) };
}

/**
 * The part of a canonical host that somebody registered (publicsuffix.org, as in the installed tldts); null for an IP address,
 * a single word and a public suffix itself.
 *
 * The list's private section counts too: abuse is grouped by who answers for a page, and each customer of a blog or file host
 * that the section names (`one.blogs.example`) is a registrant of their own. The page of such a host itself is its owner's.
 */
export function registrableDomain(host: string): string | null {
  const options = { extractHostname: false, validateHostname: false };
  return (
    getDomain(host, { ...options, allowPrivateDomains: true }) ??
    getDomain(host, { ...options, allowPrivateDomains: false })
  );
}

/** Whether a registrable domain is one under which customers register names of their own, as the list's private section says. */
export function isShared(domain: string): boolean {
  return getDomain(domain, { extractHostname: false, validateHostname: false, allowPrivateDomains: true }) !== domain;
}

/** A canonical host in the letters that people read, or null where it has no international name (`xn--`) in it. */
export function unicodeHost(host: string): string | null {
  if (!/(?:^|\.)xn--/.test(host)) return null;
  const unicode = domainToUnicode(host);
  return unicode === '' || unicode === host ? null : unicode;
}
