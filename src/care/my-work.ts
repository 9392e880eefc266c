import { prisma } from '../db.ts';

/** What somebody did in a period, for their own eyes. */
export type MyWork = {
  casesHeld: number;
  minutes: number;
  firstOpinions: number;
  secondOpinions: number;
  rulings: number;
  traces: number;
  actions: number;
  observations: number;
  notes: number;
  breaks: number;
};

/** Counts an account's own work from `from` until before `until`, in one statement; a claim counts for its minutes within. */
export async function myWork(accountId: string, from: Date, until: Date, now: Date): Promise<MyWork> {
  const end = until < now ? until : now;
  const [counted] = await prisma.$queryRaw<MyWork[]>`
    SELECT held.*, opinions.*,
      (SELECT count(*)::int FROM host_traces WHERE recorded_by_id = who.id AND at >= ${from} AND at < ${until}) AS traces,
      (SELECT count(*)::int FROM actions WHERE sent_by_id = who.id AND queued_at >= ${from} AND queued_at < ${until}) AS actions,
      (SELECT count(*)::int FROM observations WHERE observed_by_id = who.id AND at >= ${from} AND at < ${until}) AS observations,
      (SELECT count(*)::int FROM case_notes WHERE author_id = who.id AND at >= ${from} AND at < ${until}) AS notes,
      (SELECT count(*)::int FROM breaks WHERE account_id = who.id AND started_at >= ${from} AND started_at < ${until}) AS breaks
    FROM (SELECT ${accountId}::uuid AS id) who,
    LATERAL (
      SELECT count(*) FILTER (WHERE round = 'FIRST')::int AS "firstOpinions",
             count(*) FILTER (WHERE round = 'SECOND')::int AS "secondOpinions",
             count(*) FILTER (WHERE round = 'RULING')::int AS rulings
      FROM assessments WHERE assessor_id = who.id AND at >= ${from} AND at < ${until}
    ) opinions,
    LATERAL (
      SELECT count(DISTINCT case_id)::int AS "casesHeld",
             coalesce((SELECT sum(extract(epoch FROM upper(s) - lower(s))) FROM unnest(range_agg(span)) s) / 60, 0)::float8 AS minutes
      FROM (
        SELECT case_id, tstzrange(greatest(claimed_at, ${from}), least(coalesce(ended_at, lease_until), ${end})) AS span
        FROM claims WHERE account_id = who.id AND claimed_at < ${end} AND coalesce(ended_at, lease_until) > ${from}
      ) spans
    ) held`;
  if (!counted) throw new Error('A count has one row.');
  return counted;
}
