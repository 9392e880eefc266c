import { locales } from '../../src/web/messages.ts';
import { launch } from '../report/developers.ts';
import type { Platform } from '../support/platform.ts';

/** Every language of the pages. */
export const LANGUAGES = locales.map(({ tag }) => tag);

/**
 * Portals in every language, one a kind of page. What they say of themselves has no vowel and no word of a message: so a test
 * sees by the words that are left on a page whether something was not translated.
 */
export const portals = {
  open: 'tongues',
  sandbox: 'tongues-sandbox',
  police: 'tongues-police',
  closed: 'tongues-closed',
  transferred: 'tongues-transferred',
} as const;

/** Makes these portals by the API. */
export async function launchInAllLanguages(platform: Pick<Platform, 'ask'>): Promise<void> {
  const common = {
    name: 'PRT 1',
    languages: LANGUAGES,
    partnerNames: ['PRTNR 2'],
    emergencyNumber: '999',
    helpLines: [{ name: 'HLP 3', telephone: '+999 116 000', website: 'https://help.example/', hours: '8–20' }],
    exitAddress: 'https://weather.example/',
  };
  await launch(platform, portals.open, common);
  await launch(platform, portals.sandbox, { ...common, sandbox: true });
  await launch(platform, portals.police, { ...common, audience: 'LAW_ENFORCEMENT', accentColour: '#7a1d5a' });
  await launch(platform, portals.closed, common);
  await launch(platform, portals.transferred, { ...common, emergencyNumber: null, helpLines: [] });
  await setStage(platform, { code: portals.closed, stage: 'SUSPENDED' });
  const transferredTo = 'https://hotline.example/';
  await setStage(platform, { code: portals.transferred, stage: 'TRANSFERRED', transferredTo });
}

async function setStage(
  { ask }: Pick<Platform, 'ask'>,
  input: { code: string; stage: string; transferredTo?: string },
) {
  const { data } = await ask(
    'mutation ($input: SetPortalStageInput!) { setPortalStage(input: $input) { ... on Portal { stage } } }',
    { input },
    'admin',
  );
  if (data?.setPortalStage.stage !== input.stage) throw new Error(`No stage: ${JSON.stringify(data)}`);
}
