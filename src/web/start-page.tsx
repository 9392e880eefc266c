import { demonstrationAccounts } from '../account/demonstration-accounts.ts';

/** The first page in development: where to look, and who can sign in. Production has none. */
export function startPage(url: string) {
  return (
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <title>Reporting Portals: demonstration</title>
      </head>
      <body>
        <main>
          <h1>Reporting Portals</h1>
          <p>
            A demonstration with invented data. The public pages and the dashboards are yet to come; the API is whole.
          </p>
          <h2>Where to look</h2>
          <ul>
            <li>
              <a href="/graphql">GraphiQL</a>: an example for each role, ready to run
            </li>
            <li>
              <a href="/ready">Readiness</a>, <a href="/health">health</a> and <a href="/metrics">metrics</a>
            </li>
            <li>
              <a href="/.well-known/jwks.json">The key</a> by which anyone checks a proof of report
            </li>
            <li>
              <a href="/identity/.well-known/openid-configuration">The identity provider of development</a>
            </li>
          </ul>
          <h2>Who can sign in</h2>
          <p>
            A token for curl: <code>npm --silent start -- token analyst</code>. The API is at <code>{url}/graphql</code>
            .
          </p>
          <table>
            <thead>
              <tr>
                <th scope="col">Account</th>
                <th scope="col">Role</th>
                <th scope="col">What it does</th>
              </tr>
            </thead>
            <tbody>
              {demonstrationAccounts.map(({ subject, role, description }) => (
                <tr>
                  <td>
                    <code>{subject}</code>
                  </td>
                  <td>{role.toLowerCase()}</td>
                  <td>{description}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </main>
      </body>
    </html>
  );
}
