import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Finding, whereHosted } from '../../src/domain/where-hosted.ts';

const finding = (method: Finding['method'], place: string, hour = 1): Finding => ({
  method,
  placement: /^[A-Z]{2}$/.test(place) ? 'COUNTRY' : (place as Finding['placement']),
  country: /^[A-Z]{2}$/.test(place) ? place : null,
  at: new Date(hour * 3_600_000),
});
const said = (...findings: Finding[]) => {
  const { placement, country, agreed, by } = whereHosted(findings);
  return [country ?? placement, agreed, by];
};
const anyFinding = fc
  .tuple(
    fc.constantFrom<Finding['method']>('DNS', 'ROUTING', 'REGISTRATION', 'PERSON'),
    fc.constantFrom('NL', 'DE', 'UNKNOWN', 'CONTENT_NETWORK', 'HIDDEN_SERVICE'),
    fc.integer({ min: 0, max: 1000 }),
  )
  .map(([method, place, hour]) => finding(method, place, hour));
const severalFindings = fc.uniqueArray(anyFinding, { selector: ({ at }) => at.getTime() });

describe('where a host is', () => {
  it('is not known where no method says anything', () => {
    expect(said()).toEqual(['UNKNOWN', true, null]);
    expect(said(finding('DNS', 'UNKNOWN'), finding('ROUTING', 'UNKNOWN'))).toEqual(['UNKNOWN', true, null]);
  });

  it('is told by routing before registration, and shows where they differ', () => {
    expect(said(finding('REGISTRATION', 'GB'), finding('ROUTING', 'NL'))).toEqual(['NL', false, 'ROUTING']);
    expect(said(finding('REGISTRATION', 'NL'), finding('ROUTING', 'NL'))).toEqual(['NL', true, 'ROUTING']);
    expect(said(finding('REGISTRATION', 'GB'), finding('ROUTING', 'UNKNOWN'))).toEqual(['GB', true, 'REGISTRATION']);
  });

  it('is hidden by a content network, whatever country the others name', () => {
    const front = [finding('DNS', 'CONTENT_NETWORK'), finding('ROUTING', 'US'), finding('REGISTRATION', 'NL')];
    expect(said(...front)).toEqual(['CONTENT_NETWORK', true, 'DNS']);
  });

  it('is what a person says, who may contradict the methods', () => {
    expect(said(finding('PERSON', 'FR'), finding('ROUTING', 'NL', 2))).toEqual(['FR', false, 'PERSON']);
    expect(said(finding('PERSON', 'FR'), finding('DNS', 'CONTENT_NETWORK', 2))).toEqual(['FR', false, 'PERSON']);
  });

  it('is the latest word of each method', () => {
    expect(said(finding('ROUTING', 'NL', 2), finding('ROUTING', 'DE', 1))).toEqual(['NL', true, 'ROUTING']);
    expect(said(finding('ROUTING', 'NL', 1), finding('ROUTING', 'UNKNOWN', 2))).toEqual(['UNKNOWN', true, null]);
  });

  it('does not hang on the order of the findings, and has a country only where it is in one', () => {
    fc.assert(
      fc.property(severalFindings, fc.integer(), (findings, seed) => {
        const shuffled = findings.toSorted((a, b) => ((a.at.getTime() * seed) % 7) - ((b.at.getTime() * seed) % 7));
        expect(whereHosted(shuffled)).toEqual(whereHosted(findings));
        const { placement, country, by } = whereHosted(findings);
        expect(country !== null).toBe(placement === 'COUNTRY');
        expect(by === null).toBe(placement === 'UNKNOWN');
      }),
    );
  });
});
