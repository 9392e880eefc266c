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
} from '../../contender.ts';

// The names are those that PostGraphile gives: of tables their own, of what setup.sql adds with its schema before them.
const CASE = `number state priority address defangedAddress host reportCount portalIds firstReportedAt lastReportedAt version inDanger categories
  peerPostgraphileLeasesByCaseId { nodes { accountByAccountId { name } claimedAt leaseUntil } }`;
const submit = `mutation Submit($portal: String!, $address: String!) {
  peerPostgraphileSubmitReport(input: { portal: $portal, address: $address }) { result { accessCode receivedOn reference address } } }`;
const figures = `query Figures($country: String!, $from: String!, $to: String!) { countryStatistics(country: $country, from: $from, to: $to) {
  country asOf edition provisional { value hidden }
  months { month edition publishedOn definitionsVersion correction
    reports { value hidden } assessed { value hidden } actionable { value hidden }
    breakdowns { by of hidden cells { key figure { value hidden } } }
    speeds { until medianHours ninetiethHours } } } }`;
const queue = `query Queue($priority: Int, $id: UUID) { peerPostgraphileQueue(size: 50, afterPriority: $priority, afterId: $id, first: 50) { edges { cursor node { ${CASE}
  reportsByCaseId(first: 3, orderBy: [RECEIVED_AT_DESC, ROW_ID_DESC]) { edges { node { reference receivedAt country source portalByPortalId { code name } } } }
  peerPostgraphileOpinionsByCaseId(orderBy: [AT_ASC, ROW_ID_ASC]) { nodes { round verdict severity at accountByAssessorId { name } } }
} } pageInfo { hasNextPage endCursor } } }`;
const oneCase = `query Case($number: String!) { peerPostgraphileOneCase(number: $number) { ${CASE}
  outcome addressKind registrableDomain episodeNumber listed siteTypes reportingCountries
  reportsByCaseId(first: 50, orderBy: [RECEIVED_AT_DESC, ROW_ID_DESC]) { edges { node { reference receivedAt country source standing addressAsTyped
    submissionBySubmissionId { language } portalByPortalId { code name country } } } }
  peerPostgraphileOpinionsByCaseId(orderBy: [AT_ASC, ROW_ID_ASC]) { nodes { round verdict reason severity youngestAge sex form siteType jurisdiction at
    accountByAssessorId { name } } }
  hostTracesByCaseId(orderBy: AT_ASC) { nodes { method tool placement country at } }
  actionsByCaseId(orderBy: QUEUED_AT_ASC) { nodes { kind recipient queuedAt sentAt accountBySentById { name } } }
  observationsByCaseId(orderBy: AT_ASC) { nodes { seen movedTo at accountByObservedById { name } } }
  episodesByCaseId(orderBy: NUMBER_ASC) { nodes { number firstReported assessed traced policeTold hostTold firstSeenGone } } } }`;
const claim = 'mutation ClaimNext { peerPostgraphileClaimNextCase(input: {}) { result { number } } }';
const release =
  'mutation Release($number: String!) { peerPostgraphileReleaseCase(input: { number: $number }) { result { number } } }';

const ask = (query: string, variables: object, token?: string): Ask => ({
  path: '/graphql',
  ...(token ? { headers: { authorization: `Bearer ${token}` } } : {}),
  body: JSON.stringify({ query, variables }),
});
const analyst = ({ analysts }: Setting, { client }: Turn) => analysts[client % analysts.length];

function place(after: string | null): { priority: number; id: string } | object {
  if (!after) return {};
  const [priority, id] = Buffer.from(after, 'base64url').toString().split(' ');
  return { priority: Number(priority), id };
}

// biome-ignore lint/suspicious/noExplicitAny: it takes parsed JSON apart.
type Json = any;

const by = (row: Json, relation: string, name: string) => {
  const { [relation]: account, ...rest } = row;
  return { ...rest, [name]: account };
};

function readReport({ node: { portalByPortalId: portal, submissionBySubmissionId: submission, ...report } }: Json) {
  return { node: { ...report, portal, ...(submission ? { language: submission.language } : {}) } };
}

function readCase(row: Json): Json {
  const { portalIds, peerPostgraphileLeasesByCaseId: leases, reportsByCaseId: reports, ...rest } = row;
  const { peerPostgraphileOpinionsByCaseId: opinions, ...facts } = rest;
  return {
    ...facts,
    portalCount: portalIds.length,
    reports: { edges: reports.edges.map(readReport) },
    assessments: opinions.nodes.map((opinion: Json) => by(opinion, 'accountByAssessorId', 'assessor')),
    claim: leases.nodes.map((lease: Json) => by(lease, 'accountByAccountId', 'by'))[0] ?? null,
  };
}

function readWholeCase(row: Json): Json {
  const { hostTracesByCaseId, actionsByCaseId, observationsByCaseId, episodesByCaseId, episodeNumber, ...rest } = row;
  return {
    ...readCase(rest),
    episode: episodeNumber,
    traces: hostTracesByCaseId.nodes,
    actions: actionsByCaseId.nodes.map((action: Json) => by(action, 'accountBySentById', 'sentBy')),
    observations: observationsByCaseId.nodes.map((seen: Json) => by(seen, 'accountByObservedById', 'observedBy')),
    clocks: episodesByCaseId.nodes.map(({ number, ...times }: Json) => ({ episode: number, ...times })),
  };
}

export const operations: Operations = {
  submit: {
    asks: [
      (setting, turn) => ask(submit, { portal: portalOf(setting, turn), address: addressToReport(setting, turn) }),
    ],
    must: ['"accessCode"'],
    read: ([{ data }]) => {
      const { accessCode, receivedOn, ...report } = data.peerPostgraphileSubmitReport.result;
      return { submitReport: { accessCode, receivedOn, reports: [report] } };
    },
  },
  figures: figuresOf(spanOf),
  figuresFirst: figuresOf(spanAsNeverBefore),
  queue: {
    asks: [(setting, turn) => ask(queue, place(setting.after), analyst(setting, turn))],
    must: ['"accountByAssessorId"'],
    read: ([{ data }]) => {
      const { edges, pageInfo } = data.peerPostgraphileQueue;
      return { cases: { edges: edges.map(({ cursor, node }: Json) => ({ cursor, node: readCase(node) })), pageInfo } };
    },
  },
  case: {
    asks: [(setting, turn) => ask(oneCase, { number: caseOf(setting, turn) }, analyst(setting, turn))],
    must: ['"episodesByCaseId"'],
    read: ([{ data }]) => ({ case: data.peerPostgraphileOneCase && readWholeCase(data.peerPostgraphileOneCase) }),
  },
  claim: {
    asks: [
      (setting, turn) => ask(claim, {}, analyst(setting, turn)),
      (setting, turn) =>
        ask(
          release,
          { number: turn.answers[0].data.peerPostgraphileClaimNextCase.result.number },
          analyst(setting, turn),
        ),
    ],
    must: ['"number"'],
    read: ([claimed, given]) => ({
      claimNextCase: claimed.data.peerPostgraphileClaimNextCase.result,
      releaseCase: given.data.peerPostgraphileReleaseCase.result,
    }),
  },
  empty: { asks: [() => ask('{ __typename }', {})], must: ['Query'], read: ([{ data }]) => data },
};

function figuresOf(span: typeof spanOf): Operation {
  return {
    asks: [(setting, turn) => ask(figures, { country: setting.country, ...span(setting, turn) }, setting.partner)],
    must: ['"breakdowns"'],
    read: ([{ data }]) => data,
  };
}
