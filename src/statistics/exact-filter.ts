import { type Sql, sql } from '../db.ts';

type Some = readonly string[] | null | undefined;

/** Which reports are counted: those that are in every list that is given. */
export type ExactFiguresFilter = {
  countries?: Some;
  portals?: Some;
  sources?: Some;
  languages?: Some;
  standings?: Some;
  verdicts?: Some;
  reasons?: Some;
  severities?: Some;
  ages?: Some;
  sexes?: Some;
  forms?: Some;
  siteTypes?: Some;
  hosting?: Some;
  referrals?: Some;
  repeated?: boolean | null | undefined;
  contact?: boolean | null | undefined;
  listed?: boolean | null | undefined;
};

/** The conditions of a filter on a row `f` of `report_facts`; none where it leaves everything. */
export function conditionsOf(filter: ExactFiguresFilter): Sql[] {
  const portals =
    filter.portals && sql`f.portal_id IN (SELECT id FROM portals WHERE code = ANY (${[...filter.portals]}::text[]))`;
  return [
    filter.countries && sql`f.country = ANY (${[...filter.countries]}::char(2)[])`,
    portals,
    among(sql`f.source`, filter.sources),
    among(sql`f.language`, filter.languages),
    among(sql`f.standing`, filter.standings),
    among(sql`f.verdict`, filter.verdicts),
    among(sql`f.reason`, filter.reasons),
    among(sql`f.severity`, filter.severities),
    among(sql`f.age`, filter.ages),
    among(sql`f.sex`, filter.sexes),
    among(sql`f.form`, filter.forms),
    among(sql`f.site_type`, filter.siteTypes),
    among(sql`f.hosting`, filter.hosting),
    among(sql`f.referral`, filter.referrals),
    is(sql`f.repeated`, filter.repeated),
    is(sql`f.contact`, filter.contact),
    is(sql`f.listed`, filter.listed),
  ].filter((condition) => condition !== null && condition !== undefined);
}

/** A filter as the audit trail keeps it: what was asked for, never what came of it. */
export function filterWords(filter: ExactFiguresFilter): string[] {
  return Object.entries(filter)
    .filter(([, value]) => value !== null && value !== undefined)
    .map(([name, value]) => `${name}: ${[value].flat().join(' ')}`)
    .sort();
}

function among(column: Sql, values: Some): Sql | null {
  return values ? sql`${column}::text = ANY (${[...values]}::text[])` : null;
}

function is(column: Sql, value: boolean | null | undefined): Sql | null {
  return value === null || value === undefined ? null : sql`${column} = ${value}`;
}
