import { redactURL } from '@ohif-azure/core';

/** RFC 9110 15; HTTP/2 does not transport the phrases. */
const PHRASES: Readonly<Record<number, string>> = {
  200: 'OK',
  202: 'Accepted',
  204: 'No Content',
  301: 'Moved Permanently',
  302: 'Found',
  307: 'Temporary Redirect',
  308: 'Permanent Redirect',
  400: 'Bad Request',
  401: 'Unauthorized',
  403: 'Forbidden',
  404: 'Not Found',
  405: 'Method Not Allowed',
  406: 'Not Acceptable',
  408: 'Request Timeout',
  409: 'Conflict',
  411: 'Length Required',
  413: 'Content Too Large',
  415: 'Unsupported Media Type',
  424: 'Failed Dependency',
  429: 'Too Many Requests',
  500: 'Internal Server Error',
  501: 'Not Implemented',
  502: 'Bad Gateway',
  503: 'Service Unavailable',
  504: 'Gateway Timeout',
};

/** `409 Conflict`; only the number where the phrase is not known. */
export function describeStatus(status: number): string {
  const phrase = PHRASES[status];
  return phrase ? `${status} ${phrase}` : String(status);
}

/** The transactions as they stand in messages. @see PS3.18 10.4 to 10.7 */
export type TransactionName = 'STOW-RS' | 'QIDO-RS' | 'WADO-RS' | 'Delete';

/** `STOW-RS POST https://h/v2/studies: 409 Conflict, 0 of 1 SOP Instances stored`. Query strings never stand in a message. */
export function transactionMessage(
  transaction: TransactionName,
  method: string,
  url: string,
  what: string
): string {
  return `${transaction} ${method} ${redactURL(url)}: ${what}`;
}
