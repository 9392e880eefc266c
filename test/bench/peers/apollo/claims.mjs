import { v7 as uuidv7 } from 'uuid';
import { refuse } from '../sign-in.mjs';
import { recordOf } from './record.mjs';

const LEASE_MS = 30 * 60 * 1000;
const MOST = 3;
const ATTEMPTS = 20;
const held = () => ({ endedAt: null, leaseUntil: { gt: new Date() } });

/** Hands out the case of highest priority that waits for somebody, to nobody else at the same time. */
export function claimNext(prisma, viewer) {
  return prisma.$transaction(async (tx) => {
    await tx.$queryRaw`SELECT 1 FROM accounts WHERE id = ${viewer.id}::uuid FOR NO KEY UPDATE`;
    if ((await tx.claim.count({ where: { accountId: viewer.id, ...held() } })) >= MOST) return refuse('CLAIM_LIMIT');
    const caseId = await takeNext(tx, viewer);
    const found = await tx.case.findUniqueOrThrow({ where: { id: caseId } });
    await recordOf(tx, viewer, 'claimNextCase', { stream: `case:${found.number}`, action: 'CLAIM' });
    return found;
  });
}

/** Gives a case back that somebody holds. */
export function giveBack(prisma, number, viewer) {
  return prisma.$transaction(async (tx) => {
    const found = await tx.case.findUnique({ where: { number } });
    if (!found) return refuse('NOT_FOUND');
    const { count } = await tx.claim.updateMany({
      where: { caseId: found.id, accountId: viewer.id, ...held() },
      data: { endedAt: new Date() },
    });
    if (count === 0) return refuse('NOT_CLAIMED');
    await recordOf(tx, viewer, 'releaseCase', { stream: `case:${number}`, action: 'RELEASE' });
    return found;
  });
}

async function takeNext(tx, viewer) {
  for (let attempt = 0; attempt < ATTEMPTS; attempt += 1) {
    const [next] = await nextFree(tx, viewer);
    if (!next) break;
    const [taken] = await tx.$queryRaw`
      INSERT INTO claims (id, case_id, account_id, claimed_at, lease_until)
      VALUES (${uuidv7()}::uuid, ${next.id}::uuid, ${viewer.id}::uuid, ${new Date()}, ${new Date(Date.now() + LEASE_MS)})
      ON CONFLICT (case_id) WHERE ended_at IS NULL DO NOTHING RETURNING case_id`;
    if (taken) return next.id;
    await tx.$executeRaw`
      UPDATE claims SET ended_at = greatest(claimed_at, lease_until) WHERE case_id = ${next.id}::uuid AND ended_at IS NULL AND lease_until <= now()`;
  }
  return refuse('QUEUE_EMPTY');
}

// Prisma has no word for SKIP LOCKED.
function nextFree(tx, { id }) {
  return tx.$queryRaw`
    WITH waiting AS MATERIALIZED (
      SELECT n.* FROM unnest('{AWAITING_ASSESSMENT,AWAITING_REVIEW,AWAITING_ACTION}'::"CaseState"[]) s(state), LATERAL (
        SELECT c.id, c.version, c.priority FROM cases c
        WHERE c.state = s.state AND c.report_count > 0 AND NOT c.categories && (SELECT avoids FROM accounts WHERE id = ${id}::uuid)
          AND (c.handed_to_id IS NULL OR c.handed_until <= now() OR c.handed_to_id = ${id}::uuid)
          AND NOT EXISTS (SELECT FROM claims k WHERE k.case_id = c.id AND k.ended_at IS NULL AND k.lease_until > now())
          AND NOT (c.state = 'AWAITING_REVIEW' AND EXISTS (SELECT FROM assessments a WHERE a.case_id = c.id AND a.assessor_id = ${id}::uuid))
        ORDER BY c.priority DESC, c.id LIMIT 64) n
      ORDER BY n.priority DESC, n.id LIMIT 64
    )
    SELECT c.id FROM cases c JOIN waiting w ON w.id = c.id AND w.version = c.version
    ORDER BY c.priority DESC, c.id LIMIT 1 FOR UPDATE OF c SKIP LOCKED`;
}
