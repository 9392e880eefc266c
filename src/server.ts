import type { RequestListener } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { getRequestListener, type HttpBindings } from '@hono/node-server';
import { RESPONSE_ALREADY_SENT } from '@hono/node-server/utils/response';
import { Hono, type Context as HonoContext } from 'hono';
import { authenticate } from './account/authenticate.ts';
import { demonstrationAccounts } from './account/demonstration-accounts.ts';
import { createDevelopmentIdentity, DEVELOPMENT_CLIENT_ID } from './account/development-identity.ts';
import { developmentPageHeaders } from './account/development-sign-in-page.tsx';
import { DEVELOPMENT_CLI_ISSUER } from './account/development-token.ts';
import { createTokenVerifier, remoteIssuer, type TrustedIssuer } from './account/verify-token.ts';
import { stopFollowing } from './case/queue-summary.ts';
import { sourceOf } from './client-source.ts';
import { type Config, config, type Place } from './config.ts';
import { prisma } from './db.ts';
import { createHotAnswers } from './graphql/answer-hot.ts';
import { createGraphiqlPage, graphiqlPolicy } from './graphql/graphiql.ts';
import type { Asked } from './graphql/hot-operations.ts';
import { printedSchema } from './graphql/printed-schema.ts';
import type { Authenticate } from './graphql/sign-in.ts';
import { createGraphql } from './graphql/yoga.ts';
import { guardHttp } from './guard-http.ts';
import { drained, listen } from './listen.ts';
import { log, traceOf } from './log.ts';
import { metrics } from './metrics.ts';
import { isRegisteredOrigin } from './portal/registered-origins.ts';
import { securityHeaders, strictestHeaders } from './security-headers.ts';
import { type SharedBySource, shareBySource } from './share-by-source.ts';
import { publicKeysOf } from './signing-ring.ts';
import { thinHandler } from './thin-handler.ts';
import { createAsk } from './web/ask.ts';
import { developersPage, developersPageHeaders } from './web/developers/page.tsx';
import { embedPages } from './web/embed/routes.tsx';
import type { Visit } from './web/graphql.ts';
import { figureDownloads } from './web/partner/export-routes.ts';
import { partnerPages } from './web/partner/routes.tsx';
import { createSignIn, type SignInSettings } from './web/partner/sign-in.ts';
import { publicPages } from './web/public-pages.tsx';
import { renderAtOnce } from './web/render-at-once.tsx';
import { startPage, startPageHeaders } from './web/start-page.tsx';
import { urlListDownload } from './web/url-list-download.ts';

/** How long production, when it stops, says that it is not ready before it takes no more: a load balancer needs to notice. */
const NOTICE_MS = 3_000;

/** A server that listens: where, and how to stop it after the requests under way have been answered. */
export type RunningServer = { url: string; stop: () => Promise<void> };

type App = Hono<{ Bindings: HttpBindings }>;
type Destroyable = { destroy: () => unknown };

/** Starts the process's one HTTP server on the configured port; `place` says which of several processes behind it this is. Throws if the port is taken or a field has no permission rule. */
export async function startServer(place: Place | null = null): Promise<RunningServer> {
  const { host, port, publicUrl } = config();
  renderAtOnce();
  // People type a slash at the end.
  const app: App = new Hono({ strict: false });
  const issuers = mountIdentity(app);
  const verify = createTokenVerifier({ issuers, audience: config().oidcAudience });
  const state = { stopping: false, streams: new Set<Destroyable>() };

  app.onError((error, c) => {
    log.error('A page failed.', traceOf(error));
    return c.json({ error: 'Something failed on our side.' }, 500);
  });
  app.use(securityHeaders({ production: config().production }));
  const signIn: Authenticate = (authorization, now) => authenticate(authorization, verify, now);
  const graphql = createGraphql({
    authenticate: signIn,
    openIntrospection: !config().production,
    graphiql: config().graphiql ? createGraphiqlPage() : null,
  });
  mountGraphql(app, graphql, state.streams);
  mountOperations(app, state, () => shared.metrics());
  // For anyone's program, in a browser too: a proof must be worth something without us.
  app.get('/.well-known/jwks.json', async (c) =>
    c.json({ keys: [...(await publicKeysOf('proof')), ...(await publicKeysOf('url-list'))] }, 200, {
      'access-control-allow-origin': '*',
    }),
  );
  if (!config().production) app.get('/start', (c) => c.html(startPage(publicUrl), 200, startPageHeaders));
  mountDevelopers(app, publicUrl);
  app.route('/', urlListDownload({ ask: createAsk(graphql), visitOf }));
  app.route('/', figureDownloads({ ask: createAsk(graphql), visitOf }));
  app.route('/', embedPages({ ask: createAsk(graphql), visitOf }));
  app.route(
    '/',
    partnerPages({ ask: createAsk(graphql), publicUrl, visitOf, signIn: createSignIn(clientOf(config())) }),
  );
  app.route('/', publicPages({ ask: createAsk(graphql), publicUrl, visitOf }));

  const answerHot = createHotAnswers(signIn);
  const handle = thinHandler({
    answer: (body, { headers, socket: { remoteAddress } }) =>
      answerHot(body as Asked, headers.authorization ?? null, () =>
        sourceOfCall(remoteAddress, headers['x-forwarded-for']),
      ),
    headers: strictestHeaders({ production: config().production }),
    rest: getRequestListener(app.fetch),
  });
  const shared = place ? await shareBySource(handle, place) : alone(handle);
  const server = await listen(shared.handle, host, port);
  return {
    url: publicUrl,
    stop: async () => {
      state.stopping = true;
      if (config().production) await sleep(NOTICE_MS);
      const drain = drained(server);
      await stopFollowing();
      // A subscription never ends by itself; its client will subscribe elsewhere.
      for (const stream of state.streams) stream.destroy();
      await Promise.all([drain, shared.stop()]);
    },
  };
}

function alone(handle: RequestListener): SharedBySource {
  return { handle, metrics: () => metrics.metrics(), stop: async () => undefined };
}

// Before every middleware: the provider writes its own answers to the socket.
function mountIdentity(app: App): TrustedIssuer[] {
  const { oidcIssuer, oidcAudience, publicUrl, production } = config();
  if (oidcIssuer) return [remoteIssuer(oidcIssuer)];
  if (production) throw new Error('OIDC_ISSUER is missing.');

  const issuer = `${publicUrl}/identity`;
  const { handle, keys } = createDevelopmentIdentity({
    issuer,
    audience: oidcAudience,
    accounts: async () => demonstrationAccounts,
  });
  app.get('/identity', securityHeaders({ production }), (c) =>
    c.redirect('/identity/.well-known/openid-configuration'),
  );
  app.all('/identity/*', (c) => {
    for (const [name, value] of Object.entries(developmentPageHeaders())) c.env.outgoing.setHeader(name, value);
    handle(c.env.incoming, c.env.outgoing);
    return RESPONSE_ALREADY_SENT;
  });
  return [
    { issuer, keys },
    { issuer: DEVELOPMENT_CLI_ISSUER, keys },
  ];
}

// In development the platform signs people in by itself.
function clientOf({ oidcIssuer, oidcClientId, oidcClientSecret, oidcAudience, publicUrl }: Config): SignInSettings {
  const common = { audience: oidcAudience, publicUrl };
  if (oidcIssuer) return { issuer: oidcIssuer, clientId: oidcClientId, clientSecret: oidcClientSecret, ...common };
  return { issuer: `${publicUrl}/identity`, clientId: DEVELOPMENT_CLIENT_ID, clientSecret: null, ...common };
}

function mountGraphql(app: App, graphql: ReturnType<typeof createGraphql>, streams: Set<Destroyable>): void {
  const { graphiql, publicUrl } = config();
  const ours = new URL(publicUrl).origin;
  const guarded = guardHttp((request, call: Visit & { origin: string | null }) => graphql.fetch(request, call), {
    origins: [ours],
    isRegistered: (origin) => isRegisteredOrigin(origin, new Date()),
    development: graphiql,
  });
  app.all('/graphql', async (c) => {
    const origin = c.req.header('origin') ?? null;
    const response = await guarded(c.req.raw, { ...visitOf(c), origin: origin === ours ? null : origin });
    const type = response.headers.get('content-type') ?? '';
    if (type.startsWith('text/html')) response.headers.set('content-security-policy', graphiqlPolicy);
    if (type.startsWith('text/event-stream')) {
      response.headers.set('cache-control', 'no-store');
      const { outgoing } = c.env;
      streams.add(outgoing);
      outgoing.once('close', () => streams.delete(outgoing));
    }
    return response;
  });
}

function mountDevelopers(app: App, publicUrl: string): void {
  const [page, schema] = [developersPage(publicUrl), printedSchema()];
  app.get('/developers', (c) => c.html(page, 200, developersPageHeaders));
  // It is public, as its source is: strangers may not introspect, since that costs more than a text that is made once.
  app.get('/schema.graphql', (c) => c.text(schema));
}

function visitOf(c: HonoContext<{ Bindings: HttpBindings }>): Visit {
  return { source: sourceOfCall(c.env.incoming.socket.remoteAddress, c.req.header('x-forwarded-for')) };
}

function sourceOfCall(socketAddress = '', forwardedFor: string | string[] = []): string {
  return sourceOf(socketAddress, [forwardedFor].flat().join(',') || null, config().trustedProxies, new Date());
}

// For whoever runs it: alive, ready for traffic, and what it measures.
function mountOperations(app: App, state: { stopping: boolean }, metricsOfAll: () => Promise<string>): void {
  app.get('/health', (c) => c.json({ status: 'ok' }));
  app.get('/ready', async (c) => {
    const ready = !state.stopping && (await prisma.$queryRaw`SELECT 1`.then(Boolean, () => false));
    return c.json({ status: ready ? 'ready' : 'not ready' }, ready ? 200 : 503);
  });
  app.get('/metrics', async (c) => {
    const { metricsToken, production } = config();
    const open = metricsToken ? c.req.header('authorization') === `Bearer ${metricsToken}` : !production;
    return open ? c.text(await metricsOfAll(), 200, { 'content-type': metrics.contentType }) : c.notFound();
  });
}
