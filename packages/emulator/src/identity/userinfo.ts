import type { IncomingMessage } from 'node:http';
import { importJWK, jwtVerify, type JWK } from 'jose';
import { GRAPH_AUDIENCE } from './scopes.ts';

/** An answer of the UserInfo endpoint. */
export interface UserinfoAnswer {
  readonly status: 200 | 401;
  readonly headers: Record<string, string>;
  readonly body: Record<string, unknown>;
}

/**
 * Answers at the UserInfo endpoint, which for Entra ID is one of Microsoft Graph: it takes access tokens for Graph and
 * refuses those for the DICOM service. So `loadUserInfo` fails here as it does there.
 * @param publicKey - JWK the access tokens are verified with.
 * @see OpenID Connect Core 1.0 section 5.3, RFC 6750 section 3.1.
 */
export async function answerUserinfo(
  request: IncomingMessage,
  issuer: string,
  publicKey: JWK
): Promise<UserinfoAnswer> {
  const [scheme, accessToken] = (request.headers.authorization ?? '').split(' ');
  if (scheme?.toLowerCase() !== 'bearer' || !accessToken) {
    return refusal('an access token for Microsoft Graph is needed');
  }
  try {
    const { payload } = await jwtVerify(accessToken, await importJWK(publicKey, 'RS256'), {
      algorithms: ['RS256'],
      issuer,
      audience: GRAPH_AUDIENCE,
    });
    const { sub, name, preferred_username: userName } = payload;
    return { status: 200, headers: {}, body: { sub, name, email: userName } };
  } catch {
    return refusal('the access token is not a valid one for Microsoft Graph');
  }
}

function refusal(description: string): UserinfoAnswer {
  return {
    status: 401,
    headers: {
      'WWW-Authenticate': `Bearer error="invalid_token", error_description="${description}"`,
    },
    body: { error: 'invalid_token', error_description: description },
  };
}
