/**
 * What the platform is asked, operation by operation, and so what everybody answers. *Case* asks for all that is recorded of a case;
 * not for sealed words, which Postgres cannot read, nor for what the platform works out (the route, the sentences of its history).
 */
export const documents = {
  submit: `mutation Submit($input: SubmitReportInput!) { submitReport(input: $input) { __typename
  ... on ReportReceipt { accessCode receivedOn reports { reference address } proof } ... on Error { code } } }`,

  figures: `query Figures($country: CountryCode!, $from: YearMonth!, $to: YearMonth!) { countryStatistics(country: $country, from: $from, to: $to) {
  country asOf edition provisional { value hidden }
  months { month edition publishedOn definitionsVersion correction
    reports { value hidden } assessed { value hidden } actionable { value hidden }
    breakdowns { by of hidden cells { key figure { value hidden } } }
    speeds { until medianHours ninetiethHours } } } }`,

  queue: `query Queue($after: String) { cases(first: 50, after: $after) { edges { cursor node {
  number state priority address defangedAddress host reportCount portalCount firstReportedAt lastReportedAt version inDanger categories
  reports(first: 3) { edges { node { reference receivedAt country source portal { code name } } } }
  assessments { round verdict severity at assessor { name } }
  claim { by { name } claimedAt leaseUntil } } } pageInfo { hasNextPage endCursor } } }`,

  case: `query Case($number: String!) { case(number: $number) {
  number state outcome priority address defangedAddress addressKind host registrableDomain reportCount portalCount version episode
  firstReportedAt lastReportedAt listed inDanger categories siteTypes reportingCountries
  reports(first: 50) { edges { node { reference receivedAt country source standing addressAsTyped language portal { code name country } } } }
  assessments { round verdict reason severity youngestAge sex form siteType jurisdiction at assessor { name } }
  traces { method tool placement country at }
  actions { kind recipient queuedAt sentAt sentBy { name } }
  observations { seen movedTo at observedBy { name } }
  clocks { episode firstReported assessed traced policeTold hostTold firstSeenGone }
  claim { by { name } claimedAt leaseUntil } } }`,

  claim: 'mutation ClaimNext { claimNextCase { __typename ... on Case { number } ... on Error { code } } }',
  release:
    'mutation Release($number: String!) { releaseCase(number: $number) { __typename ... on Case { number } ... on Error { code } } }',

  empty: '{ __typename }',
} as const;
