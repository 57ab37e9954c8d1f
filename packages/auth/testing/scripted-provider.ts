import { createHash, randomUUID } from 'node:crypto';
import type { ServerResponse } from 'node:http';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

/** An answer in place of the one the provider would give. */
export interface ScriptedAnswer {
  readonly status?: number;
  readonly body?: unknown;
  readonly contentType?: string;
  /** Cuts the line. */
  readonly destroy?: boolean;
}

interface Grant {
  readonly challenge: string;
  readonly nonce: string;
  readonly clientId: string;
}

const part = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url');

/** An OpenID provider on a port of its own: discovery and token endpoint; the user's part is {@link authorize}. Keeps no keys. */
export class ScriptedProvider {
  /** Claims of the next ID and access tokens, beside the usual ones. */
  claims: Record<string, unknown> = {
    sub: 'sub-1',
    oid: 'oid-1',
    tid: 'tenant-1',
    name: 'Dr. MARKERNAME',
    preferred_username: 'owner@clinic.example',
  };
  accessTokenSeconds = 3600;
  /** The provider's time, in milliseconds, but for {@link clockOffsetSeconds}. */
  now: () => number = Date.now;
  /** How far the provider's clock is from this machine's, in seconds. */
  clockOffsetSeconds = 0;
  givesRefreshToken = true;
  /** What is granted, whatever was asked for. */
  grantedScope: string | undefined;
  /** Members added to the token endpoint's answer; `undefined` takes one away. */
  extra: Record<string, unknown> = {};
  /** Changes the metadata before it is sent. */
  metadataChange: Record<string, unknown> = {};
  discoveryAnswer: ScriptedAnswer | undefined;
  /** Answers of the token endpoint, each used once, in place of the usual ones. */
  readonly tokenAnswers: ScriptedAnswer[] = [];
  readonly tokenRequests: URLSearchParams[] = [];
  discoveries = 0;
  /** Called when a request has reached the token endpoint. */
  onTokenRequest: () => void = () => undefined;
  /** Everything secret that was issued. */
  readonly issued: string[] = [];
  readonly #grants = new Map<string, Grant>();
  readonly #refreshTokens = new Set<string>();
  #hold: Promise<void> | undefined;

  readonly #server = createServer((request, response) => {
    if (request.method === 'GET') return this.#discover(response);
    let body = '';
    request.on('data', chunk => (body += chunk));
    request.on('end', () => void this.#token(new URLSearchParams(body), response));
  });

  async start(): Promise<void> {
    await new Promise<void>(resolve => this.#server.listen(0, '127.0.0.1', resolve));
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise(resolve => this.#server.close(resolve));
  }

  get authority(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}/tenant-1/v2.0`;
  }

  /** Keeps the token endpoint's answers back until `release` is called; `arrived` resolves with the next request. */
  hold(): { arrived: Promise<void>; release: () => void } {
    let release = (): void => undefined;
    this.#hold = new Promise(resolve => {
      release = () => {
        this.#hold = undefined;
        resolve();
      };
    });
    const arrived = new Promise<void>(resolve => {
      this.onTokenRequest = resolve;
    });
    return { arrived, release };
  }

  /** The user signs in: @returns the callback's address with the answer. */
  authorize(authorizationURL: string, change: Record<string, string> = {}): URL {
    const { searchParams } = new URL(authorizationURL);
    const code = `MARKERCODE${randomUUID()}`;
    this.issued.push(code);
    this.#grants.set(code, {
      challenge: searchParams.get('code_challenge') ?? '',
      nonce: searchParams.get('nonce') ?? '',
      clientId: searchParams.get('client_id') ?? '',
    });
    const callback = new URL(searchParams.get('redirect_uri') ?? '');
    const answer = { code, state: searchParams.get('state') ?? '', iss: this.authority, ...change };
    for (const [name, value] of Object.entries(answer)) callback.searchParams.set(name, value);
    return callback;
  }

  /** Refresh tokens issued so far end now. */
  revoke(): void {
    this.#refreshTokens.clear();
  }

  #discover(response: ServerResponse): void {
    this.discoveries += 1;
    const metadata = {
      issuer: this.authority,
      authorization_endpoint: `${this.authority}/authorize`,
      token_endpoint: `${this.authority}/token`,
      end_session_endpoint: `${this.authority}/logout`,
      revocation_endpoint: `${this.authority}/revoke`,
      ...this.metadataChange,
    };
    this.#send(response, this.discoveryAnswer ?? { body: metadata });
  }

  async #token(form: URLSearchParams, response: ServerResponse): Promise<void> {
    this.tokenRequests.push(form);
    this.onTokenRequest();
    await this.#hold;
    this.#send(response, this.tokenAnswers.shift() ?? this.#grant(form));
  }

  #grant(form: URLSearchParams): ScriptedAnswer {
    const invalid = { status: 400, body: { error: 'invalid_grant', error_description: 'MARKER' } };
    if (form.get('grant_type') === 'refresh_token') {
      // Rotation: a refresh token is good for one use.
      if (!this.#refreshTokens.delete(form.get('refresh_token') ?? '')) return invalid;
      return this.#tokens('ohif-viewer', undefined, form.get('scope') ?? '');
    }
    const grant = this.#grants.get(form.get('code') ?? '');
    this.#grants.delete(form.get('code') ?? '');
    const verifier = form.get('code_verifier') ?? '';
    const challenge = createHash('sha256').update(verifier).digest('base64url');
    if (!grant || challenge !== grant.challenge) return invalid;
    return this.#tokens(grant.clientId, grant.nonce, 'openid offline_access Dicom.ReadWrite');
  }

  #tokens(clientId: string, nonce: string | undefined, asked: string): ScriptedAnswer {
    const scope = this.grantedScope ?? asked;
    const now = Math.floor(this.now() / 1000) + this.clockOffsetSeconds;
    const times = { iat: now, nbf: now, exp: now + this.accessTokenSeconds };
    const shared = { iss: this.authority, jti: randomUUID(), ...times, ...this.claims };
    const jwt = (header: object, claims: object): string => {
      const token = `${part(header)}.${part(claims)}.MARKERSIGNATURE`;
      this.issued.push(token);
      return token;
    };
    const access = { ...shared, aud: 'https://dicom.healthcareapis.azure.com', scp: scope };
    const body: Record<string, unknown> = {
      token_type: 'Bearer',
      expires_in: this.accessTokenSeconds,
      scope,
      access_token: jwt({ alg: 'RS256', typ: 'at+jwt' }, access),
      id_token: jwt({ alg: 'RS256' }, { aud: clientId, nonce, ...shared }),
    };
    if (this.givesRefreshToken) {
      const refreshToken = `MARKERREFRESH${randomUUID()}`;
      this.#refreshTokens.add(refreshToken);
      this.issued.push(refreshToken);
      body['refresh_token'] = refreshToken;
    }
    return { body: { ...body, ...this.extra } };
  }

  #send(response: ServerResponse, answer: ScriptedAnswer): void {
    if (answer.destroy) return void response.socket?.destroy();
    const { status = 200, body = '', contentType = 'application/json' } = answer;
    response.writeHead(status, { 'Content-Type': contentType, Connection: 'close' });
    response.end(typeof body === 'string' ? body : JSON.stringify(body));
  }
}
