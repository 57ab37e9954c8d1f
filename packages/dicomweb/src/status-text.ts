import type { ReasonText } from './reasons.ts';

type Row = Omit<ReasonText, 'code' | 'hex'>;

const RFC = 'RFC 9110 15';
const AZURE = 'Azure DICOM service conformance statement v2';

const STATUSES: Readonly<Record<number, Row>> = {
  200: {
    name: 'OK',
    meaning: 'The server stored all objects.',
    remedy: 'Nothing is to be done.',
    source: `${AZURE}, Store`,
    retry: 'permanent',
  },
  202: {
    name: 'Accepted',
    meaning: 'The server stored some objects and failed others, or stored them with warnings.',
    remedy: 'Look at the outcome of each object.',
    source: `${AZURE}, Store`,
    retry: 'permanent',
  },
  204: {
    name: 'No Content',
    meaning: 'The server received nothing to store, or found nothing.',
    remedy: 'Check that the request had objects.',
    source: `${AZURE}, Store and Search`,
    retry: 'permanent',
  },
  400: {
    name: 'Bad Request',
    meaning: 'The server could not understand the request.',
    remedy: 'Check the UIDs, the data partition and the filters; the server says more in its text.',
    source: `${AZURE}, Store`,
    retry: 'permanent',
  },
  401: {
    name: 'Unauthorized',
    meaning: 'The server did not accept the access token, or there was none.',
    remedy:
      'Sign in again, and check that the access token is for the audience of the DICOM service.',
    source: RFC,
    retry: 'permanent',
  },
  403: {
    name: 'Forbidden',
    meaning: 'The account may not do this.',
    remedy:
      'Have an administrator assign the role DICOM Data Owner (or DICOM Data Reader, to search and retrieve); a new role takes some minutes.',
    source: RFC,
    retry: 'permanent',
  },
  404: {
    name: 'Not Found',
    meaning: 'There is no such object, or no such address.',
    remedy: 'Check the UIDs, and that the service URL ends in /v2 (or /v1).',
    source: RFC,
    retry: 'permanent',
  },
  406: {
    name: 'Not Acceptable',
    meaning: 'The server cannot answer in the form that was asked for.',
    remedy: 'Ask for the stored Transfer Syntax (transfer-syntax=*).',
    source: `${AZURE}, Retrieve`,
    retry: 'permanent',
  },
  409: {
    name: 'Conflict',
    meaning: 'The server stored none of the objects.',
    remedy: 'Look at the reason of each object.',
    source: `${AZURE}, Store`,
    retry: 'permanent',
  },
  413: {
    name: 'Content Too Large',
    meaning: 'The request is larger than the server takes.',
    remedy: 'Send fewer objects at once; a single object of this size cannot be stored there.',
    source: `${AZURE}, Store`,
    retry: 'permanent',
  },
  415: {
    name: 'Unsupported Media Type',
    meaning: 'The server does not take this type of content.',
    remedy: 'Check that the address is that of a DICOMweb service.',
    source: `${AZURE}, Store`,
    retry: 'permanent',
  },
  424: {
    name: 'Failed Dependency',
    meaning: 'The server cannot use the storage account or the key that it was given.',
    remedy:
      'Have an administrator check the storage account and the customer-managed key of the service.',
    source: `${AZURE}, Store`,
    retry: 'permanent',
  },
  429: {
    name: 'Too Many Requests',
    meaning: 'The server has more requests than it can take.',
    remedy: 'Try again later, with fewer requests at once.',
    source: 'RFC 6585 4',
    retry: 'transient',
  },
  500: {
    name: 'Internal Server Error',
    meaning: 'The server had an error of its own.',
    remedy: 'Try again. If it fails again, pass the details to your support.',
    source: RFC,
    retry: 'transient',
  },
  503: {
    name: 'Service Unavailable',
    meaning: 'The server is overloaded, or is not there at present.',
    remedy: 'Try again later.',
    source: RFC,
    retry: 'transient',
  },
};

const OTHERS: Readonly<Record<number, Row>> = {
  3: {
    name: 'Redirection',
    meaning: 'The address leads elsewhere.',
    remedy: 'Use the address that it leads to.',
    source: RFC,
    retry: 'permanent',
  },
  4: {
    name: 'Refused',
    meaning: 'The server refused the request.',
    remedy: 'Check that the address is that of a DICOMweb service.',
    source: RFC,
    retry: 'permanent',
  },
  5: {
    name: 'Failed',
    meaning: 'The server, or a gateway before it, failed.',
    remedy: 'Try again. If it fails again, pass the details to your support.',
    source: RFC,
    retry: 'transient',
  },
};

/** The statuses that have words of their own. */
export const KNOWN_STATUSES: readonly number[] = Object.keys(STATUSES).map(Number);

/**
 * A status of a DICOMweb service in words, with what to do.
 * @returns also for unknown statuses a text, by their class.
 * @see RFC 9110 15; Azure DICOM service conformance statement v2, Store response status codes
 */
export function describeHttpStatus(status: number): ReasonText {
  const row = STATUSES[status] ?? OTHERS[Math.floor(status / 100)] ?? OTHERS[5];
  return { code: status, ...(row as Row) };
}
