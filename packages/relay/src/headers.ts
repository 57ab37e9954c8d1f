import type { IncomingHttpHeaders, OutgoingHttpHeaders } from 'node:http';

/**
 * What goes to the DICOM service of a caller's request; nothing else does. The caller's Authorization, cookies and keys
 * (`X-Api-Key` and the like in Orthanc's server entry) are for the relay; hop-by-hop headers (RFC 9110 7.6.1) are for one connection. No Accept-Encoding: addresses in
 * answers are changed on the way.
 */
const REQUEST_HEADERS = [
  'accept',
  'accept-charset',
  'accept-language',
  'cache-control',
  'if-match',
  'if-modified-since',
  'if-none-match',
  'if-range',
  'if-unmodified-since',
  'range',
  'user-agent',
];

/** What does not come back: RFC 9110 7.6.1, and what would tie the caller to the DICOM service. */
const RESPONSE_HEADERS_DROPPED = new Set([
  'alt-svc',
  'connection',
  'keep-alive',
  'proxy-authenticate',
  'proxy-authentication-info',
  'proxy-connection',
  'set-cookie',
  'strict-transport-security',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
  'www-authenticate',
]);

const NONE: ReadonlySet<string> = new Set();

/** The names which the header Connection lists: these are hop-by-hop as well. */
function namedByConnection({ connection }: IncomingHttpHeaders): ReadonlySet<string> {
  // Names no header that is passed on.
  if (connection === undefined || connection === 'keep-alive') return NONE;
  return new Set(connection.split(',').map(name => name.trim().toLowerCase()));
}

/** The header of RFC 6750 2.1; none for a service that asks for no access token. */
const authorization = (accessToken: string | undefined): OutgoingHttpHeaders =>
  accessToken === undefined ? {} : { authorization: `Bearer ${accessToken}` };

/**
 * Headers of a request without a body, for the DICOM service.
 * @param accessToken - undefined: the service asks for none.
 */
export function requestHeaders(
  headers: IncomingHttpHeaders,
  accessToken: string | undefined
): OutgoingHttpHeaders {
  const connection = namedByConnection(headers);
  const kept = REQUEST_HEADERS.flatMap(name => {
    const value = headers[name];
    return value === undefined || connection.has(name) ? [] : [[name, value] as const];
  });
  return { ...Object.fromEntries(kept), ...authorization(accessToken) };
}

/**
 * Headers of a Store request for the DICOM service. The answer is read here, so it is asked for in one form (`application/dicom+json`
 * is the only one the service has) and never compressed.
 */
export function storeHeaders(
  contentType: string,
  accessToken: string | undefined,
  userAgent?: string
): OutgoingHttpHeaders {
  const headers = authorization(accessToken);
  headers['accept'] = 'application/dicom+json';
  headers['content-type'] = contentType;
  if (userAgent !== undefined) headers['user-agent'] = userAgent;
  return headers;
}

/** Headers of the DICOM service's answer, for the caller. */
export function responseHeaders(headers: IncomingHttpHeaders): OutgoingHttpHeaders {
  const connection = namedByConnection(headers);
  const kept: OutgoingHttpHeaders = {};
  for (const [name, value] of Object.entries(headers)) {
    if (!RESPONSE_HEADERS_DROPPED.has(name) && !connection.has(name)) kept[name] = value;
  }
  return kept;
}
