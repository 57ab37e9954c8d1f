import { createHash, randomBytes } from 'node:crypto';
import type { PracticeAccount } from '../accounts.ts';
import { VIEWER_CLIENT_ID } from '../clients.ts';
import { DICOM_AUDIENCE } from '../scopes.ts';
import type { RunningIdentityProvider } from '../start.ts';
import { Browser, type Arrival } from './browser.ts';

/** The origin of the viewer that does not run. */
export const VIEWER_ORIGIN = 'http://viewer.test:3000';
/** What the viewer asks for. */
export const VIEWER_SCOPE = `openid profile offline_access ${DICOM_AUDIENCE}/Dicom.ReadWrite`;

/** An answer of the token endpoint (RFC 6749 sections 5.1 and 5.2). */
export interface TokenAnswer {
  readonly status: number;
  readonly body: {
    readonly access_token: string;
    readonly id_token: string;
    readonly refresh_token: string;
    readonly expires_in: number;
    readonly token_type: string;
    readonly scope: string;
    readonly error?: string;
  };
}

/** The viewer as an OpenID client, and the browser it runs in. */
export class Viewer {
  readonly browser: Browser;
  readonly #oauth2: string;
  readonly #verifier = randomBytes(32).toString('base64url');

  constructor(provider: RunningIdentityProvider, browser?: Browser) {
    this.browser = browser ?? new Browser(new URL(provider.authority).origin);
    this.#oauth2 = provider.authority.replace(/v2\.0$/, 'oauth2/v2.0');
  }

  /** An authorization request; a parameter that is undefined is left out. */
  authorizeUrl(parameters: Record<string, string | undefined> = {}): string {
    const all: Record<string, string | undefined> = {
      client_id: VIEWER_CLIENT_ID,
      response_type: 'code',
      redirect_uri: `${VIEWER_ORIGIN}/callback`,
      scope: VIEWER_SCOPE,
      state: 'the-state',
      nonce: 'the-nonce',
      code_challenge: createHash('sha256').update(this.#verifier).digest('base64url'),
      code_challenge_method: 'S256',
      ...parameters,
    };
    const kept = Object.entries(all).filter(
      (entry): entry is [string, string] => entry[1] !== undefined
    );
    return `${this.#oauth2}/authorize?${new URLSearchParams(kept)}`;
  }

  logoutUrl(parameters: Record<string, string>): string {
    return `${this.#oauth2}/logout?${new URLSearchParams(parameters)}`;
  }

  /** Asks to sign in, fills in the sign-in page, and comes back. */
  async signIn(
    account: Pick<PracticeAccount, 'username' | 'password'>,
    parameters: Record<string, string | undefined> = {}
  ): Promise<Arrival> {
    const { url } = await this.browser.visit(this.authorizeUrl(parameters));
    const { username, password } = account;
    return this.browser.submit(url, { username, password });
  }

  /** Redeems the code of an arrival at the redirect URI. */
  redeem({ url }: Arrival): Promise<TokenAnswer> {
    return this.askTokens({
      grant_type: 'authorization_code',
      client_id: VIEWER_CLIENT_ID,
      code: url.searchParams.get('code') ?? '',
      redirect_uri: `${VIEWER_ORIGIN}/callback`,
      code_verifier: this.#verifier,
    });
  }

  renew(refreshToken: string): Promise<TokenAnswer> {
    return this.askTokens({
      grant_type: 'refresh_token',
      client_id: VIEWER_CLIENT_ID,
      refresh_token: refreshToken,
    });
  }

  /** Asks the token endpoint: as the viewer from its origin, as another client from none. */
  async askTokens(fields: Record<string, string>): Promise<TokenAnswer> {
    const isViewer = fields['client_id'] === VIEWER_CLIENT_ID;
    const response = await fetch(`${this.#oauth2}/token`, {
      method: 'POST',
      headers: isViewer ? { Origin: VIEWER_ORIGIN } : {},
      body: new URLSearchParams(fields),
    });
    return { status: response.status, body: (await response.json()) as TokenAnswer['body'] };
  }
}
