import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { KnownContact } from '../../src/domain/contact-match.ts';
import { routeWithRecipients } from '../../src/domain/route-recipients.ts';

const contact = (kind: KnownContact['kind'], name: string, more: Partial<KnownContact> = {}): KnownContact => ({
  kind,
  name,
  countries: [],
  domains: [],
  networks: [],
  member: false,
  ...more,
});
const registry = [
  contact('HOTLINE', 'Hotline NL', { countries: ['NL'], member: true }),
  contact('HOTLINE', 'No member BR', { countries: ['BR'] }),
  contact('POLICE', 'Agency GB', { countries: ['GB'], member: true }),
  contact('POLICE', 'Police GB', { countries: ['GB'] }),
  contact('POLICE', 'Police BR', { countries: ['BR'] }),
  contact('HOST', 'By network', { networks: [64500] }),
  contact('HOST', 'By domain', { domains: ['host.example'] }),
  contact('HOST', 'By name', { domains: ['www.host.example'] }),
  contact('HOST', 'Another', { domains: ['ahost.example'], networks: [64501] }),
];
const facts = { host: 'www.host.example', networks: [64500], registrar: null, registrarContacts: [] };
const way = (place: string, contacts = registry, about = facts) => {
  const country = /^[A-Z]{2}$/.test(place) ? place : null;
  const placement = (country ? 'COUNTRY' : place) as 'COUNTRY';
  return routeWithRecipients({ placement, country }, about, 'GB', contacts);
};
const names = (place: string, contacts = registry, about = facts) =>
  way(place, contacts, about).recipients.map(({ kind, contact }) => `${kind} ${contact?.name ?? 'missing'}`);

describe('the way of a confirmed case (domain.md §8)', () => {
  it.each([
    ['GB', 'OWN_COUNTRY', 'GB', false, ['REFER_POLICE', 'NOTIFY_HOST']],
    ['NL', 'MEMBER_HOTLINE', 'NL', true, ['REFER_HOTLINE', 'LIST_ADDRESS']],
    ['BR', 'NATIONAL_CRIME_AGENCY', 'GB', true, ['REFER_POLICE', 'LIST_ADDRESS']],
    ['HIDDEN_SERVICE', 'NO_COUNTRY', null, true, ['REFER_POLICE', 'LIST_ADDRESS']],
    ['PEER_TO_PEER', 'NO_COUNTRY', null, true, ['REFER_POLICE', 'LIST_ADDRESS']],
    ['CONTENT_NETWORK', 'NO_COUNTRY', null, true, ['NOTIFY_HOST', 'LIST_ADDRESS', 'TRACE_BY_HAND']],
    ['UNKNOWN', 'NO_COUNTRY', null, true, ['TRACE_BY_HAND', 'LIST_ADDRESS']],
  ])('of one at %s is %s', (place, route, responsible, urlList, steps) => {
    expect(way(place)).toMatchObject({ route, responsible, urlList, steps });
  });

  it('leads to the police and then the host, to the member hotline, or to the national crime agency', () => {
    expect(names('GB')).toEqual(['POLICE Agency GB', 'HOST By name']);
    expect(names('NL')).toEqual(['HOTLINE Hotline NL']);
    expect(names('BR')).toEqual(['POLICE Agency GB']);
    expect(names('HIDDEN_SERVICE')).toEqual(['POLICE Agency GB']);
    expect(names('UNKNOWN')).toEqual([]);
  });

  it('knows a host by its very name, then by its domain, then by its network, and never by a likeness', () => {
    const without = (name: string) => registry.filter((one) => one.name !== name);
    expect(names('CONTENT_NETWORK', without('By name'))).toEqual(['HOST By domain']);
    expect(names('CONTENT_NETWORK', registry, { ...facts, host: 'other.example' })).toEqual(['HOST By network']);
    expect(names('CONTENT_NETWORK', registry, { ...facts, host: 'xhost.example', networks: [] })).toEqual([
      'HOST missing',
    ]);
  });

  it('names whoever is missing from the registry, whatever the place', () => {
    expect(names('GB', [])).toEqual(['POLICE missing', 'HOST missing']);
    expect(names('NL', [])).toEqual(['POLICE missing']);
    fc.assert(
      fc.property(
        fc.constantFrom('GB', 'NL', 'BR', 'HIDDEN_SERVICE', 'PEER_TO_PEER', 'CONTENT_NETWORK', 'UNKNOWN'),
        fc.subarray(registry),
        (place, contacts) => {
          const { steps, recipients, urlList, responsible, route } = way(place, contacts);
          const told = steps.filter((step) => /^(REFER|NOTIFY)/.test(step));
          expect(recipients.length).toBeGreaterThanOrEqual(told.length);
          expect(urlList).toBe(place !== 'GB');
          expect(responsible === null).toBe(route === 'NO_COUNTRY');
        },
      ),
    );
  });
});
