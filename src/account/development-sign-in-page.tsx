import { createHash } from 'node:crypto';
import { raw } from 'hono/html';
import type { Child } from 'hono/jsx';

/** Someone to sign in as while developing; `description` says in a few words what the account may do. */
export type DemonstrationAccount = { subject: string; name: string; description: string };

const STYLE = `
body { font: 1rem/1.5 system-ui, sans-serif; margin: 2rem auto; max-width: 40rem; padding: 0 1rem }
ul { list-style: none; padding: 0 }
li { border-top: 1px solid #767676; padding: 0.75rem 0 }
li p { margin: 0.25rem 0 0 }
button { font: inherit; min-height: 2.75rem; padding: 0.25rem 1rem }
`;

const STYLE_HASH = createHash('sha256').update(STYLE).digest('base64');

/**
 * The headers of the development pages; `formTargets` are further origins that a sent form may be redirected to.
 */
export function developmentPageHeaders(formTargets: readonly string[] = []): Record<string, string> {
  return {
    'cache-control': 'no-store',
    // Chromium applies form-action to redirects too, so the client's origin must stand here beside our own.
    'content-security-policy': [
      "default-src 'none'",
      `style-src 'sha256-${STYLE_HASH}'`,
      `form-action ${["'self'", ...formTargets].join(' ')}`,
      "base-uri 'none'",
      "frame-ancestors 'none'",
    ].join('; '),
    'referrer-policy': 'same-origin',
    'x-content-type-options': 'nosniff',
  };
}

/**
 * The page on which a developer picks an account; it sends `account`, a subject or, to cancel, nothing.
 */
export function renderSignInPage(accounts: readonly DemonstrationAccount[]): string {
  return renderPage(
    'Development sign-in',
    <>
      <p>
        This is not a real sign-in. It has no passwords and exists only on development servers, to try the platform in
        each role.
      </p>
      <form method="post" aria-labelledby="choose">
        <h2 id="choose">Sign in as</h2>
        {accounts.length === 0 && <p>There are no demonstration accounts yet.</p>}
        <ul>
          {accounts.map(({ subject, name, description }, index) => (
            <li>
              <button type="submit" name="account" value={subject} aria-describedby={`description-${index}`}>
                {name}
              </button>
              <p id={`description-${index}`}>{description}</p>
            </li>
          ))}
        </ul>
        <button type="submit" name="account" value="">
          Cancel
        </button>
      </form>
    </>,
  );
}

/** The page that says why a development sign-in could not go on. */
export function renderSignInFault(message: string): string {
  return renderPage('Development sign-in: it did not work', <p>{message}</p>);
}

function renderPage(title: string, content: Child): string {
  const page = (
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <title>{title}</title>
        <style>{raw(STYLE)}</style>
      </head>
      <body>
        <main>
          <h1>{title}</h1>
          {content}
        </main>
      </body>
    </html>
  );
  return `<!doctype html>${page}`;
}
