import { OidcClient, type SigninResponse } from 'oidc-client-ts';
import { isEntraHost } from '../access-token-kind.ts';
import type { ProviderMetadata } from './discovery.ts';
import { discoverProvider } from './discovery.ts';
import type { BrowserEnvironment } from './environment.ts';
import { randomName } from './random-name.ts';
import { safeReturnPath } from './return-path.ts';
import type { SessionRecord } from './session-record.ts';
import type { SessionStores } from './session-stores.ts';
import type { BrowserSessionOptions } from './session-types.ts';
import { callbackInvalid, signInRequired, toAuthError } from './sign-in-errors.ts';

/** Added to the `state` of a sign-in in a window of its own, so that the callback page knows itself in it, whatever became of its opener. */
export const POPUP_STATE = 'popup';

/** The longest wait for the token endpoint, in seconds. */
const TOKEN_REQUEST_TIMEOUT_SECONDS = 15;

/** Scopes that are about the sign-in, not about the service. */
const OPENID_SCOPES = new Set(['openid', 'profile', 'email', 'offline_access']);

interface Connection {
  readonly client: OidcClient;
  readonly metadata: ProviderMetadata;
}

/** A completed sign-in. */
export interface SignInResult {
  readonly response: SigninResponse;
  readonly returnTo: string;
}

/**
 * The requests of a sign-in, on oidc-client-ts: authorization code flow with PKCE (S256), state and nonce; refresh token grant; RP-initiated
 * logout. Its `OidcClient` is used rather than its `UserManager`, which opens frames, keeps timers of its own, and stores tokens in the clear.
 * All methods reject with `AuthError` only.
 */
export class Provider {
  readonly #options: BrowserSessionOptions;
  readonly #environment: BrowserEnvironment;
  readonly #stores: () => Promise<SessionStores>;
  #connection: Promise<Connection> | undefined;

  constructor(
    options: BrowserSessionOptions,
    environment: BrowserEnvironment,
    stores: () => Promise<SessionStores>
  ) {
    this.#options = options;
    this.#environment = environment;
    this.#stores = stores;
  }

  /** Asks for the metadata once; after a failure anew. */
  #connect(): Promise<Connection> {
    this.#connection ??= this.#discover().catch((error: unknown) => {
      this.#connection = undefined;
      throw error;
    });
    return this.#connection;
  }

  async #discover(): Promise<Connection> {
    const { authority, clientId, scopes, redirectUri, signedOutUri } = this.#options;
    const [metadata, { state }] = await Promise.all([
      discoverProvider(authority, this.#environment.fetch),
      this.#stores(),
    ]);
    const client = new OidcClient({
      authority,
      metadata: { ...metadata },
      client_id: clientId,
      redirect_uri: redirectUri,
      post_logout_redirect_uri: signedOutUri,
      response_type: 'code',
      scope: scopes.join(' '),
      loadUserInfo: false,
      filterProtocolClaims: true,
      requestTimeoutInSeconds: TOKEN_REQUEST_TIMEOUT_SECONDS,
      stateStore: state,
    });
    return { client, metadata };
  }

  /** The issuer's name, for checks of ID tokens. */
  async issuer(): Promise<string> {
    return (await this.#connect()).metadata.issuer;
  }

  /** @returns the address to go to, and the `state` its answer will have. */
  async signInRequest(request: {
    returnTo: string;
    isPopup: boolean;
    loginHint?: string;
    /** Besides those of the session. */
    scopes?: readonly string[];
  }): Promise<{ url: string; state: string }> {
    const { client } = await this.#connect();
    const nonce = randomName(this.#environment.crypto);
    try {
      const { url, state } = await client.createSigninRequest({
        request_type: request.isPopup ? 'si:p' : 'si:r',
        state: { returnTo: this.#returnPath(request.returnTo) },
        url_state: request.isPopup ? POPUP_STATE : undefined,
        login_hint: request.loginHint || undefined,
        scope: [...new Set([...this.#options.scopes, ...(request.scopes ?? [])])].join(' '),
        nonce,
      });
      return { url, state: state.id };
    } catch (error) {
      throw toAuthError(error, 'sign-in');
    }
  }

  /** Neither the callback's page nor the signed-out one is a place to come back to: in their stead the folder they are in. */
  #returnPath(path: string): string {
    const { redirectUri, signedOutUri } = this.#options;
    const { origin } = this.#environment;
    const safe = safeReturnPath(path, origin);
    const isOwnPage = [redirectUri, signedOutUri].some(
      own => new URL(own).pathname === new URL(safe, origin).pathname
    );
    return isOwnPage ? new URL('.', redirectUri).pathname : safe;
  }

  /** Redeems the provider's answer. @param url - the callback's address with the answer in its query. */
  async completeSignIn(url: URL): Promise<SignInResult> {
    const { client, metadata } = await this.#connect();
    const issuer = url.searchParams.get('iss');
    // RFC 9207 2.4: an answer of another provider is not redeemed with this one.
    if (issuer !== null && !metadata.issuer.includes('{') && issuer !== metadata.issuer) {
      throw callbackInvalid();
    }
    try {
      const response = await client.processSigninResponse(url.href);
      const state = response.userState as { returnTo?: unknown } | undefined;
      return { response, returnTo: safeReturnPath(state?.returnTo, this.#environment.origin) };
    } catch (error) {
      throw toAuthError(error, 'sign-in');
    }
  }

  /** Forgets a sign-in that will have no answer. */
  async forget(state: string): Promise<void> {
    const stores = await this.#stores();
    await stores.state.remove(state);
  }

  /** RFC 6749 6. */
  async refresh(record: SessionRecord): Promise<SigninResponse> {
    if (record.refreshToken === undefined) throw signInRequired();
    const { client } = await this.#connect();
    try {
      return await client.useRefreshToken({
        // Without the ID token: the library would hold its `auth_time` against the new one's, which differs after a sign-in elsewhere.
        // Issuer, audience and subject are compared in recordFrom().
        state: {
          refresh_token: record.refreshToken,
          session_state: null,
          scope: this.#refreshScope(record.scope),
          profile: {} as never,
        },
        timeoutInSeconds: TOKEN_REQUEST_TIMEOUT_SECONDS,
      });
    } catch (error) {
      throw toAuthError(error, 'renewal');
    }
  }

  /**
   * What was granted is asked for again. Entra ID tells only the service's scopes back, so the others are added; elsewhere asking for more
   * than was granted is an error (RFC 6749 6).
   */
  #refreshScope(granted: string | undefined): string {
    if (granted === undefined) return this.#options.scopes.join(' ');
    if (!isEntraHost(this.#options.authority)) return granted;
    const openIdScopes = this.#options.scopes.filter(scope => OPENID_SCOPES.has(scope));
    return [...new Set([...granted.split(' '), ...openIdScopes])].filter(Boolean).join(' ');
  }

  /**
   * Where to go to end the session at the provider; the signed-out page itself where the provider has no such address.
   * @see OpenID Connect RP-Initiated Logout 1.0, 2
   */
  async signOutURL(idToken: string | undefined): Promise<string> {
    const { client, metadata } = await this.#connect();
    if (metadata.end_session_endpoint === undefined) return this.#options.signedOutUri;
    try {
      const { url } = await client.createSignoutRequest({ id_token_hint: idToken });
      return url;
    } catch (error) {
      throw toAuthError(error, 'sign-in');
    }
  }
}
