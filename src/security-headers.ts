import type { MiddlewareHandler } from 'hono';

type Site = { production: boolean };

const defaults = {
  'content-security-policy': "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
  'cache-control': 'no-store',
};

function alwaysOf({ production }: Site) {
  return {
    'x-content-type-options': 'nosniff',
    'referrer-policy': 'no-referrer',
    'cross-origin-opener-policy': 'same-origin',
    'cross-origin-resource-policy': 'same-origin',
    ...(production ? { 'strict-transport-security': 'max-age=63072000' } : {}),
  };
}

/** The security headers of an answer that sets none itself. */
export function strictestHeaders(site: Site): Record<string, string> {
  return { ...defaults, ...alwaysOf(site) };
}

/**
 * A Hono middleware that gives every answer the strictest security headers, save those that a page has set itself;
 * in production also HSTS for two years (as hstspreload.org advises).
 */
export function securityHeaders(site: Site): MiddlewareHandler {
  const always = alwaysOf(site);
  return async (context, next) => {
    await next();
    const { headers } = context.res;
    for (const [name, value] of Object.entries(defaults)) if (!headers.has(name)) headers.set(name, value);
    for (const [name, value] of Object.entries(always)) headers.set(name, value);
    headers.delete('server');
    headers.delete('x-powered-by');
  };
}
