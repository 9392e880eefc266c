/** The regions of the world, in the order in which lists show them. */
export const REGIONS = ['AFRICA', 'AMERICAS', 'ASIA', 'EUROPE', 'OCEANIA'] as const;
export type Region = (typeof REGIONS)[number];

// Every code of ISO 3166-1 alpha-2 in its region by the United Nations' M49 (https://unstats.un.org/unsd/methodology/m49/). M49 does
// not list Taiwan (TW) by itself: it stands with its neighbours. Antarctica (AQ) has no region there, and nobody to run a portal.
const countries: Record<Region, string> = {
  AFRICA:
    'AO BF BI BJ BW CD CF CG CI CM CV DJ DZ EG EH ER ET GA GH GM GN GQ GW IO KE KM LR LS LY MA MG ML MR MU MW MZ NA NE NG ' +
    'RE RW SC SD SH SL SN SO SS ST SZ TD TF TG TN TZ UG YT ZA ZM ZW',
  AMERICAS:
    'AG AI AR AW BB BL BM BO BQ BR BS BV BZ CA CL CO CR CU CW DM DO EC FK GD GF GL GP GS GT GY HN HT JM KN KY LC MF MQ MS ' +
    'MX NI PA PE PM PR PY SR SV SX TC TT US UY VC VE VG VI',
  ASIA:
    'AE AF AM AZ BD BH BN BT CN CY GE HK ID IL IN IQ IR JO JP KG KH KP KR KW KZ LA LB LK MM MN MO MV MY NP OM PH PK PS QA ' +
    'SA SG SY TH TJ TL TM TR TW UZ VN YE',
  EUROPE:
    'AD AL AT AX BA BE BG BY CH CZ DE DK EE ES FI FO FR GB GG GI GR HR HU IE IM IS IT JE LI LT LU LV MC MD ME MK MT NL NO ' +
    'PL PT RO RS RU SE SI SJ SK SM UA VA',
  OCEANIA: 'AS AU CC CK CX FJ FM GU HM KI MH MP NC NF NR NU NZ PF PG PN PW SB TK TO TV UM VU WF WS',
};

const regions = new Map(
  REGIONS.flatMap((region) => countries[region].split(' ').map((code) => [code, region] as const)),
);

/** Every code of ISO 3166-1 alpha-2, Antarctica's too, in the order of the alphabet. */
export const countryCodes: readonly string[] = [...regions.keys(), 'AQ'].sort();

/** The region of a country (ISO 3166-1 alpha-2, capitals); null for a code that stands for none. */
export function regionOf(country: string): Region | null {
  return regions.get(country) ?? null;
}
