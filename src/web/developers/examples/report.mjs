// Reports an address by fetch, in Node.js or in a browser, and deals with whatever comes back.
// Usage: node report.mjs [URL OF THE PLATFORM] [PORTAL] [ADDRESS]
const [url = 'http://localhost:4000', portal = 'sandbox', address = 'https://received.sandbox.test/'] =
  globalThis.process?.argv.slice(2) ?? [];

/** Sends a report and gives its receipt. Throws an error whose message is for the person who reports. */
export async function report(input) {
  // The key stays the same for all tries of one report, so that none of them makes a second.
  const keyed = { idempotencyKey: crypto.randomUUID(), ...input };
  for (let tries = 1; ; tries += 1) {
    const result = await send(keyed);
    if (result.__typename === 'ReportReceipt') return result;
    if (tries > 5) throw new Error(result.message);
    if (result.__typename === 'NoAnswer') await seconds(tries);
    else if (result.__typename === 'ChallengeRequiredError') keyed.challenge = await solve(result.challenge);
    else if (result.__typename === 'TooManyReportsError' && tries < 2) await seconds(result.retryAfterSeconds);
    // Each issue says where the fault is, as `path`; its message names the remedy and repeats nothing that was typed.
    else throw new Error(result.issues?.map(({ message }) => message).join(' ') ?? result.message);
  }
}

async function send(input) {
  const response = await fetch(`${url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ documentId: 'submit-report.1', variables: { input } }),
  }).catch(() => null);
  if (!response) return { __typename: 'NoAnswer', message: 'We got no answer. Is there a connection?' };
  const { data, errors } = await response.json();
  if (errors) throw new Error(`${errors[0].extensions.code}: ${errors[0].message}`);
  return data.submitReport;
}

const seconds = (count) => new Promise((resolve) => setTimeout(resolve, count * 1000));

/** The proof of work: the number whose SHA-256, behind the salt, is the challenge (ALTCHA; its widget does the same). */
async function solve(text) {
  const { algorithm, challenge, salt, signature, maxnumber } = JSON.parse(text);
  for (let number = 0; number <= maxnumber; number += 1) {
    const bytes = new Uint8Array(await crypto.subtle.digest(algorithm, new TextEncoder().encode(salt + number)));
    const hex = Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
    if (hex === challenge) return btoa(JSON.stringify({ algorithm, challenge, number, salt, signature }));
  }
  throw new Error('The challenge has no solution.');
}

const { accessCode, reports } = await report({ portal, address, language: 'en' });
globalThis.process?.stdout.write(`${reports.map(({ reference }) => reference).join(' ')}\n${accessCode}\n`);
