import { sql } from '../db.ts';
import type { PartnerScope, Viewer } from './viewer.ts';

type StoredPartner = Omit<PartnerScope, 'agreementFrom' | 'agreementUntil'> & {
  agreementFrom: string;
  agreementUntil: string | null;
};

/** Who an account is, and whether it may still sign in. */
export type SigningIn = Omit<Viewer, 'byKey'> & { disabledAt: Date | null };
/** The columns of `accountColumns` as they come. */
export type FoundAccount = Omit<SigningIn, 'partner' | 'figuresVersion'> & {
  partner: StoredPartner | null;
  figuresVersion: string | null;
};

/** What is read of an account `a` and its partner `p` before every request of whoever signs in, so by statements of our own. */
export const accountColumns = sql`
  a.id, a.name, a.role::text AS role, a.in_training AS "inTraining", a.disabled_at AS "disabledAt",
  CASE WHEN p.id IS NOT NULL THEN json_build_object(
    'id', p.id, 'kind', p.kind, 'countries', p.countries, 'urlListAccess', p.url_list_access,
    'agreementFrom', p.agreement_from, 'agreementUntil', p.agreement_until) END AS partner,
  CASE WHEN p.id IS NOT NULL THEN figures_version() END AS "figuresVersion"`;

/** An account as it was found. */
export function accountOf({
  id,
  name,
  role,
  inTraining,
  disabledAt,
  partner,
  figuresVersion,
}: FoundAccount): SigningIn {
  return { id, name, role, inTraining, disabledAt, partner: partner && scopeOf(partner), figuresVersion };
}

function scopeOf(stored: StoredPartner): PartnerScope {
  const { id, kind, countries, urlListAccess, agreementFrom, agreementUntil } = stored;
  return {
    id,
    kind,
    countries,
    urlListAccess,
    agreementFrom: new Date(agreementFrom),
    agreementUntil: agreementUntil === null ? null : new Date(agreementUntil),
  };
}
