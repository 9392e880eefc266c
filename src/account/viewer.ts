import type { AccountRole, PartnerKind } from '../generated/prisma/enums.ts';

/** What a partner's account may reach, by its agreement. */
export type PartnerScope = {
  id: string;
  kind: PartnerKind;
  countries: string[];
  urlListAccess: boolean;
  agreementFrom: Date;
  agreementUntil: Date | null;
};

/** Whether a partner's agreement has begun and not ended; its last day counts whole, in UTC. */
export function agreementInForce({ agreementFrom, agreementUntil }: PartnerScope, now: Date): boolean {
  const today = new Date(now.toISOString().slice(0, 10));
  return agreementFrom <= today && (agreementUntil === null || today <= agreementUntil);
}

/** Who is asking: a person or machine that signed in. */
export type Viewer = {
  id: string;
  name: string;
  role: AccountRole;
  inTraining: boolean;
  partner: PartnerScope | null;
  /** How far the published figures were when the account was read, for whoever may read them: two alike, and nothing has changed between. */
  figuresVersion?: string | null;
  /** Whether a machine signed in, by a key of the account. */
  byKey?: boolean;
};

/** By whom and for what a use case runs: what its audit entry says. A viewer of null is a stranger. */
export type By = { viewer: Viewer | null; operation: string };
export type BySignedIn = By & { viewer: Viewer };

/** What the platform does by itself (a job, a command). */
export type BySystem = { system: true; operation: string };

/** The actor as the audit trail names it: `account:<id>`, `stranger` or `system`. */
export function actorOf(by: By | BySystem): string {
  if ('system' in by) return 'system';
  return by.viewer ? `account:${by.viewer.id}` : 'stranger';
}
