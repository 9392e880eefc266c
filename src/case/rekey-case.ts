import { createHash } from 'node:crypto';
import type { BySystem } from '../account/viewer.ts';
import { type Recorder, recorded } from '../audit/recorded.ts';
import { prisma, type Tx, violatedUnique } from '../db.ts';
import { ADDRESS_RULES_VERSION } from '../domain/address.ts';
import type { AddressKind, CaseState } from '../generated/prisma/enums.ts';
import { recountCases } from './recount-cases.ts';
import { reopenReportedCases } from './reopen-reported-cases.ts';

/** An address as the present rules read it: `digest` is the SHA-256 of the key. */
export type NewAddress = {
  key: string;
  digest: Uint8Array<ArrayBuffer>;
  kind: AddressKind;
  host: string | null;
  registrableDomain: string | null;
  lookAlike: string | null;
};

/** What became of a case, for the tally, and in words that name cases only. */
export type Outcome = { done: 'rekeyed' | 'joined' | 'left'; text: string };

type Facts = { id: string; number: string; state: CaseState; listed: boolean; stateSince: Date; worked: boolean };
type Plan =
  | { done: 'rekeyed'; self: Facts }
  | { done: 'joined'; from: Facts; into: Facts; self: Facts }
  | { done: 'left'; self: Facts; text: string };

/**
 * Gives a case its new key. Where another case has that key, the reports of the one that nobody has worked on move to the
 * other, and the emptied case stays, without any. Where both were worked on, or the URL list names the old address, nothing
 * is changed: a person decides. Null where there is nothing to do.
 */
export async function rekeyCase(
  by: BySystem,
  id: string,
  address: NewAddress,
  now: Date,
  dryRun: boolean,
): Promise<Outcome | null> {
  const planned = await plan(prisma, id, address);
  if (planned === null || dryRun || planned.done === 'left') return planned && outcomeOf(planned);
  try {
    return await recorded(by, async (recorder) => {
      // In the order in which submissions lock cases, so that nobody waits in a circle.
      await recorder.tx.$queryRaw`
        SELECT id FROM cases WHERE id = ${id}::uuid OR address_digest = ${address.digest} ORDER BY address_digest FOR UPDATE`;
      const settled = await plan(recorder.tx, id, address);
      if (settled === null || settled.done === 'left') {
        recorder.note({ stream: `case:${planned.self.number}`, action: 'REKEY', detail: { changed: false } });
        return settled && outcomeOf(settled);
      }
      if (settled.done === 'joined') await join(recorder, settled.from, settled.into, now);
      if (settled.done === 'rekeyed' || settled.into === settled.self) await setKey(recorder, settled.self, address);
      return outcomeOf(settled);
    });
  } catch (error) {
    // Somebody reported the new key in between: now there is a case to join.
    if (violatedUnique(error) === null) throw error;
    return rekeyCase(by, id, address, now, dryRun);
  }
}

async function plan(tx: Tx, id: string, { key, digest }: NewAddress): Promise<Plan | null> {
  const cases = await tx.$queryRaw<(Facts & { address: string; empty: boolean })[]>`
    SELECT c.id, c.number, c.address, c.state::text, c.listed, c.state_since AS "stateSince",
           NOT EXISTS (SELECT FROM reports WHERE case_id = c.id) AS empty,
           c.state <> 'AWAITING_ASSESSMENT' OR c.episode_number > 1
             OR EXISTS (SELECT FROM claims WHERE case_id = c.id)
             OR EXISTS (SELECT FROM assessments WHERE case_id = c.id)
             OR EXISTS (SELECT FROM host_traces WHERE case_id = c.id)
             OR EXISTS (SELECT FROM observations WHERE case_id = c.id)
             OR EXISTS (SELECT FROM case_notes WHERE case_id = c.id) AS worked
    FROM cases c WHERE c.id = ${id}::uuid OR c.address_digest = ${digest}`;
  const self = cases.find((row) => row.id === id);
  const other = cases.find((row) => row.id !== id);
  if (!self || self.empty || self.address === key) return null;

  if (!other && !self.listed) return { done: 'rekeyed', self };
  if (other && !self.worked) return { done: 'joined', from: self, into: other, self };
  if (self.listed) return { done: 'left', self, text: 'is on the URL list under its old key: a person decides.' };
  if (other && !other.worked) return { done: 'joined', from: other, into: self, self };
  return { done: 'left', self, text: `and ${other?.number} are one, and both were worked on: a person decides.` };
}

function outcomeOf(planned: Plan): Outcome {
  if (planned.done === 'left') return planned;
  if (planned.done === 'rekeyed') return { done: 'rekeyed', text: 'has a new key.' };
  const { self, from, into } = planned;
  return { done: 'joined', text: from === self ? `joins ${into.number}.` : `takes in ${from.number}.` };
}

async function setKey({ tx, note, later }: Recorder, self: Facts, address: NewAddress): Promise<void> {
  const { key, digest, kind, host, registrableDomain, lookAlike } = address;
  await tx.case.update({
    where: { id: self.id },
    data: {
      address: key,
      addressDigest: digest,
      addressKind: kind,
      addressRulesVersion: ADDRESS_RULES_VERSION,
      host,
      registrableDomain,
      lookAlike,
      version: { increment: 1 },
    },
  });
  note({ stream: `case:${self.number}`, action: 'REKEY', detail: { rules: ADDRESS_RULES_VERSION } });
  later({ task: 'prioritise-case', payload: { caseId: self.id }, key: `prioritise:${self.id}` });
}

async function join(recorder: Recorder, from: Facts, into: Facts, now: Date): Promise<void> {
  const { tx, note, later } = recorder;
  const again = await tx.report.findFirst({
    where: { caseId: from.id, standing: 'COUNTED', receivedAt: { gt: into.stateSince } },
    orderBy: { receivedAt: 'asc' },
  });
  const { count } = await tx.report.updateMany({
    where: { caseId: from.id },
    data: { caseId: into.id },
  });
  // No address has this digest: no later report can fall into the emptied case.
  const nobodys = createHash('sha256').update(from.number).digest();
  await tx.case.update({ where: { id: from.id }, data: { addressDigest: nobodys } });
  await recountCases(tx, [from.id, into.id]);

  note({ stream: `case:${into.number}`, action: 'REKEY', subjects: [from.number], detail: { reports: count } });
  note({ stream: `case:${from.number}`, action: 'REKEY', subjects: [into.number], detail: { movedTo: into.number } });
  later({ task: 'prioritise-case', payload: { caseId: into.id }, key: `prioritise:${into.id}` });
  // What was reported after the other had ended would have opened it again.
  if (again) await reopenReportedCases(recorder, [{ ...into, reportedAt: again.receivedAt }], now);
}
