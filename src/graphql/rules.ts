import { GraphQLError } from 'graphql';
import { agreementInForce, type Viewer } from '../account/viewer.ts';
import type { Context } from './context.ts';
import { rule } from './shield.ts';

// A rule says whether this role may ask, and reads nothing but the context. Which rows it may see is for the use cases.
function may(holds: (viewer: Viewer, now: Date) => boolean) {
  return rule({ cache: 'no_cache' })((_parent, _args, { viewer, now }: Context) => {
    if (!viewer) return new GraphQLError('Sign in first.', { extensions: { code: 'UNAUTHENTICATED' } });
    return (
      holds(viewer, now) || new GraphQLError('Your account may not do this.', { extensions: { code: 'FORBIDDEN' } })
    );
  });
}

/** Works on cases: analysts and supervisors. Administrators run accounts and portals and see no case. */
export const isAnalyst = may(({ role }) => role === 'ANALYST' || role === 'SUPERVISOR');

/** Rules on disputes. */
export const isSupervisor = may(({ role }) => role === 'SUPERVISOR');

/** Runs portals, partners and accounts. */
export const isAdministrator = may(({ role }) => role === 'ADMINISTRATOR');

/** Answers for the hotline: reads the audit trail and publishes figures. */
export const isSupervisorOrAdministrator = may(({ role }) => role === 'SUPERVISOR' || role === 'ADMINISTRATOR');

/** Looks whether content is still up: those who work on cases, and the hotline's tools, which see nothing else. */
export const isObserver = may(({ role }) => role === 'ANALYST' || role === 'SUPERVISOR' || role === 'TOOL');

/** Belongs to the hotline, in whatever role. */
export const isStaff = may(({ role }) => role !== 'PARTNER' && role !== 'TOOL');

/** Reads published figures: partners whose agreement names countries, and those who answer for the hotline. */
export const isStatisticsReader = may(({ role, partner }) =>
  partner ? partner.countries.length > 0 : role === 'SUPERVISOR' || role === 'ADMINISTRATOR',
);

/** Reads the figures of a group of countries: a funder its own, and those who answer for the hotline any. */
export const isGroupReader = may(({ role, partner }) =>
  partner
    ? partner.kind === 'FUNDER' && partner.countries.length > 0
    : role === 'SUPERVISOR' || role === 'ADMINISTRATOR',
);

/** Reads the URL list: industry partners whose agreement says so, while it is in force. */
export const isUrlListReader = may(
  ({ partner }, now) => partner?.kind === 'INDUSTRY' && partner.urlListAccess && agreementInForce(partner, now),
);

/** Reports in bulk: members of the kinds that find many addresses, while their agreement is in force, and those who work on cases. */
export const isBatchReporter = may(({ role, partner }, now) =>
  partner
    ? ['INDUSTRY', 'POLICE', 'CHARITY'].includes(partner.kind) && agreementInForce(partner, now)
    : role === 'ANALYST' || role === 'SUPERVISOR',
);

/** Takes published figures away for its own use: partners whose agreement names countries, while it is in force. */
export const isPartnerReader = may(
  ({ partner }, now) => partner !== null && partner.countries.length > 0 && agreementInForce(partner, now),
);

/** The same in person: what signs in with a key makes no further keys or pages. */
export const isPartnerPerson = may(
  ({ partner, byKey }, now) =>
    partner !== null && partner.countries.length > 0 && agreementInForce(partner, now) && byKey !== true,
);
