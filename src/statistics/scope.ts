import type { Viewer } from '../account/viewer.ts';

/** Whether somebody may read a country's published figures: partners those of their agreement, once it has begun; staff all. */
export function coversCountry({ role, partner }: Viewer, country: string, now: Date): boolean {
  if (role !== 'PARTNER') return true;
  return partner !== null && partner.agreementFrom <= now && partner.countries.includes(country);
}
