/** What stands in place of a secret. */
export const REDACTED = '[redacted]';

/** Names whose value is a secret wherever `name=value` or `"name": "value"` stands: RFC 6749, RFC 7636, RFC 7521, OpenID Connect. */
const SECRET_NAMES = [
  'access_token',
  'id_token',
  'refresh_token',
  'token',
  'code',
  'code_verifier',
  'client_secret',
  'client_assertion',
  'assertion',
  'password',
  'id_token_hint',
  'login_hint',
  'state',
  'nonce',
  'session_state',
  'sig',
].join('|');

const RULES: readonly (readonly [pattern: RegExp, replacement: string])[] = [
  // A JSON Web Token (RFC 7519), also cut short or encrypted (five parts). `eyJ` is base64url for `{"`.
  [/\beyJ[\w-]{5,}(?:\.[\w-]*)*/g, REDACTED],
  // Credentials of RFC 6750 and RFC 7617, with or without the header's name.
  [/\b(Bearer)(\s+|%20|\+)[\w.~+/=-]{3,}/gi, `$1 ${REDACTED}`],
  // Base64 of `user:password`; "basic question" is not.
  [/\b([Bb]asic|BASIC)(\s+|%20|\+)(?=[a-z]*[A-Z0-9+/=])[\w+/=-]{3,}/g, `$1 ${REDACTED}`],
  [
    /\b((?:Proxy-)?Authorization|Cookie|Set-Cookie|X-Api-Key)(["']?\s*[:=]\s*)[^\r\n]+/gi,
    `$1: ${REDACTED}`,
  ],
  // User and password in a URL.
  [/(\b[a-z][a-z0-9+.-]*:\/\/)[^\s/?#@]+@/gi, `$1${REDACTED}@`],
  // JSON members.
  [
    new RegExp(
      `(["'])(${SECRET_NAMES})\\1(\\s*:\\s*)(?:"(?:[^"\\\\]|\\\\.)*"?|'[^']*'?|[^\\s,}]+)`,
      'gi'
    ),
    `$1$2$1$3"${REDACTED}"`,
  ],
  // Parameters of a form, a query string or a fragment.
  [new RegExp(`(^|[^\\w])(${SECRET_NAMES})=[^\\s&#"'<>]*`, 'gi'), `$1$2=${REDACTED}`],
];

/** A query string or fragment with parameters, as it stands at the end of a path or an address. */
const QUERY = /[?#][^\s?#"'<>]*=[^\s"'<>]*/g;

/**
 * Takes secrets out of a text. This is the only way into a log: access tokens, `Bearer` and `Basic` credentials, OAuth parameters,
 * passwords in addresses, and the value of every query parameter (searches carry names and identifiers of patients).
 *
 * Patient data in free text cannot be recognised; texts that may hold it are not to be logged at all.
 * @returns the text with each secret replaced by `[redacted]`; redacting twice changes nothing.
 */
export function redact(text: string): string {
  let result = text.replace(QUERY, query => query.replace(/=[^&#]*/g, `=${REDACTED}`));
  for (const [pattern, replacement] of RULES) result = result.replace(pattern, replacement);
  return result;
}

/**
 * An address fit for a log: origin and path, without user, password, query string and fragment. A relative address gives its path.
 * An address of a scheme without origin (`data:`, `blob:`) gives its scheme only.
 */
export function redactURL(url: string | URL): string {
  const text = String(url);
  let parsed: URL;
  try {
    parsed = new URL(text);
  } catch {
    return redact(text.replace(/[?#].*$/s, ''));
  }
  if (parsed.origin === 'null') return `${parsed.protocol}${REDACTED}`;
  return redact(`${parsed.origin}${parsed.pathname}`);
}
