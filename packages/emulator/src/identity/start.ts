import { createServer } from 'node:http';
import { join } from 'node:path';
import { isLoopback, listen, originOf } from '../http/listen.ts';
import { createTestHooks } from '../http/test-hooks.ts';
import { roleOf, type DicomRole } from './accounts.ts';
import { corsHeaders } from './cors.ts';
import { identityEndpoints, LOCAL_TENANT } from './endpoints.ts';
import { loadOidcProvider } from './library.ts';
import { providerConfiguration } from './provider-configuration.ts';
import { createRequestHandler } from './request-handler.ts';
import { DICOM_AUDIENCE } from './scopes.ts';
import { loadSigningKey, publicPart } from './signing-key.ts';
import { STATE_FILE, StateStore } from './state-store.ts';

/** Default TCP port of the identity provider. */
export const DEFAULT_IDENTITY_PORT = 8081;
/** Default life of an access token, in seconds. */
export const DEFAULT_ACCESS_TOKEN_SECONDS = 3600;

/** Binds to all addresses, none of which is a name to give out; people come by `localhost`. */
const EVERY_ADDRESS = new Set(['0.0.0.0', '::']);

/** Settings of {@link startIdentityProvider}. */
export interface IdentityProviderOptions {
  /** Default {@link DEFAULT_IDENTITY_PORT}; 0 takes any free one. */
  port?: number;
  /** Host name or address to bind; default `127.0.0.1`. */
  host?: string;
  /** Directory id; default {@link LOCAL_TENANT}. */
  tenant?: string;
  /** Origins the viewer is served from: they may be returned to, and get CORS. */
  viewerOrigins: string[];
  /** Path of the redirect URI on each origin; default `/callback`. */
  redirectPath?: string;
  /** Path of the page after sign-out on each origin; default `/signed-out`. */
  signedOutPath?: string;
  /** Life of an access token in seconds, a whole number above 0; default {@link DEFAULT_ACCESS_TOKEN_SECONDS}. */
  accessTokenSeconds?: number;
  /** Serves `/_test/*`; on a loopback address only. */
  testHooks?: boolean;
  /** Folder that keeps the signing key, sessions and refresh tokens over a restart; omitted: memory only. */
  dataDir?: string;
  /** Milliseconds since 1970, by which what is kept expires; default `Date.now`. */
  now?: () => number;
}

/** An identity provider that accepts requests. */
export interface RunningIdentityProvider {
  /** `http://localhost:<port>/<tenant>/v2.0`, for OpenID clients. */
  authority: string;
  /** The `iss` claim; the same as `authority`. */
  issuer: string;
  jwksUri: string;
  port: number;
  /** The `aud` claim of access tokens for the DICOM service. */
  audience: string;
  /** The role of whoever an access token is for; see {@link roleOf}. */
  roleOf(claims: Record<string, unknown>): DicomRole | undefined;
  /** Stops: lines that are open are cut, and what is kept is on disk when it resolves. */
  close(): Promise<void>;
}

/**
 * Starts an identity provider that behaves as Microsoft Entra ID does towards the viewer, the relay and the command:
 * code flow with PKCE, refresh tokens that end 24 hours after sign-in, client credentials, device code, sign-out.
 * @throws {EmulatorStartError} ERR_EMULATOR_PORT_IN_USE, ERR_EMULATOR_OPTION.
 * @throws {TypeError} when an option is not of the form that {@link IdentityProviderOptions} says.
 * @throws the error of `node:fs` when `dataDir` cannot be read or written.
 */
export async function startIdentityProvider(
  options: IdentityProviderOptions
): Promise<RunningIdentityProvider> {
  const { host = '127.0.0.1', tenant = LOCAL_TENANT, dataDir, now } = options;
  const { redirectPath = '/callback', signedOutPath = '/signed-out' } = options;
  const { accessTokenSeconds = DEFAULT_ACCESS_TOKEN_SECONDS, testHooks = false } = options;
  checkOptions(options, host);
  const viewerOrigins = new Set(options.viewerOrigins);
  const library = await loadOidcProvider();
  const signingKey = await loadSigningKey(dataDir);
  const store = await StateStore.open({ path: dataDir && join(dataDir, STATE_FILE), now });

  // The issuer has the port in it, which is known once the server listens.
  let serve: ReturnType<typeof createRequestHandler> | undefined;
  const server = createServer((request, response) => {
    if (serve) serve(request, response);
    else response.writeHead(503).end();
  });
  const port = await listen(server, {
    host,
    port: options.port ?? DEFAULT_IDENTITY_PORT,
    what: 'identity provider',
  });
  const close = async (): Promise<void> => {
    const closed = new Promise<void>(resolve => server.close(() => resolve()));
    server.closeAllConnections();
    await closed;
    await store.flushed();
  };

  try {
    const name = EVERY_ADDRESS.has(host) ? '127.0.0.1' : host;
    const endpoints = identityEndpoints(originOf(name, port), tenant);
    const provider = new library.Provider(
      endpoints.issuer,
      providerConfiguration(library, {
        endpoints,
        tenant,
        port,
        viewerOrigins,
        redirectPath,
        signedOutPath,
        accessTokenSeconds,
        signingKey,
        store,
      })
    );
    serve = createRequestHandler({
      provider,
      endpoints,
      viewerOrigins,
      publicKey: publicPart(signingKey),
      testHooks: testHooks
        ? createTestHooks({ corsHeaders: request => corsHeaders(request, viewerOrigins) })
        : undefined,
    });
    return {
      authority: endpoints.issuer,
      issuer: endpoints.issuer,
      jwksUri: `${endpoints.origin}${endpoints.paths.keys}`,
      port,
      audience: DICOM_AUDIENCE,
      roleOf,
      close,
    };
  } catch (error) {
    await close();
    throw error;
  }
}

function checkOptions(options: IdentityProviderOptions, host: string): void {
  const { tenant, viewerOrigins, accessTokenSeconds, testHooks } = options;
  if (tenant !== undefined && !/^[\w.-]+$/.test(tenant)) {
    throw new TypeError(`tenant: expected a GUID or a domain name, found '${tenant}'`);
  }
  for (const origin of viewerOrigins) {
    if (!URL.canParse(origin) || new URL(origin).origin !== origin) {
      throw new TypeError(
        `viewerOrigins: expected origins such as http://localhost:3000, found '${origin}'`
      );
    }
  }
  for (const name of ['redirectPath', 'signedOutPath'] as const) {
    if (options[name]?.startsWith('/') === false) {
      throw new TypeError(
        `${name}: expected a path that starts with '/', found '${options[name]}'`
      );
    }
  }
  if (
    accessTokenSeconds !== undefined &&
    !(Number.isSafeInteger(accessTokenSeconds) && accessTokenSeconds > 0)
  ) {
    throw new TypeError(
      `accessTokenSeconds: expected a whole number above 0, found ${accessTokenSeconds}`
    );
  }
  if (testHooks && !isLoopback(host)) {
    throw new TypeError(`testHooks: expected a loopback host with them, found '${host}'`);
  }
}
