/**
 * Countries and territories (ISO 3166-1 alpha-2) of fewer than 100,000 inhabitants, and those without any that stay: mid-2024 by the United
 * Nations' World Population Prospects 2024 (https://population.un.org/wpp/), and for those that it does not list by their own
 * statistical offices. Of so few people a table of details may point at one, even where no count in it is small.
 */
const smallTerritories: ReadonlySet<string> = new Set(
  (
    'AD AG AI AQ AS AX BL BM BQ BV CC CK CX DM FK FO GF GG GI GL GS HM IM IO ' +
    'KN KY LI MC MF MH MP MS NF NR NU PM PN PW SH SJ SM SX TC TF TK TV UM VA VG VI WF'
  ).split(' '),
);

/** Whether fewer than 100,000 people live there, so that only totals are published of it. */
export function isSmallTerritory(country: string): boolean {
  return smallTerritories.has(country);
}
