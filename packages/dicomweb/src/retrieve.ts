import { isDicomJson, parseJson } from './dicom-json.ts';
import type { DicomJson } from './dicom-json.ts';
import { failureKind, RetrieveError } from './errors.ts';
import { abortReasonOr, exchange } from './exchange.ts';
import type { Answer, ExchangeContext, RequestOptions } from './exchange.ts';
import { describeStatus, transactionMessage } from './message.ts';
import { firstPart } from './multipart.ts';
import { isPart10 } from './part10.ts';
import { resourcePath } from './resource.ts';
import { serverText } from './server-text.ts';
import { TransportError } from './transport.ts';

/** Names one instance. */
export interface InstanceUIDs {
  readonly studyInstanceUID: string;
  readonly seriesInstanceUID: string;
  readonly sopInstanceUID: string;
}

/**
 * One request of the Retrieve transaction.
 * @param how - `stream`: the body of a 200 is `Answer.stream`; `noContent`, `accepted`: 204, 202 are good answers, too.
 * @throws as {@link retrieveInstance}.
 */
export async function get(
  context: ExchangeContext,
  studyInstanceUID: string | undefined,
  path: string,
  accept: string,
  options: RequestOptions,
  how: 'whole' | 'stream' | 'noContent' | 'accepted' = 'whole'
): Promise<Answer> {
  const message = (what: string): string =>
    transactionMessage('WADO-RS', 'GET', context.serviceUrl + path, what);
  let answer: Answer;
  try {
    answer = await exchange(context, {
      operation: 'retrieve',
      studyInstanceUID,
      method: 'GET',
      path,
      headers: { Accept: accept },
      signal: options.signal,
      onWaiting: options.onWaiting,
      answer: how === 'stream' ? 'stream' : 'whole',
    });
  } catch (error) {
    const { signal } = options;
    if (!(error instanceof TransportError) || signal?.aborted) throw abortReasonOr(error, signal);
    throw new RetrieveError(
      'ERR_RETRIEVE_UNREACHABLE',
      message(error.httpStatus ? 'the answer was cut' : 'no answer'),
      { cause: error, httpStatus: error.httpStatus }
    );
  }
  const { status, body, retryAfterMs } = answer;
  const isGood =
    status === 200 ||
    (status === 204 && how === 'noContent') ||
    (status === 202 && how === 'accepted');
  if (!isGood) {
    throw new RetrieveError(
      `ERR_RETRIEVE_${status === 404 ? 'NOT_FOUND' : failureKind(status)}`,
      message(describeStatus(status)),
      { httpStatus: status, serverText: serverText(body), retryAfterMs }
    );
  }
  return answer;
}

/** The answer is not what was asked for. */
export function unreadable(context: ExchangeContext, path: string, what: string): RetrieveError {
  return new RetrieveError(
    'ERR_RETRIEVE_UNREADABLE',
    transactionMessage('WADO-RS', 'GET', context.serviceUrl + path, `200 OK, ${what}`),
    { httpStatus: 200 }
  );
}

/**
 * Retrieves one instance as it was stored, in its own Transfer Syntax (`transfer-syntax=*`: without it the service would decode it).
 * @returns its Part 10 bytes.
 * @throws {RetrieveError} ERR_RETRIEVE_NOT_FOUND, _UNAUTHORIZED, _FORBIDDEN, _THROTTLED, _UNREACHABLE, _REFUSED, _UNREADABLE.
 * @throws the signal's reason when it is aborted; what the authorization source throws; TypeError for a UID that is none.
 * @see PS3.18 10.4 Retrieve Transaction; Azure DICOM service conformance statement v2, Retrieve instance
 */
export async function retrieveInstance(
  context: ExchangeContext,
  uids: InstanceUIDs,
  options: RequestOptions = {}
): Promise<Uint8Array> {
  const path = resourcePath(uids);
  const accept = 'multipart/related; type="application/dicom"; transfer-syntax=*';
  const { headers, body } = await get(context, uids.studyInstanceUID, path, accept, options);
  const contentType = headers.get('content-type') ?? '';
  const bytes = /^\s*multipart\//i.test(contentType) ? firstPart(body, contentType) : body;
  if (!bytes || !isPart10(bytes)) throw unreadable(context, path, 'not a whole DICOM instance');
  return bytes;
}

/**
 * Retrieves the metadata of a study, a series or an instance: all attributes but the large ones.
 * @returns one data set for each instance.
 * @throws as {@link retrieveInstance}.
 * @see PS3.18 10.4.1.1.2; Azure DICOM service conformance statement v2, Retrieve metadata
 */
export async function retrieveMetadata(
  context: ExchangeContext,
  uids: Partial<InstanceUIDs> & Pick<InstanceUIDs, 'studyInstanceUID'>,
  options: RequestOptions = {}
): Promise<DicomJson[]> {
  const path = `${resourcePath(uids)}/metadata`;
  const { body } = await get(
    context,
    uids.studyInstanceUID,
    path,
    'application/dicom+json',
    options
  );
  const parsed = parseJson(body);
  if (!Array.isArray(parsed)) throw unreadable(context, path, 'not a DICOM JSON array');
  return parsed.filter(isDicomJson);
}

/**
 * Retrieves the metadata of one instance.
 * @throws as {@link retrieveInstance}.
 */
export async function retrieveInstanceMetadata(
  context: ExchangeContext,
  uids: InstanceUIDs,
  options: RequestOptions = {}
): Promise<DicomJson> {
  const [dataset] = await retrieveMetadata(context, uids, options);
  if (!dataset) throw unreadable(context, `${resourcePath(uids)}/metadata`, 'an empty array');
  return dataset;
}
