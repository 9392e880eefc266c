import { raw } from 'hono/html';
import { ownStyleHeaders } from '../own-style-headers.ts';
import { exampleText, exampleTitles } from './example-files.ts';
import { Code } from './parts.tsx';
import { Documents, Errors, Sandbox } from './reference.tsx';
import { style } from './style.ts';

/** The headers of the page for developers: nothing but its own style. */
export const developersPageHeaders = ownStyleHeaders(style);

/** All that somebody needs who builds a page of their own for a portal, or sends reports from a server. `url` is the platform's address. */
export function developersPage(url: string): string {
  const page = (
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <title>For portal developers</title>
        <style>{raw(style)}</style>
      </head>
      <body>
        <main>
          <h1>For portal developers</h1>
          <Start url={url} />
          <Examples url={url} />
          <Sandbox />
          <Errors />
          <Retries />
          <Challenges />
          <OtherSites />
          <Documents />
          <Batches url={url} />
          <Receipts />
        </main>
      </body>
    </html>
  );
  return `<!doctype html>${page}`;
}

function Start({ url }: { url: string }) {
  return (
    <>
      <p>
        One endpoint, <code>{url}/graphql</code>, takes reports of web addresses from anyone, without a name and without
        a key. It is GraphQL over HTTP: a POST of a JSON object, one operation a request. The whole schema, each field
        with its description: <a href="/schema.graphql">schema.graphql</a>.
      </p>
      <h2 id="minute">Report in one minute</h2>
      <p>
        This goes to the portal <code>sandbox</code>, where nothing becomes a report. Put the code of your portal in its
        place when your page is ready.
      </p>
      <Code text={exampleText('report.sh', url)} label="A report by curl" />
      <ul>
        <li>
          Only <code>portal</code> and <code>address</code> are needed. Send the address as it was pasted: we take it
          apart, and several make one report each. Do not check it yourself, and never open it.
        </li>
        <li>Never send files, images or encoded data. There is no field for them, and they are refused in texts.</li>
        <li>
          Show the emergency number of the portal first, and its help lines: <code>portal.1</code> gives you both.
        </li>
        <li>Store nothing of the reporter: no IP address, no cookie, no access code.</li>
      </ul>
    </>
  );
}

function Examples({ url }: { url: string }) {
  return (
    <>
      <h2 id="examples">Examples</h2>
      <p>Each is a whole file, and our tests run it as it stands here.</p>
      {exampleTitles.slice(1).map(([name, title]) => (
        <>
          <h3>
            {title}: <code>{name}</code>
          </h3>
          <Code text={exampleText(name, url)} label={name} />
        </>
      ))}
    </>
  );
}

function Retries() {
  return (
    <>
      <h2 id="retries">Sending twice</h2>
      <p>
        Lines are cut and buttons pressed twice. Give each report an <code>idempotencyKey</code> of its own, a new UUID,
        when the form is shown, and send it with every try: whoever sends the same report under the same key gets the
        same receipt, byte for byte, and one report is filed. The key of another report is refused with{' '}
        <code>IDEMPOTENCY_CONFLICT</code>. The challenge does not count as part of the report.
      </p>
    </>
  );
}

function Challenges() {
  return (
    <>
      <h2 id="challenges">Challenge and ticket</h2>
      <p>
        Where very many reports come from one source, <code>submitReport</code> answers with a{' '}
        <code>ChallengeRequiredError</code>. Send the same report again, with one of these as <code>challenge</code>:
      </p>
      <ul>
        <li>
          the solution of its <code>challenge</code>, a proof of work in the form of ALTCHA that a telephone solves in a
          second (<code>report.mjs</code> shows how), within ten minutes; or
        </li>
        <li>
          its <code>ticket</code>, unchanged, once <code>waitSeconds</code> have passed (<code>embed.html</code> does
          so): it needs no script. Too early costs nothing: the same ticket comes back.
        </li>
      </ul>
      <p>Either is good once. No report is refused for good, and none that was given a receipt is lost.</p>
    </>
  );
}

function OtherSites() {
  return (
    <>
      <h2 id="origins">Calling from a page of your own (CORS)</h2>
      <p>
        A browser may call the endpoint from the origins that your portal has registered, such as{' '}
        <code>https://report.example</code>. Ask us to register yours, also one for your own machine, such as{' '}
        <code>http://localhost:5173</code>; it takes half a minute to be known. From there <code>submitReport</code>{' '}
        goes to your portal and to the sandbox only (else the issue <code>ORIGIN_NOT_REGISTERED</code>). Send no cookies
        and no <code>authorization</code>, and no header but the content type. Servers need no registration, and plain
        forms go to the portal’s page instead.
      </p>
    </>
  );
}

function Batches({ url }: { url: string }) {
  const query =
    'mutation ($input: SubmitReportsInput!) { submitReports(input: $input) { ... on ReportBatch { results { __typename ... on ReportReceipt { accessCode reports { reference } } ... on Error { code message } } } ... on InvalidInputError { issues { path code message } } } }';
  const reports = [{ address: 'https://received.sandbox.test/' }, { address: 'https://portal-closed.sandbox.test/' }];
  const input = { portal: 'sandbox', idempotencyKey: '0b0f2c34-6f5e-4a0f-9d0c-6d8a53a5f1e2', reports };
  const body = JSON.stringify({ query, variables: { input } }, null, 2);
  return (
    <>
      <h2 id="batches">Many reports at once, for members</h2>
      <p>
        Partners from industry, police and charities whose agreement is in force send up to 100 reports in one request
        of at most 64 KiB, from a server, with their key. Each report gets a receipt or an error of its own, in the
        order of the batch; faults of the batch itself refuse the whole. A batch sent again under its{' '}
        <code>idempotencyKey</code> gets the same receipts, and what a cut left out is filed then. Ask us for a key.
      </p>
      <Code
        text={`curl -s ${url}/graphql -H 'content-type: application/json' -H "authorization: Bearer $KEY" -d @- <<'JSON'\n${body}\nJSON`}
        label="A batch by curl"
      />
    </>
  );
}

function Receipts() {
  return (
    <>
      <h2 id="receipts">Receipts</h2>
      <p>
        A receipt has a public <code>reference</code> for each address, and one secret <code>accessCode</code>, which
        opens the status, takes details and withdraws the email address. Show it once, in groups of four, and keep it
        nowhere: neither in an address nor in a cookie nor in a log. The <code>proof</code> says only that a report was
        made on that day; anyone checks it at <a href="/proof">/proof</a>, or by{' '}
        <a href="/.well-known/jwks.json">our public key</a>.
      </p>
    </>
  );
}
