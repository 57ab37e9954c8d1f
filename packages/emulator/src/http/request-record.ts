import type { IncomingMessage, ServerResponse } from 'node:http';

/** What a request presented, as far as its look tells; nothing is verified here. */
export type CredentialKind =
  'none' | 'access token' | 'ID token' | 'share token' | 'opaque bearer' | 'basic' | 'other';

/** One answered request, as `GET /_test/requests` lists it. Never holds the credential or the query. */
export interface RequestRecord {
  method: string;
  /** The path without the query, which may hold patient data or an authorization code. */
  path: string;
  /** HTTP status, or `null` when the line was cut before an answer began. */
  status: number | null;
  credential: CredentialKind;
}

/** The path of a request's target, without its query. */
export function pathOf(request: IncomingMessage): string {
  const target = request.url ?? '/';
  const end = target.indexOf('?');
  return end < 0 ? target : target.slice(0, end);
}

/** Calls `add` once when the answer is complete or its line was cut. */
export function recordWhenDone(
  request: IncomingMessage,
  response: ServerResponse,
  add: (record: RequestRecord) => void
): void {
  const method = request.method ?? 'GET';
  const path = pathOf(request);
  const credential = credentialKind(request.headers.authorization);
  response.once('close', () =>
    add({ method, path, status: response.headersSent ? response.statusCode : null, credential })
  );
}

/** What kind of credential an `Authorization` header carries. */
export function credentialKind(authorization: string | undefined): CredentialKind {
  if (!authorization) return 'none';
  const [scheme = '', credential = ''] = authorization.split(/ +/, 2);
  if (/^basic$/i.test(scheme)) return 'basic';
  if (!/^bearer$/i.test(scheme)) return 'other';
  const [header, payload] = credential.split('.').map(decodeJson);
  if (!header || !payload) return 'opaque bearer';
  if (String(header.alg).startsWith('HS') && Array.isArray(payload.resources)) return 'share token';
  // OpenID Connect Core 1.0 section 2: only ID tokens carry these claims.
  const isIdToken = ['nonce', 'at_hash', 'c_hash'].some(claim => claim in payload);
  return isIdToken ? 'ID token' : 'access token';
}

function decodeJson(part: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(Buffer.from(part, 'base64url').toString('utf8'));
    return typeof value === 'object' && value !== null
      ? (value as Record<string, unknown>)
      : undefined;
  } catch {
    return undefined;
  }
}
