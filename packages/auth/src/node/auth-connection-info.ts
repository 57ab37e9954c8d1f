import { AuthError } from '../auth-error.ts';

/** The variable in which the Python client of the DICOM server keeps its credentials. */
export const AUTH_CONNECTION_INFO_VARIABLE = 'AUTH_CONNECTION_INFO';

/** What `AUTH_CONNECTION_INFO` says, in the terms of `clientCredentialsSource`. */
export interface AuthConnectionInfo {
  /** `<authority>/oauth2/v2.0/token`. */
  readonly tokenEndpoint: string;
  readonly clientId: string;
  /** A secret. */
  readonly clientSecret: string;
  /** `<oauth_resource>/.default`. */
  readonly scope: string;
}

const MEMBERS = ['authority', 'client_id', 'client_secret', 'oauth_resource'] as const;
type Member = (typeof MEMBERS)[number];

const EXAMPLE = `{"authority": "https://login.microsoftonline.com/<tenant>", "client_id": "...", "client_secret": "...", "oauth_resource": "https://dicom.healthcareapis.azure.com"}`;

function invalid(found: string): AuthError {
  return new AuthError(
    'ERR_AUTH_PROVIDER_CONFIGURATION',
    `${AUTH_CONNECTION_INFO_VARIABLE}: expected ${EXAMPLE}; ${found}`
  );
}

function fromJson(text: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && !Array.isArray(value)
      ? (value as Record<string, unknown>)
      : undefined;
  } catch {
    return undefined;
  }
}

/** A member's name with what may stand around it, at the beginning or after a comma; then the colon. */
const NAME = new RegExp(`(?:^|,)\\s*(['"]?)(${MEMBERS.join('|')})\\1\\s*:\\s*`, 'g');

/** The text of a value without its quotation marks; in quotes, `\'` and `\\` stand for what follows the backslash, as in Python. */
function unquoted(text: string): string {
  const quote = text[0];
  if (text.length < 2 || (quote !== "'" && quote !== '"') || !text.endsWith(quote)) return text;
  return text.slice(1, -1).replace(/\\(['"\\])/g, '$1');
}

/**
 * The members of a Python dictionary, or of what a shell leaves of one: of the line which the Python client's documentation shows, bash
 * takes all quotation marks away. Names are known, so what stands between two of them is a value.
 */
function fromPython(text: string): Record<string, string> {
  const body = text.replace(/^\{/, '').replace(/\}$/, '').trim();
  const names = [...body.matchAll(NAME)];
  return Object.fromEntries(
    names.map((match, i) => {
      const start = match.index + match[0].length;
      const value = body.slice(start, names[i + 1]?.index ?? body.length);
      return [match[2] ?? '', unquoted(value.replace(/,\s*$/, '').trim())];
    })
  );
}

/** The token endpoint of version 2.0 of an authority, which may be written with or without `/v2.0`. */
function tokenEndpointOf(authority: string): string {
  if (!/^https?:/i.test(authority) || !URL.canParse(authority)) {
    throw invalid('"authority" is not an http(s) URL');
  }
  const url = new URL(authority);
  if (url.username || url.password || url.search || url.hash) {
    throw invalid('"authority" has a user, a password, a query or a fragment');
  }
  const path = url.pathname.replace(/\/+$/, '').replace(/\/(oauth2\/)?v2\.0$/, '');
  if (path === '') throw invalid('"authority" names no tenant');
  return `${url.origin}${path}/oauth2/v2.0/token`;
}

/**
 * Reads the value of `AUTH_CONNECTION_INFO`: a JSON object; or the same in single quotes, as the Python client's documentation shows it; or
 * what is left of that when a shell has taken the quotes away, or has left its `$'...'` around.
 *
 * The Python client asks for an access token of a resource (Entra ID, version 1.0); this is the scope `<oauth_resource>/.default` of
 * version 2.0, which gives the same.
 * @throws AuthError `ERR_AUTH_PROVIDER_CONFIGURATION` naming the members that are missing or wrong, never a value.
 * @see microsoft/dicom-client, README "Authentication"
 */
export function parseAuthConnectionInfo(value: string): AuthConnectionInfo {
  const text = value.trim().replace(/^\$?'(\{.*\})'$/s, '$1');
  const members = fromJson(text) ?? fromPython(text);
  const read = (name: Member): string => {
    const member = Object.hasOwn(members, name) ? members[name] : undefined;
    return typeof member === 'string' ? member.trim() : '';
  };
  const missing = MEMBERS.filter(name => read(name) === '');
  if (missing.length > 0) {
    throw invalid(
      `${missing.map(name => `"${name}"`).join(' and ')} ${missing.length > 1 ? 'are' : 'is'} missing`
    );
  }
  const resource = read('oauth_resource')
    .replace(/\/+$/, '')
    .replace(/\/\.default$/, '');
  return {
    tokenEndpoint: tokenEndpointOf(read('authority')),
    clientId: read('client_id'),
    clientSecret: read('client_secret'),
    scope: `${resource}/.default`,
  };
}
