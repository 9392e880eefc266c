import { fileURLToPath } from 'node:url';
import { v7 as uuidv7 } from 'uuid';
import { demonstrationAccounts } from '../src/account/demonstration-accounts.ts';
import type { BySystem } from '../src/account/viewer.ts';
import { recorded } from '../src/audit/recorded.ts';
import type { Tx } from '../src/db.ts';
import type { Prisma } from '../src/generated/prisma/client.ts';
import { lineOfFault, readPortalFiles } from '../src/portal/portal-files.ts';

const by: BySystem = { system: true, operation: 'seed' };

/** Makes the demonstration's accounts and portals and no report, in an empty database. */
export function seedAccountsAndPortals(): Promise<void> {
  const data = demonstrationPortals();
  return recorded(by, async ({ tx, note }) => {
    note({ stream: 'seed', action: 'SEED' });
    await makeAccounts(tx);
    await tx.portal.createMany({ data });
  });
}

// Fictional portals of real countries: their partners and help lines are invented, under reserved names.
function demonstrationPortals(): Prisma.PortalCreateManyInput[] {
  const { portals, faults } = readPortalFiles([fileURLToPath(new URL('./portals', import.meta.url))]);
  if (faults.length > 0) throw new Error(faults.map(lineOfFault).join('\n'));
  return portals.map(({ portal: { stage, ...portal } }) => ({ id: uuidv7(), ...portal, ...(stage && { stage }) }));
}

async function makeAccounts(tx: Tx): Promise<void> {
  for (const { subject, name, role, partner } of demonstrationAccounts) {
    const partnerId = partner ? uuidv7() : null;
    if (partner && partnerId)
      await tx.partner.create({ data: { id: partnerId, ...partner, agreementFrom: new Date('2020-01-01') } });
    await tx.account.create({ data: { id: uuidv7(), subject, name, role, partnerId } });
  }
}
