import { GraphQLError } from 'graphql';
import { BadCredentialsError } from '../account/authenticate.ts';
import { IssuerUnavailableError } from '../account/verify-token.ts';
import type { Viewer } from '../account/viewer.ts';

/** Who sends a request. Throws a `BadCredentialsError` for credentials that let nobody in. */
export type Authenticate = (authorization: string | null, now: Date) => Promise<Viewer | null>;

/** Who sends a request, by its Authorization header. Throws a `GraphQLError` with the status of the answer. */
export async function signIn(
  authenticate: Authenticate,
  authorization: string | null,
  now: Date,
): Promise<Viewer | null> {
  try {
    return await authenticate(authorization, now);
  } catch (error) {
    if (error instanceof BadCredentialsError) {
      throw new GraphQLError(error.message, {
        extensions: { code: 'UNAUTHENTICATED', http: { status: 401, headers: { 'www-authenticate': 'Bearer' } } },
      });
    }
    if (error instanceof IssuerUnavailableError) {
      throw new GraphQLError('The sign-in service does not answer. Try again in a minute.', {
        extensions: { code: 'IDENTITY_UNAVAILABLE', http: { status: 503 } },
      });
    }
    throw error;
  }
}
