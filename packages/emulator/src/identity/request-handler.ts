import type { IncomingMessage, ServerResponse } from 'node:http';
import type { JWK } from 'jose';
import type Provider from 'oidc-provider';
import type { TestHooks } from '../http/test-hooks.ts';
import { corsHeaders } from './cors.ts';
import { discoveryDocument } from './discovery.ts';
import type { IdentityEndpoints } from './endpoints.ts';
import { messagePage } from './pages/message-page.ts';
import { contentSecurityPolicy, pageHeaders, protectiveHeaders } from './pages/page.ts';
import { FILL_IN_SCRIPT } from './pages/sign-in-page.ts';
import { handleSignIn } from './sign-in.ts';
import { answerUserinfo } from './userinfo.ts';

const CORS_HEADERS_OF_LIBRARY = [
  'Access-Control-Allow-Origin',
  'Access-Control-Expose-Headers',
  'Access-Control-Allow-Methods',
  'Access-Control-Allow-Headers',
];

/** What requests are answered with. */
export interface RequestHandlerInputs {
  readonly provider: Provider;
  readonly endpoints: IdentityEndpoints;
  readonly viewerOrigins: ReadonlySet<string>;
  /** JWK that access tokens are verified with. */
  readonly publicKey: JWK;
  readonly testHooks: TestHooks | undefined;
}

/**
 * Answers all requests of the identity provider: what Entra ID has and the library lacks (discovery, UserInfo as Graph's,
 * CORS for the viewer alone, pages), and the rest by the library.
 */
export function createRequestHandler(inputs: RequestHandlerInputs) {
  const { provider, endpoints, viewerOrigins, publicKey, testHooks } = inputs;
  const { paths, origin, issuer } = endpoints;
  const { host } = new URL(origin);
  const policy = contentSecurityPolicy(viewerOrigins, [FILL_IN_SCRIPT]);
  const forScripts = new Set([
    paths.discovery,
    paths.token,
    paths.keys,
    paths.userinfo,
    paths.deviceCode,
  ]);
  const forPeople = [paths.authorize, paths.logout, paths.deviceAuth];

  provider.use(async (ctx, next) => {
    ctx.set(protectiveHeaders(policy));
    await next();
    // The library allows every origin at some endpoints; ours are set by corsHeaders alone.
    for (const name of CORS_HEADERS_OF_LIBRARY) ctx.remove(name);
    if (forScripts.has(ctx.path)) ctx.set(corsHeaders(ctx.req, viewerOrigins));
  });
  // Without this the library answers 500 and says nothing of the cause.
  provider.on('server_error', (ctx, error) => {
    process.emitWarning(`identity provider: ${ctx.method} ${ctx.path}: ${error.message}`);
  });
  const library = provider.callback();

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    if (await testHooks?.handle(request, response)) return;
    const path = pathOf(request.url);
    const isForPeople = forPeople.some(one => path === one || path.startsWith(`${one}/`));

    if (isForPeople && request.headers.host !== host && request.method === 'GET') {
      // Cookies belong to a host name: a sign-in begun at 127.0.0.1 could not go on at localhost.
      response.writeHead(307, { Location: `${origin}${request.url ?? ''}` }).end();
      return;
    }
    // As Entra ID does, all addresses given out are those of the issuer, whatever name was asked.
    request.headers.host = host;

    if (request.method === 'OPTIONS' && forScripts.has(path)) {
      response.writeHead(204, corsHeaders(request, viewerOrigins)).end();
    } else if (path === paths.discovery && isRead(request)) {
      sendJson(response, 200, corsHeaders(request, viewerOrigins), discoveryDocument(endpoints));
    } else if (path === paths.userinfo) {
      const { status, headers, body } = await answerUserinfo(request, issuer, publicKey);
      sendJson(response, status, { ...corsHeaders(request, viewerOrigins), ...headers }, body);
    } else if (path.startsWith(`${paths.signIn}/`)) {
      await handleSignIn(request, response, { provider, policy });
    } else if (isForPeople || forScripts.has(path)) {
      await library(request, response);
    } else {
      const isHome = path === '/';
      const document = messagePage({
        title: isHome ? 'Identity provider of the local stack' : 'There is no such page',
        text: isHome
          ? 'It is running. Open the viewer to sign in.'
          : 'Nothing is served at this address. Open the viewer to sign in.',
        details: { Issuer: issuer },
      });
      response.writeHead(isHome ? 200 : 404, pageHeaders(policy)).end(document);
    }
  }

  return (request: IncomingMessage, response: ServerResponse): void => {
    answer(request, response).catch((error: unknown) => {
      const { message } = error as Error;
      process.emitWarning(
        `identity provider: ${request.method} ${pathOf(request.url)}: ${message}`
      );
      if (response.headersSent) response.destroy();
      else {
        const document = messagePage({
          title: 'Something failed',
          text: 'Go back to the viewer and try again.',
        });
        response.writeHead(500, pageHeaders(policy)).end(document);
      }
    });
  };
}

function isRead(request: IncomingMessage): boolean {
  return request.method === 'GET' || request.method === 'HEAD';
}

function pathOf(target: string | undefined): string {
  return (target ?? '/').replace(/[?#].*$/s, '');
}

function sendJson(
  response: ServerResponse,
  status: number,
  headers: Record<string, string>,
  body: object
): void {
  response.writeHead(status, {
    'Content-Type': 'application/json; charset=utf-8',
    'Cache-Control': 'no-store',
    ...headers,
  });
  response.end(JSON.stringify(body));
}
