import { raw } from 'hono/html';
import { demonstrationAccounts } from '../account/demonstration-accounts.ts';
import { ownStyleHeaders } from './own-style-headers.ts';

const STYLE = `
:root { background: Canvas; color: CanvasText; color-scheme: light dark }
body { font: 1rem/1.5 system-ui, sans-serif; margin: 2rem auto; max-width: 44rem; padding: 0 1rem }
h1 { font-size: 1.75rem; margin: 0 }
h2 { font-size: 1.25rem; margin: 2rem 0 0.5rem }
ul { list-style: none; margin: 0; padding: 0 }
li { padding: 0.375rem 0 }
dl { margin: 0 }
dl div { border-top: 1px solid #767676; padding: 0.5rem 0 }
dt span { opacity: 0.8 }
dd { margin: 0 }
code { overflow-wrap: anywhere }
pre { border: 1px solid #767676; padding: 0.75rem; white-space: pre-wrap }
@media (min-width: 40rem) { dl div { display: grid; grid-template-columns: 16rem 1fr } }
`;

/** The headers of the start page: nothing but its own style. */
export const startPageHeaders = ownStyleHeaders(STYLE);

/** The first page in development: where to look, and who can sign in. Production has none. */
export function startPage(url: string): string {
  const page = (
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <title>Reporting Portals: demonstration</title>
        <style>{raw(STYLE)}</style>
      </head>
      <body>
        <main>
          <h1>Reporting Portals</h1>
          <p>A demonstration with invented data.</p>
          <h2>Where to look</h2>
          <ul>
            <li>
              <a href="/">All portals</a>: where anyone reports an address, such as <a href="/ke">Kenya’s</a> and{' '}
              <a href="/pk">Pakistan’s</a>
            </li>
            <li>
              <a href="/partner">For partners</a>: the figures of a country, as <code>partner-ke</code> or{' '}
              <code>funder</code>
            </li>
            <li>
              <a href="/developers">For portal developers</a>: the API, a sandbox and examples
            </li>
            <li>
              <a href="/graphql">GraphiQL</a>: an example for each role, signed in and ready to run
            </li>
            <li>
              <a href="/ready">Readiness</a>, <a href="/health">health</a> and <a href="/metrics">metrics</a>
            </li>
            <li>
              <a href="/.well-known/jwks.json">The key</a> by which anyone checks a proof of report
            </li>
            <li>
              <a href="/identity/.well-known/openid-configuration">The identity provider</a> of development
            </li>
          </ul>
          <h2>Who can sign in</h2>
          <p>There are no passwords in development.</p>
          <dl>
            {demonstrationAccounts.map(({ subject, role, description }) => (
              <div>
                <dt>
                  <code>{subject}</code> <span>{role.toLowerCase()}</span>
                </dt>
                <dd>{description}</dd>
              </div>
            ))}
          </dl>
          <h2>From a script</h2>
          <p>
            The API is at <code>{url}/graphql</code>. A bearer token of any account, valid for 12 hours:
          </p>
          <pre>
            <code>npm --silent start -- token analyst</code>
          </pre>
        </main>
      </body>
    </html>
  );
  return `<!doctype html>${page}`;
}
