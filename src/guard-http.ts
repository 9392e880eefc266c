import { preflightAnswer, readableFrom } from './cross-origin.ts';

/** The largest request body at /graphql, in bytes. */
export const maxBodyBytes = 64 * 1024;

/** What `guardHttp` needs to know of the site. */
export interface HttpPolicy {
  /** The origins that our own pages have, as `https://hotline.example`. */
  origins: readonly string[];
  /** Whether a portal has registered this other origin: its pages may call too, but only as strangers. */
  isRegistered?: (origin: string) => Promise<boolean>;
  /** Lets the GraphiQL page through. */
  development: boolean;
}

interface Refusal {
  status: 400 | 403 | 405 | 413 | 415;
  code: string;
  message: string;
  allow?: string;
}

type Serve<Rest extends unknown[]> = (request: Request, ...rest: Rest) => Response | Promise<Response>;

/**
 * Wraps a GraphQL server's `fetch` so that only a POST of one JSON object, in UTF-8, within `maxBodyBytes` and from no
 * foreign page but one of a registered origin reaches it, without U+0000. Everything else is answered with a GraphQL error
 * body and a status of 400, 403, 405, 413 or 415.
 */
export function guardHttp<Rest extends unknown[]>(serve: Serve<Rest>, policy: HttpPolicy): Serve<Rest> {
  return async (request, ...rest) => {
    if (policy.development && isPageVisit(request)) return framedByNobody(await serve(request, ...rest));
    const origin = await registeredOrigin(request, policy);
    if (!origin) return answer(isForeign(request.headers, policy.origins) ? crossSite : null, request, ...rest);
    if (request.method === 'OPTIONS') return preflightAnswer(origin);
    return readableFrom(origin, await answer(withCredentials(request), request, ...rest));
  };

  async function answer(unwelcome: Refusal | null, request: Request, ...rest: Rest): Promise<Response> {
    const early = refusalOfHead(request, unwelcome);
    if (early) return refused(request, early);

    const body = await readWithin(request, maxBodyBytes);
    if (!body) return refused(request, tooLarge);
    const late = refusalOfBody(body);
    if (late) return refused(request, late);

    const { url, method, headers, signal } = request;
    return serve(new Request(url, { method, headers, body: withoutNul(body), signal }), ...rest);
  }
}

// The other origin whose page sends this request, where a portal has registered it.
async function registeredOrigin({ headers }: Request, policy: HttpPolicy): Promise<string | null> {
  const origin = headers.get('origin');
  if (origin === null || policy.origins.includes(origin)) return null;
  return (await policy.isRegistered?.(origin)) ? origin : null;
}

function isPageVisit({ method, headers }: Request): boolean {
  return method === 'GET' && (headers.get('accept') ?? '').includes('text/html');
}

// GraphiQL has inline scripts, which the policy for everything else forbids.
async function framedByNobody(page: Response): Promise<Response> {
  const headers = new Headers(page.headers);
  headers.set('content-security-policy', "frame-ancestors 'none'");
  return new Response(page.body, { status: page.status, headers });
}

function refusalOfHead({ method, headers }: Request, unwelcome: Refusal | null): Refusal | null {
  if (method !== 'POST') return onlyPost;
  if (unwelcome) return unwelcome;
  if (!isJson(headers.get('content-type'))) return notJson;
  if ((headers.get('content-encoding') ?? 'identity') !== 'identity') return compressed;
  return Number(headers.get('content-length') ?? 0) > maxBodyBytes ? tooLarge : null;
}

// No cookie is read at /graphql and tokens are sent as a header, so a foreign page has no rights to borrow, and plain
// clients need no extra header against CSRF. Browsers say where a request comes from: that is refused all the same.
function isForeign(headers: Headers, origins: readonly string[]): boolean {
  if (headers.get('sec-fetch-site') === 'cross-site') return true;
  const origin = headers.get('origin');
  return origin !== null && !origins.includes(origin);
}

// A page of another site is read by whoever can change it: it speaks for strangers, and holds no token.
function withCredentials({ headers }: Request): Refusal | null {
  return headers.has('authorization') ? crossSiteCredentials : null;
}

function isJson(contentType: string | null): boolean {
  return /^application\/json(\s*;\s*charset="?utf-8"?)?$/i.test(contentType ?? '');
}

async function readWithin(request: Request, limit: number): Promise<Uint8Array<ArrayBuffer> | null> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of request.body ?? []) {
    size += chunk.byteLength;
    if (size <= limit) chunks.push(chunk);
    // What is past the limit is read on for a while and dropped: most clients hear no refusal while they still send.
    if (size > limit * 16) return null;
  }
  return size > limit ? null : Uint8Array.from(Buffer.concat(chunks));
}

// Postgres stores no U+0000, and nobody means it: its escape is taken out of every text.
function withoutNul(body: Uint8Array<ArrayBuffer>): Uint8Array<ArrayBuffer> {
  const bytes = Buffer.from(body.buffer, body.byteOffset, body.byteLength);
  if (!bytes.includes('\\u0000')) return body;
  return Uint8Array.from(Buffer.from(bytes.toString('utf8').replace(/(?<!\\)((?:\\\\)*)\\u0000/g, '$1')));
}

function refusalOfBody(bytes: Uint8Array): Refusal | null {
  const body = parsed(bytes);
  if (body === undefined) return invalidJson;
  if (Array.isArray(body)) return batch;
  return typeof body === 'object' && body !== null ? null : notAnObject;
}

function parsed(bytes: Uint8Array): unknown {
  try {
    // `fatal`, since what a person reported is evidence: no byte of it may turn into a replacement character.
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch {
    return undefined;
  }
}

const onlyPost: Refusal = {
  status: 405,
  code: 'METHOD_NOT_ALLOWED',
  message: 'Send GraphQL operations by POST.',
  allow: 'POST',
};
const crossSite: Refusal = {
  status: 403,
  code: 'CROSS_SITE_REQUEST',
  message: 'Requests from pages of other sites are not accepted.',
};
const crossSiteCredentials: Refusal = {
  status: 403,
  code: 'CROSS_SITE_CREDENTIALS',
  message: 'Pages of other sites call as strangers: send no authorization, and use a key from a server only.',
};
const notJson: Refusal = {
  status: 415,
  code: 'UNSUPPORTED_MEDIA_TYPE',
  message: 'Send the operation as "content-type: application/json", in UTF-8.',
};
const compressed: Refusal = {
  status: 415,
  code: 'UNSUPPORTED_MEDIA_TYPE',
  message: 'Send the body without a content-encoding.',
};
const tooLarge: Refusal = {
  status: 413,
  code: 'REQUEST_TOO_LARGE',
  message: `The body may have ${maxBodyBytes} bytes at most.`,
};
const invalidJson: Refusal = { status: 400, code: 'INVALID_JSON', message: 'The body is not JSON in UTF-8.' };
const batch: Refusal = { status: 400, code: 'BATCH_NOT_ALLOWED', message: 'Send one operation a request.' };
const notAnObject: Refusal = { status: 400, code: 'BAD_REQUEST', message: 'The body has to be a JSON object.' };

function refused(request: Request, { status, code, message, allow }: Refusal): Response {
  const wanted = 'application/graphql-response+json';
  const type = request.headers.get('accept')?.includes(wanted) ? wanted : 'application/json';
  const headers = { 'content-type': `${type}; charset=utf-8`, ...(allow ? { allow } : {}) };
  return new Response(JSON.stringify({ errors: [{ message, extensions: { code } }] }), { status, headers });
}
