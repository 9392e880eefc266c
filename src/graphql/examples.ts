/** One operation to try, as the account whose subject it names (null for a stranger). */
type Example = { account: string | null; query: string; variables?: object };

/** The code of the demonstration's first report, which follows from its idempotency key and the secret of development. */
export const DEMONSTRATION_ACCESS_CODE = '2848 2292 4125 9969';

const monthBefore = (now: Date, count: number) =>
  new Date(Date.UTC(now.getUTCFullYear(), now.getUTCMonth() - count)).toISOString().slice(0, 7);
const dayAfter = (now: Date, days: number) =>
  new Date(now.getTime() + days * 24 * 60 * 60 * 1000).toISOString().slice(0, 10);

/**
 * Operations ready to run in GraphiQL as they are, for each role: the main job in order, on the demonstration's first case, then
 * what the others read.
 */
export const examples = (now: Date): readonly Example[] => [
  {
    account: null,
    query: `# Anyone: report an address. Keep the access code.
mutation Report($input: SubmitReportInput!) {
  submitReport(input: $input) {
    __typename
    ... on ReportReceipt { accessCode receivedOn reports { reference address } }
    ... on InvalidInputError { issues { path code message } }
  }
}`,
    variables: {
      input: { portal: 'ke', address: 'hxxps://site[.]example/page?id=1', details: { category: 'UNSURE' } },
    },
  },
  {
    account: null,
    query: `# Anyone with an access code: follow a report. This one is of the demonstration.
query Follow($accessCode: String!) {
  reportStatus(accessCode: $accessCode) { receivedOn stage outcome }
}`,
    variables: { accessCode: DEMONSTRATION_ACCESS_CODE },
  },
  {
    account: 'analyst',
    query: `# An analyst: take the next case.
mutation Next {
  claimNextCase {
    __typename
    ... on Case {
      number version state priority defangedAddress reportCount allowedEvents
      reports(first: 3) { edges { node { reference receivedAt portal { code } note } } }
    }
    ... on Error { code message }
  }
}`,
  },
  {
    account: 'analyst',
    query: `# The same analyst: the first opinion, on the case of highest priority in a new demonstration.
# For another case, put in its number and version.
mutation Assess($input: AssessCaseInput!) {
  assessCase(input: $input) {
    __typename
    ... on Case { number version state allowedEvents }
    ... on InvalidInputError { issues { path code message } }
    ... on Error { code message }
  }
}`,
    variables: {
      input: {
        case: 'C-000001',
        version: 1,
        assessment: { verdict: 'NOT_ACTIONABLE', reason: 'OFF_REMIT', requestReview: true },
      },
    },
  },
  {
    account: 'analyst2',
    query: `# A second analyst: the queue. First opinions stay hidden until the second is in.
query Queue {
  cases(first: 10, filter: { states: [AWAITING_ASSESSMENT, AWAITING_REVIEW] }) {
    edges { node { number state priority defangedAddress reportCount portalCount claim { by { name } leaseUntil } } }
    pageInfo { hasNextPage endCursor }
  }
}`,
  },
  {
    account: 'supervisor',
    query: `# A supervisor: who did what on a case.
query Trail {
  auditTrail(first: 20) {
    edges { node { at actor operation action stream detail } }
    pageInfo { hasNextPage endCursor }
  }
}`,
  },
  {
    account: 'supervisor',
    query: `# The same supervisor: exact figures by any filter. They stay in the hotline, and this look is on record.
query Exact($from: YearMonth!, $to: YearMonth!, $filter: ExactFiguresFilter) {
  exactFigures(from: $from, to: $to, filter: $filter) {
    total { reports assessed actionable breakdowns { by cells { label count } } speeds { until base medianHours } }
    hosts { defangedDomain reports cases actionable }
    backlog { state age cases }
  }
}`,
    variables: { from: monthBefore(now, 3), to: monthBefore(now, 0), filter: { countries: ['KE'] } },
  },
  {
    account: 'partner-ke',
    query: `# A partner: the published figures of its country.
query Figures($country: CountryCode!, $from: YearMonth!, $to: YearMonth!) {
  countryStatistics(country: $country, from: $from, to: $to) {
    country asOf
    months {
      month edition publishedOn correction
      reports { display } assessed { display } actionable { display } rates { of display }
      breakdowns { by hidden cells { label figure { display } } }
      speeds { until medianHours ninetiethHours }
    }
    provisional { display }
    definitions { term text }
  }
}`,
    variables: { country: 'KE', from: monthBefore(now, 3), to: monthBefore(now, 1) },
  },
  {
    account: 'partner-ke',
    query: `# The same partner: a key for a tool of its own. It reads the same figures, also as /statistics/KE.csv, .xlsx and .json.
mutation Key($input: CreateOwnKeyInput!) {
  createOwnKey(input: $input) {
    __typename
    ... on CreatedOwnKey { secret key { id prefix expiresOn } }
    ... on InvalidInputError { issues { path code message } }
  }
}`,
    variables: { input: { label: 'Our charts', expiresOn: dayAfter(now, 90) } },
  },
  {
    account: 'partner-ke',
    query: `# The same partner: the newest month on its own site, until a day.
mutation Embed($input: CreateEmbedInput!) {
  createEmbed(input: $input) {
    __typename
    ... on Embed { id url html }
    ... on InvalidInputError { issues { path code message } }
  }
}`,
    variables: { input: { country: 'KE', origin: 'https://ministry.example', expiresOn: dayAfter(now, 90) } },
  },
  {
    account: 'funder',
    query: `# A funder: its countries together, as sums of published figures.
query Group($from: YearMonth!, $to: YearMonth!) {
  groupStatistics(from: $from, to: $to) {
    name countries
    months { month edition reports { display } actionable { display } breakdowns { by cells { label figure { display } } } }
  }
}`,
    variables: { from: monthBefore(now, 3), to: monthBefore(now, 1) },
  },
  {
    account: 'industry',
    query: `# An industry partner's machine: what changed on the URL list.
query List { urlList(first: 100) { changes { change address changedOn } cursor more } }`,
  },
  {
    account: 'admin',
    query: `# An administrator: accounts and their keys.
query Accounts {
  accounts { id subject name role disabledAt partner { name kind countries } apiKeys { label prefix lastUsedOn } }
}`,
  },
];
