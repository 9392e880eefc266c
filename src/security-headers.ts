import type { MiddlewareHandler } from 'hono';

/**
 * A Hono middleware that gives every answer the strictest security headers, save those that a page has set itself;
 * in production also HSTS for two years (as hstspreload.org advises).
 */
export function securityHeaders({ production }: { production: boolean }): MiddlewareHandler {
  const defaults = {
    'content-security-policy': "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
    'cache-control': 'no-store',
  };
  const always = {
    'x-content-type-options': 'nosniff',
    'referrer-policy': 'no-referrer',
    'cross-origin-opener-policy': 'same-origin',
    'cross-origin-resource-policy': 'same-origin',
    ...(production ? { 'strict-transport-security': 'max-age=63072000' } : {}),
  };
  return async (context, next) => {
    await next();
    const { headers } = context.res;
    for (const [name, value] of Object.entries(defaults)) if (!headers.has(name)) headers.set(name, value);
    for (const [name, value] of Object.entries(always)) headers.set(name, value);
    headers.delete('server');
    headers.delete('x-powered-by');
  };
}
