/** For how long a browser remembers the answer to a preflight, in seconds: as long as Chromium lets it. */
const PREFLIGHT_SECONDS = 7_200;

/**
 * The answer to a browser that asks whether a page of this registered origin may call /graphql (a CORS preflight): by POST, with
 * a content type, and with neither cookies nor a token.
 */
export function preflightAnswer(origin: string): Response {
  const headers = {
    'access-control-allow-methods': 'POST',
    'access-control-allow-headers': 'content-type',
    'access-control-max-age': String(PREFLIGHT_SECONDS),
  };
  return readableFrom(origin, new Response(null, { status: 204, headers }));
}

/** The same answer, for a page of this registered origin to read, and for no cache to give to another. */
export function readableFrom(origin: string, { body, status, headers: given }: Response): Response {
  const headers = new Headers(given);
  headers.set('access-control-allow-origin', origin);
  headers.append('vary', 'origin');
  return new Response(body, { status, headers });
}
