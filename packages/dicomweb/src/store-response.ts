import type { DicomJson } from './dicom-json.ts';
import { isDicomJson, itemsOf, numberOf, parseJson, stringOf, stringsOf } from './dicom-json.ts';
import { withoutValues } from './server-text.ts';

/** One item of a Store response. */
export interface ResponseItem {
  readonly sopClassUID?: string;
  readonly sopInstanceUID?: string;
  readonly failureReason?: number;
  readonly warningReason?: number;
  /** Redacted; see {@link withoutValues}. */
  readonly comments: readonly string[];
}

/** What a Store response says, as read. */
export interface StoreResponse {
  /** ReferencedSOPSequence (0008,1199). */
  readonly referenced: readonly ResponseItem[];
  /** FailedSOPSequence (0008,1198), then OtherFailuresSequence (0008,119A). */
  readonly failed: readonly ResponseItem[];
}

/** Comments of one item that are kept. */
const MAX_COMMENTS = 50;

/** FailureReason and WarningReason are US: 0 to 65535. */
function reasonOf(
  item: DicomJson,
  attribute: 'FailureReason' | 'WarningReason'
): number | undefined {
  const code = numberOf(item, attribute);
  return code !== undefined && Number.isInteger(code) && code >= 0 && code <= 0xffff
    ? code
    : undefined;
}

function readItem(item: DicomJson): ResponseItem {
  const comments = [item, ...itemsOf(item, 'FailedAttributesSequence')]
    .flatMap(dataset => stringsOf(dataset, 'ErrorComment'))
    .slice(0, MAX_COMMENTS)
    .map(withoutValues);
  return {
    sopClassUID: stringOf(item, 'ReferencedSOPClassUID'),
    sopInstanceUID: stringOf(item, 'ReferencedSOPInstanceUID'),
    failureReason: reasonOf(item, 'FailureReason'),
    warningReason: reasonOf(item, 'WarningReason'),
    comments,
  };
}

/**
 * Reads a Store response in the DICOM JSON Model: one data set, or an array with one.
 * @returns undefined when the body is not that (not JSON, cut, a gateway's page).
 * @see PS3.18 10.5.3; Azure DICOM service conformance statement v2, Store response payload
 */
export function readStoreResponse(body: Uint8Array): StoreResponse | undefined {
  let parsed = parseJson(body);
  if (Array.isArray(parsed) && parsed.length === 1) parsed = parsed[0];
  if (!isDicomJson(parsed)) return undefined;
  return {
    referenced: itemsOf(parsed, 'ReferencedSOPSequence').map(readItem),
    failed: [
      ...itemsOf(parsed, 'FailedSOPSequence'),
      ...itemsOf(parsed, 'OtherFailuresSequence'),
    ].map(readItem),
  };
}
