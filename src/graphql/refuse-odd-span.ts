import { GraphQLError } from 'graphql';

const MOST_MONTHS = 120;

/** Refuses to read from a month to one before it, or more than ten years at once. Throws a BAD_USER_INPUT error. */
export function refuseOddSpan(from: Date, to: Date): void {
  const months = (to.getUTCFullYear() - from.getUTCFullYear()) * 12 + to.getUTCMonth() - from.getUTCMonth() + 1;
  if (months >= 1 && months <= MOST_MONTHS) return;
  throw new GraphQLError(`Ask for 1 to ${MOST_MONTHS} months: "to" is not before "from".`, {
    extensions: { code: 'BAD_USER_INPUT' },
  });
}
