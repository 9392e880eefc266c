/** Who a report comes from; ANALYST is found proactively, MEMBER is industry by API. */
export const reportSources = ['PUBLIC', 'POLICE', 'MEMBER', 'HOTLINE', 'ANALYST', 'OTHER'] as const;
export type ReportSource = (typeof reportSources)[number];

export type PriorityFacts = {
  /** A reporter says that a child is in danger now. */
  readonly inDanger: boolean;
  /** Reports of this case in this episode. */
  readonly reports: number;
  /** Different portals that they came through. */
  readonly portals: number;
  readonly oldestReportHours: number;
  /** Earlier cases on the same host that were actionable. */
  readonly actionableCasesOnHost: number;
  readonly sources: ReadonlySet<ReportSource>;
};

/**
 * Points of each fact. They add up to 1000, and two inequalities are the promise: danger is worth more than all else
 * together (501 > 499), and a police source more than any flood, even one sent by a partner (200 > 80 + 40 + 40).
 */
const points = { danger: 501, reports: 80, portals: 40, age: 110, host: 69 } as const;

/** The most trusted source counts, once; so a second report from the public takes nothing away. */
const sourcePoints: Record<ReportSource, number> = {
  POLICE: 200,
  HOTLINE: 40,
  MEMBER: 40,
  ANALYST: 20,
  PUBLIC: 0,
  OTHER: 0,
};

/** The amount of each fact that brings half of its points; each further one brings less than the one before. */
const halfway = { reports: 10, portals: 3, ageHours: 72, host: 5 } as const;

/** A case's place in the queue, a whole number from 0 to 1000, highest first; it never falls when a fact grows. */
export function casePriority(facts: PriorityFacts): number {
  const sum =
    (facts.inDanger ? points.danger : 0) +
    Math.max(0, ...Array.from(facts.sources, (source) => sourcePoints[source])) +
    points.reports * diminishing(facts.reports - 1, halfway.reports) +
    points.portals * diminishing(facts.portals - 1, halfway.portals) +
    points.age * diminishing(facts.oldestReportHours, halfway.ageHours) +
    points.host * diminishing(facts.actionableCasesOnHost, halfway.host);
  return Math.round(sum);
}

/** From 0 at nothing through a half at `half` towards 1, with ever smaller steps. */
function diminishing(amount: number, half: number): number {
  return amount > 0 ? 1 - half / (amount + half) : 0;
}
