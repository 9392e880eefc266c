import type { PartnerScope, Viewer } from '../account/viewer.ts';

/** Whether somebody may read a country's published figures: partners those of their agreement, once it has begun; staff all. */
export function coversCountry({ role, partner }: Viewer, country: string, now: Date): boolean {
  if (role !== 'PARTNER') return true;
  return partner !== null && partner.agreementFrom <= now && partner.countries.includes(country);
}

/** Whether a partner may read a group's figures (null for its own): a funder its own and no other, once its agreement has begun. */
export function coversGroup(partner: PartnerScope, group: string | null, now: Date): boolean {
  return partner.kind === 'FUNDER' && partner.agreementFrom <= now && (group === null || group === partner.id);
}
