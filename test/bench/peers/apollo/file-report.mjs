import { v7 as uuidv7 } from 'uuid';
import { refuse } from '../sign-in.mjs';
import { dayOf, newAccessCode, newReference, readAddress, sha256 } from '../words.mjs';
import { record } from './record.mjs';

/** Files a report in one transaction: its case, the submission, the audit entry and the job. */
export async function fileReport(prisma, { portal: code, address: typed }) {
  const portal = await prisma.portal.findUnique({
    where: { code },
    select: { id: true, country: true, stage: true, sandbox: true, defaultLanguage: true },
  });
  if (!portal || portal.sandbox || !['SOFT_LAUNCH', 'LIVE'].includes(portal.stage)) return refuse('BAD_USER_INPUT');
  const now = new Date();
  const reference = newReference();
  const accessCode = newAccessCode();

  await prisma.$transaction(async (tx) => {
    const filed = await fileCase(tx, portal, readAddress(typed), now);
    await tx.submission.create({
      data: {
        id: uuidv7(),
        portalId: portal.id,
        receivedAt: now,
        pastedText: typed,
        accessCodeHash: accessCode.hash,
        inputHash: sha256(typed),
        language: portal.defaultLanguage,
        reports: {
          create: {
            id: uuidv7(),
            reference,
            caseId: filed.id,
            portalId: portal.id,
            country: portal.country,
            source: 'PUBLIC',
            receivedAt: now,
            addressAsTyped: typed,
            repeated: filed.reportCount > 1,
          },
        },
      },
    });
    await tx.$queryRaw`SELECT 1 FROM graphile_worker.add_job('prioritise-case', ${JSON.stringify({ caseId: filed.id })}::json, job_key := ${`prioritise:${filed.id}`})`;
    await record(tx, 'stranger', 'submitReport', {
      stream: `case:${filed.number}`,
      action: 'REPORT',
      detail: { portal: code },
    });
  });
  return { accessCode: accessCode.code, receivedOn: dayOf(now), reports: [{ reference, address: typed }] };
}

// Prisma makes one INSERT … ON CONFLICT of such an upsert, which is what makes one case of many reports that arrive at once.
async function fileCase(tx, portal, { address, digest, host, domain }, now) {
  const filed = await tx.case.upsert({
    where: { addressDigest: digest },
    create: {
      id: uuidv7(),
      addressDigest: digest,
      address,
      addressKind: 'WEB',
      addressRulesVersion: 1,
      host,
      registrableDomain: domain,
      reportCount: 1,
      portalIds: [portal.id],
      firstReportedAt: now,
      lastReportedAt: now,
      stateSince: now,
      reportingCountries: portal.country ? [portal.country] : [],
    },
    update: { reportCount: { increment: 1 }, lastReportedAt: now },
    select: { id: true, number: true, reportCount: true, portalIds: true },
  });
  if (filed.reportCount === 1) {
    await tx.episode.create({ data: { id: uuidv7(), caseId: filed.id, number: 1, firstReported: now } });
  } else if (!filed.portalIds.includes(portal.id)) {
    await tx.case.update({ where: { id: filed.id }, data: { portalIds: { push: portal.id } }, select: { id: true } });
  }
  return filed;
}
