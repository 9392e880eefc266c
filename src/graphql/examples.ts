/** One operation to try, as the account whose subject it names (null for a stranger). */
type Example = { account: string | null; query: string; variables?: object };

/** Operations ready to run in GraphiQL, for each role: the main job in order, then what the others read. */
export const examples: readonly Example[] = [
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
    query: `# Anyone with an access code: follow a report.
query Follow($accessCode: String!) {
  reportStatus(accessCode: $accessCode) { receivedOn stage outcome }
}`,
    variables: { accessCode: '0000 0000 0000 0000' },
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
    query: `# An analyst: the first opinion. Fill in the number and version of your case.
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
    account: 'partner-ke',
    query: `# A partner: the published figures of its country.
query Figures($country: CountryCode!, $from: YearMonth!, $to: YearMonth!) {
  countryStatistics(country: $country, from: $from, to: $to) {
    country asOf
    months {
      month edition
      reports { display } assessed { display } actionable { display }
      breakdowns { by cells { label figure { display } } }
    }
    provisional { display }
    definitions { term text }
  }
}`,
    variables: { country: 'KE', from: '2026-01', to: '2026-12' },
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
