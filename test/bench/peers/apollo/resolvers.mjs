import { GraphQLScalarType } from 'graphql';
import { analyst, readerOf } from '../sign-in.mjs';
import * as words from '../words.mjs';
import { claimNext, giveBack } from './claims.mjs';
import { fileReport } from './file-report.mjs';
import { recordOf } from './record.mjs';

const NAME = { select: { id: true, name: true } };
const DETAILS = { language: true, category: true, foundOn: true, howFound: true, inDanger: true };

// What each part of a case asks of Prisma: everything in one statement, by relation joins.
const claims = () => ({
  where: { endedAt: null, leaseUntil: { gt: new Date() } },
  take: 1,
  include: { account: NAME },
});
const assessments = { orderBy: [{ at: 'asc' }, { id: 'asc' }], omit: { note: true }, include: { assessor: NAME } };
const reports = (first) => ({
  orderBy: [{ receivedAt: 'desc' }, { id: 'desc' }],
  take: first + 1,
  include: { portal: { select: { code: true, name: true, country: true } }, submission: { select: DETAILS } },
});

/** The resolvers of the schema. Who may ask what is decided at the root. */
export function resolversOf(prisma) {
  return {
    DateTime: new GraphQLScalarType({ name: 'DateTime', serialize: (time) => time.toISOString() }),
    Query: {
      countryStatistics: (_root, args, { viewer }) => countryStatistics(prisma, args, viewer),
      cases: (_root, args, { viewer }, info) => cases(prisma, args, analyst(viewer), reportsAsked(info)),
      case: (_root, args, { viewer }, info) => oneCase(prisma, args, analyst(viewer), reportsAsked(info)),
    },
    Mutation: {
      submitReport: (_root, { input }) => fileReport(prisma, input),
      claimNextCase: (_root, _args, { viewer }) => claimNext(prisma, analyst(viewer)),
      releaseCase: (_root, { number }, { viewer }) => giveBack(prisma, number, analyst(viewer)),
    },
    Case: {
      defangedAddress: ({ address }) => words.defang(address),
      portalCount: ({ portalIds }) => portalIds.length,
      episode: ({ episodeNumber }) => episodeNumber,
      claim: ({ claims: [held] }) => held ?? null,
      reports: ({ reports }, { first }) => pageOf(reports, first),
      assessments: ({ state, assessments }, _args, { viewer }) => words.visibleOpinions(state, assessments, viewer),
      clocks: ({ episodes }) => episodes,
    },
    CaseReport: {
      language: ({ submission }) => submission.language,
      category: ({ submission }) => submission.category,
      foundOn: ({ submission }) => submission.foundOn,
      howFound: ({ submission }) => submission.howFound,
      inDanger: ({ submission }) => submission.inDanger === true,
    },
    Claim: { by: ({ account }) => account },
    EpisodeClock: { episode: ({ number }) => number },
  };
}

async function countryStatistics(prisma, { country, from, to }, viewer) {
  readerOf(viewer, country);
  const [editions, [{ running }]] = await Promise.all([
    prisma.statisticsEdition.findMany({
      where: { country, month: { gte: new Date(`${from}-01`), lte: new Date(`${to}-01`) } },
      orderBy: [{ month: 'asc' }, { edition: 'desc' }],
      omit: { heldBack: true },
    }),
    prisma.$queryRaw`
      SELECT coalesce(sum(d.count), 0)::int AS running FROM daily_intake d JOIN portals p ON p.id = d.portal_id
      WHERE d.country = ${country} AND d.day >= current_date - 32 AND d.day >= date_trunc('month', now() AT TIME ZONE p.time_zone)::date
        AND d.day < (now() AT TIME ZONE p.time_zone)::date`,
  ]);
  const months = monthsOf(editions);
  const days = months.map(({ publishedOn }) => publishedOn).sort();
  return {
    country,
    asOf: days.at(-1) ?? words.dayOf(new Date()),
    edition: Math.max(0, ...months.map(({ edition }) => edition)),
    months,
    provisional: words.protectCount(running),
  };
}

/** The newest edition of each month, with the notes of those before it. */
function monthsOf(editions) {
  const months = new Map();
  for (const { month, edition, publishedAt, definitionsVersion, figures, reason: correction } of editions) {
    const name = words.dayOf(month).slice(0, 7);
    const newest = months.get(name);
    if (newest) newest.earlier.unshift({ edition, publishedOn: publishedAt, correction });
    else
      months.set(name, {
        month: name,
        edition,
        publishedOn: publishedAt,
        definitionsVersion,
        correction,
        figures,
        earlier: [],
      });
  }
  return [...months.values()].map(words.monthOf);
}

async function cases(prisma, { first, after }, viewer, reportsOfEach) {
  const { priority, id } = words.placeOf(after);
  const from = after
    ? { priority: { lte: priority }, OR: [{ priority: { lt: priority } }, { priority, id: { gt: id } }] }
    : {};
  const rows = await prisma.case.findMany({
    where: { reportCount: { gt: 0 }, ...from },
    orderBy: [{ priority: 'desc' }, { id: 'asc' }],
    take: first + 1,
    include: { assessments, claims: claims(), reports: reports(reportsOfEach) },
    relationLoadStrategy: 'join',
  });
  const page = pageOf(rows, first, words.cursorOf);
  await recordOf(prisma, viewer, 'cases', {
    stream: `account:${viewer.id}`,
    action: 'LIST_CASES',
    subjects: page.edges.map(({ node }) => node.number),
  });
  return page;
}

async function oneCase(prisma, { number }, viewer, reportsOfEach) {
  const found = await prisma.case.findUnique({
    where: { number },
    include: {
      assessments,
      claims: claims(),
      reports: reports(reportsOfEach),
      traces: { orderBy: { at: 'asc' }, omit: { answer: true }, include: { recordedBy: NAME } },
      actions: { orderBy: { queuedAt: 'asc' }, include: { sentBy: NAME } },
      observations: { orderBy: { at: 'asc' }, include: { observedBy: NAME } },
      episodes: { orderBy: { number: 'asc' } },
    },
    relationLoadStrategy: 'join',
  });
  if (found) await recordOf(prisma, viewer, 'case', { stream: `case:${number}`, action: 'READ', subjects: [] });
  return found;
}

/** How many reports of each case a query asks for: they are read together with the cases. */
function reportsAsked({ fieldNodes, fragments, variableValues }) {
  const [field] = fieldsOf(fieldNodes, fragments).filter(({ name }) => name.value === 'reports');
  const given = field?.arguments.find(({ name }) => name.value === 'first')?.value;
  return Number(given?.kind === 'Variable' ? variableValues[given.name.value] : (given?.value ?? 10));
}

function fieldsOf(nodes, fragments) {
  return nodes.flatMap((node) => {
    const parts = (node.kind === 'FragmentSpread' ? fragments[node.name.value] : node).selectionSet?.selections ?? [];
    return [...(node.kind === 'Field' ? [node] : []), ...fieldsOf(parts, fragments)];
  });
}

function pageOf(rows, first, cursor = ({ id }) => Buffer.from(id).toString('base64url')) {
  const edges = rows.slice(0, first).map((node) => ({ cursor: cursor(node), node }));
  return { edges, pageInfo: { hasNextPage: rows.length > first, endCursor: edges.at(-1)?.cursor ?? null } };
}
