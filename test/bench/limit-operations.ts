import {
  type Ask,
  addressToReport,
  caseOf,
  type Operation,
  type Operations,
  portalOf,
  type Setting,
  spanAsNeverBefore,
  spanOf,
  type Turn,
} from './contender.ts';

const asked = (path: string, body: object = {}): Ask => ({ path, body: JSON.stringify(body) });
const analyst = ({ analystIds }: Setting, { client }: Turn) => analystIds[client % analystIds.length];
const OF: Record<string, string> = { reports: 'REPORTS', actionable: 'ACTIONABLE', notActionable: 'NOT_ACTIONABLE' };
const whole = ([answer]: unknown[]) => answer;

/** How the limit is asked: who asks is simply said. */
export const operations: Operations = {
  submit: {
    asks: [
      (setting, turn) => asked('/submit', { portal: portalOf(setting, turn), address: addressToReport(setting, turn) }),
    ],
    must: ['"accessCode"', '"proof"'],
    read: whole,
  },
  figures: figuresOfSpan(spanOf),
  figuresFirst: figuresOfSpan(spanAsNeverBefore),
  queue: {
    asks: [(setting, turn) => asked('/queue', { by: analyst(setting, turn), after: setting.after })],
    must: ['"assessments"'],
    read: ([{ cases }]) => ({ cases: { edges: cases.map(caseOfQueue) } }),
  },
  case: {
    asks: [(setting, turn) => asked('/case', { by: analyst(setting, turn), number: caseOf(setting, turn) })],
    must: ['"clocks"'],
    read: whole,
  },
  claim: {
    asks: [
      (setting, turn) => asked('/claim', { by: analyst(setting, turn) }),
      (setting, turn) =>
        asked('/release', { by: analyst(setting, turn), number: turn.answers[0].claimNextCase.number }),
    ],
    must: ['"number"'],
    read: ([claimed, given]) => ({ ...claimed, ...given }),
  },
  empty: { asks: [() => asked('/empty')], must: ['Query'], read: whole },
};

function figuresOfSpan(span: typeof spanOf): Operation {
  return {
    asks: [(setting, turn) => asked('/figures', { country: setting.country, ...span(setting, turn) })],
    must: ['"breakdowns"'],
    read: ([answer]) => ({ countryStatistics: figuresOf(answer) }),
  };
}

// The limit gives what is stored. Only the names differ, and the total of the running month is still to be rounded.
// biome-ignore lint/suspicious/noExplicitAny: an answer in a form of its own.
function figuresOf({ running, months, ...statistics }: any): unknown {
  const provisional =
    running < 10 ? { value: null, hidden: true } : { value: Math.round(running / 5) * 5, hidden: false };
  // biome-ignore lint/suspicious/noExplicitAny: as above.
  const named = months.map(({ figures: { breakdowns, speeds, ...totals }, ...month }: any) => ({
    ...month,
    ...totals,
    breakdowns: breakdowns.map((table: { of: string }) => ({ ...table, of: OF[table.of] })),
    speeds: speeds.map(
      ({ measure: until, median: medianHours, ninetieth: ninetiethHours }: Record<string, unknown>) => ({
        until,
        medianHours,
        ninetiethHours,
      }),
    ),
  }));
  return { ...statistics, provisional, months: named };
}

// biome-ignore lint/suspicious/noExplicitAny: an answer in a form of its own.
function caseOfQueue({ cursor, reports, assessments, claim, ...found }: any): unknown {
  const node = {
    ...found,
    reports: {
      edges: (reports ?? []).map(({ code, name, ...report }: Record<string, unknown>) => ({
        node: { ...report, portal: { code, name } },
      })),
    },
    assessments: (assessments ?? []).map(({ name, ...opinion }: Record<string, unknown>) => ({
      ...opinion,
      assessor: { name },
    })),
    claim: claim && { claimedAt: claim.claimedAt, leaseUntil: claim.leaseUntil, by: { name: claim.name } },
  };
  return { cursor, node };
}
