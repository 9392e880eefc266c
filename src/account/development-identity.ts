import type { IncomingMessage, ServerResponse } from 'node:http';
import type { JWTVerifyGetKey } from 'jose';
import type { Configuration, KoaContextWithOIDC, Provider } from 'oidc-provider';
import {
  type DemonstrationAccount,
  developmentPageHeaders,
  renderSignInFault,
  renderSignInPage,
} from './development-sign-in-page.tsx';
import { createDevelopmentStore } from './development-store.ts';
import { DEVELOPMENT_KEY, developmentKeys } from './development-token.ts';

/** What the development provider is told: its own address, the audience of its access tokens, and who may sign in. */
export type DevelopmentIdentitySettings = {
  issuer: string;
  audience: string;
  accounts: () => Promise<readonly DemonstrationAccount[]>;
};

/** The public client (no secret, PKCE) that is registered with the development provider. */
export const DEVELOPMENT_CLIENT_ID = 'development';

/** The paths a browser may come back to, on any port of `localhost` or `127.0.0.1` (RFC 8252, section 7.3). */
const DEVELOPMENT_CALLBACK_PATHS: readonly string[] = ['/sign-in/callback', '/callback', '/partner/callback'];

const ACCESS_TOKEN_SECONDS = 8 * 3600;
const SIGN_IN_SECONDS = 15 * 60;
const CODE_SECONDS = 60;
const FORM_BYTES = 4096;

/**
 * An OpenID Connect provider for development and tests, to be mounted at the path of its issuer; anyone who reaches it signs in as any of the accounts, so production must never call this.
 * It is loaded at its first request: most starts see none.
 */
export function createDevelopmentIdentity(settings: DevelopmentIdentitySettings): {
  handle: (req: IncomingMessage, res: ServerResponse) => void;
  keys: JWTVerifyGetKey;
} {
  const mount = new URL(settings.issuer).pathname.replace(/\/$/, '');
  let provider: ReturnType<typeof startProvider> | undefined;
  return {
    keys: developmentKeys,
    async handle(req, res) {
      // The provider's routes begin at its own root; from `originalUrl` it learns what to put before its addresses.
      const originalUrl = req.url ?? '/';
      const url = originalUrl.slice(mount.length);
      provider ??= startProvider(settings, mount);
      const respond = await provider;
      void respond(Object.assign(req, { originalUrl, url: url.startsWith('/') ? url : `/${url}` }), res);
    },
  };
}

async function startProvider(settings: DevelopmentIdentitySettings, mount: string) {
  const { Provider, errors } = await importProvider();

  const provider = new Provider(settings.issuer, {
    ...configuration(settings, mount),
    features: {
      devInteractions: { enabled: false },
      rpInitiatedLogout: { enabled: false },
      userinfo: { enabled: false },
      resourceIndicators: {
        enabled: true,
        defaultResource: () => settings.audience,
        useGrantedResource: () => true,
        getResourceServerInfo: (_ctx, resource) => {
          if (resource !== settings.audience) throw new errors.InvalidTarget();
          return { scope: '', audience: resource, accessTokenFormat: 'jwt', jwt: { sign: { alg: 'ES256' } } };
        },
      },
    },
  });

  provider.use(async (ctx, next) => {
    if (!ctx.path.startsWith('/interaction/')) return next();
    ctx.set(developmentPageHeaders());
    ctx.type = 'html';
    try {
      await signIn(provider, settings.accounts, ctx);
    } catch (error) {
      if (!(error instanceof errors.SessionNotFound)) throw error;
      ctx.status = 400;
      ctx.body = renderSignInFault('This sign-in is over. Go back to where you came from and start again.');
    }
  });

  return provider.callback();
}

function configuration({ accounts }: DevelopmentIdentitySettings, mount: string): Configuration {
  return {
    adapter: createDevelopmentStore(),
    jwks: { keys: [DEVELOPMENT_KEY] },
    // Constant for the same reason as the key, and no secret either.
    cookies: { keys: ['development-only'], long: { path: mount || '/' } },
    clientDefaults: { id_token_signed_response_alg: 'ES256' },
    clients: [
      {
        client_id: DEVELOPMENT_CLIENT_ID,
        token_endpoint_auth_method: 'none',
        // Only redirect addresses of native clients match whatever their port.
        application_type: 'native',
        redirect_uris: DEVELOPMENT_CALLBACK_PATHS.flatMap((path) => [
          `http://localhost${path}`,
          `http://127.0.0.1${path}`,
        ]),
      },
    ],
    claims: { openid: ['sub'], profile: ['name'] },
    // Userinfo is off, since the access tokens are the platform's: the name comes in the ID token.
    conformIdTokenClaims: false,
    clientBasedCORS: () => false,
    expiresWithSession: () => false,
    interactions: { url: (_ctx, { uid }) => `${mount}/interaction/${uid}` },
    async findAccount(_ctx, subject) {
      const account = (await accounts()).find((candidate) => candidate.subject === subject);
      if (!account) return undefined;
      return { accountId: subject, claims: () => ({ sub: subject, name: account.name }) };
    },
    renderError(ctx, { error, error_description }) {
      ctx.set(developmentPageHeaders());
      ctx.type = 'html';
      ctx.body = renderSignInFault(`${error}: ${error_description ?? 'no further description'}`);
    },
    ttl: {
      AccessToken: ACCESS_TOKEN_SECONDS,
      AuthorizationCode: CODE_SECONDS,
      Grant: ACCESS_TOKEN_SECONDS,
      IdToken: ACCESS_TOKEN_SECONDS,
      Interaction: SIGN_IN_SECONDS,
      Session: SIGN_IN_SECONDS,
    },
  };
}

async function signIn(
  provider: Provider,
  accounts: DevelopmentIdentitySettings['accounts'],
  ctx: Pick<KoaContextWithOIDC, 'req' | 'res' | 'method' | 'set' | 'redirect' | 'body' | 'status'>,
): Promise<void> {
  const { params } = await provider.interactionDetails(ctx.req, ctx.res);
  if (ctx.method !== 'POST') {
    ctx.set(developmentPageHeaders([new URL(String(params['redirect_uri'])).origin]));
    ctx.body = renderSignInPage(await accounts());
    return;
  }

  const chosen = (await readForm(ctx.req)).get('account');
  const account = (await accounts()).find(({ subject }) => subject === chosen);
  const result = account
    ? { login: { accountId: account.subject }, consent: { grantId: await grantAll(provider, account.subject) } }
    : { error: 'access_denied', error_description: 'No account was chosen.' };
  ctx.status = 303;
  ctx.redirect(await provider.interactionResult(ctx.req, ctx.res, result));
}

// There is no consent step: whoever picks an account means it.
async function grantAll(provider: Provider, accountId: string): Promise<string> {
  const grant = new provider.Grant({ accountId, clientId: DEVELOPMENT_CLIENT_ID });
  grant.addOIDCScope('openid profile');
  return grant.save();
}

async function readForm(req: IncomingMessage): Promise<URLSearchParams> {
  let text = '';
  for await (const chunk of req) {
    if (text.length < FORM_BYTES) text += String(chunk);
  }
  return new URLSearchParams(text);
}

// On a Node older than 22 the package warns, on import, that it does not support it, and no setting silences that. What it
// would say later of its defaults is avoided by setting them.
async function importProvider() {
  const { warn } = console;
  console.warn = (...words: unknown[]) => {
    if (!String(words[0]).includes('oidc-provider WARNING')) warn(...words);
  };
  try {
    return await import('oidc-provider');
  } finally {
    console.warn = warn;
  }
}
