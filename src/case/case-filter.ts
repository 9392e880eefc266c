import { z } from 'zod';
import type { Viewer } from '../account/viewer.ts';
import { allOf, type Sql, sql } from '../db.ts';
import { CaseState, SiteType } from '../generated/prisma/enums.ts';
import { optional } from '../read-input.ts';
import { claimableStates, isFreeFor, isHanded, statesOf } from './waiting-for.ts';

/** Which cases somebody looks for; what is null does not matter. Kept as JSON in a saved filter. */
export const caseFilter = z.object({
  states: optional(z.array(z.enum(CaseState))),
  portal: optional(z.string()),
  host: optional(z.string()),
  registrableDomain: optional(z.string()),
  siteTypes: optional(z.array(z.enum(SiteType))),
  reportingCountry: optional(z.string()),
  hostingCountry: optional(z.string()),
  minPriority: optional(z.int()),
  inDanger: optional(z.boolean()),
  listed: optional(z.boolean()),
  reportedBefore: optional(z.coerce.date()),
  reportedAfter: optional(z.coerce.date()),
  due: optional(z.boolean()),
  quarantined: optional(z.boolean()),
  mine: optional(z.boolean()),
  waitingForMe: optional(z.boolean()),
  handedToMe: optional(z.boolean()),
});
export type GivenCaseFilter = z.input<typeof caseFilter>;
export type CaseFilter = z.output<typeof caseFilter>;

type Condition<Asked> = (asked: Asked, viewer: Viewer, now: Date) => Sql;

const conditions: { [Part in keyof CaseFilter]: Condition<NonNullable<CaseFilter[Part]>> } = {
  states: (states) => sql`c.state = ANY (${states}::"CaseState"[])`,
  portal: (code) => sql`c.portal_ids @> ARRAY[(SELECT id FROM portals WHERE code = ${code.toLowerCase()})]`,
  host: (host) => sql`c.host = ${host.toLowerCase()}`,
  registrableDomain: (domain) => sql`c.registrable_domain = ${domain.toLowerCase()}`,
  siteTypes: (types) => sql`c.site_types && ${types}::"SiteType"[]`,
  reportingCountry: (country) => sql`${country} = ANY (c.reporting_countries)`,
  hostingCountry: (country) => sql`c.hosting_country = ${country}`,
  minPriority: (least) => sql`c.priority >= ${least}`,
  inDanger: (inDanger) => sql`c.in_danger = ${inDanger}`,
  listed: (listed) => sql`c.listed = ${listed}`,
  reportedBefore: (time) => sql`c.first_reported_at < ${time}`,
  reportedAfter: (time) => sql`c.first_reported_at >= ${time}`,
  due: (due, _viewer, now) => onlyIf(due, sql`c.next_check_at <= ${now}`),
  quarantined: (quarantined) => onlyIf(quarantined, isQuarantined),
  mine: (mine, viewer) => onlyIf(mine, isHeldBy(viewer)),
  waitingForMe: (waiting, viewer) => onlyIf(waiting, couldBeHandedTo(viewer)),
  handedToMe: (handed, { id }) => onlyIf(handed, sql`c.handed_to_id = ${id}::uuid AND ${isHanded}`),
};

/**
 * The condition on a case `c` that a filter asks for, without joins that would read a case's reports. A case of which no report
 * counts is in nobody's queue: only those who ask for quarantined ones see it.
 */
export function matches(filter: GivenCaseFilter, viewer: Viewer, now: Date): Sql {
  const asked = Object.entries(filter).filter(([, value]) => value !== null && value !== undefined);
  const counted = filter.quarantined ? [] : [sql`c.report_count > 0`];
  return allOf([
    ...counted,
    ...asked.map(([part, value]) => (conditions[part as keyof CaseFilter] as Condition<unknown>)(value, viewer, now)),
  ]);
}

function onlyIf(asked: boolean, condition: Sql): Sql {
  return asked ? condition : sql`true`;
}

// Such a case has priority 0, which bounds the index.
const isQuarantined = sql`c.report_count = 0 AND c.priority = 0
  AND EXISTS (SELECT FROM reports r WHERE r.case_id = c.id AND r.standing = 'QUARANTINED')`;

function isHeldBy({ id }: Viewer): Sql {
  return sql`c.id IN (SELECT case_id FROM claims WHERE account_id = ${id}::uuid AND ended_at IS NULL AND lease_until > now())`;
}

function couldBeHandedTo(viewer: Viewer): Sql {
  return sql`${isFreeFor(viewer)} AND CASE WHEN ${isHanded}
    THEN c.handed_to_id = ${viewer.id}::uuid AND c.state = ANY (${claimableStates(viewer)}::"CaseState"[])
    ELSE c.state = ANY (${statesOf(viewer)}::"CaseState"[]) END`;
}
