import { solveChallenge } from 'altcha-lib/v1';
import type { Platform } from '../support/platform.ts';

/** Makes or changes a portal by the API, and launches it. */
export async function launch(platform: Pick<Platform, 'ask'>, code: string, more: object = {}): Promise<void> {
  const input = { code, name: code, timeZone: 'UTC', defaultLanguage: 'en', languages: ['en'], ...more };
  const saved = await platform.ask(
    'mutation ($input: SavePortalInput!) { savePortal(input: $input) { ... on Portal { code } ... on InvalidInputError { issues { path code message } } } }',
    { input },
    'admin',
  );
  const staged = await platform.ask(
    'mutation ($input: SetPortalStageInput!) { setPortalStage(input: $input) { ... on Portal { code } } }',
    { input: { code, stage: 'LIVE' } },
    'admin',
  );
  if (saved.data?.savePortal.code !== code || staged.data?.setPortalStage.code !== code)
    throw new Error(`No portal: ${JSON.stringify([saved, staged])}`);
}

/** The answer to a challenge, as ALTCHA's widget sends it. */
export async function solve(challenge: string): Promise<string> {
  const { algorithm, challenge: hash, salt, signature, maxnumber } = JSON.parse(challenge);
  const number = (await solveChallenge(hash, salt, algorithm, maxnumber).promise)?.number;
  return Buffer.from(JSON.stringify({ algorithm, challenge: hash, number, salt, signature })).toString('base64');
}
