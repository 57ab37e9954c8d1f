import type { DicomJson, Keyword } from '@ohif-azure/dicomweb';
import { numberOf, stringOf, TAGS } from '@ohif-azure/dicomweb';

/** FailureReason of an instance that the service has already. @see Azure DICOM service conformance statement v2, Store failure reason codes */
export const ALREADY_EXISTS = 45_070;

/** How many SOP Instances an answer names. */
export interface StoreCounts {
  readonly stored: number;
  readonly alreadyStored: number;
  readonly failed: number;
}

/** What the caller is answered. */
export type StoreAnswer =
  /** As the service answered, status and body. */
  | { readonly kind: 'pass'; readonly counts?: StoreCounts }
  /** With this data set (DICOM JSON Model) in place of the body. */
  | {
      readonly kind: 'rewritten';
      readonly status: number;
      readonly body: string;
      readonly counts: StoreCounts;
    }
  /** The service claims success, and does not say of what. */
  | { readonly kind: 'unreadable' };

type Sequence = readonly unknown[];

const isDataset = (value: unknown): value is DicomJson =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** All items as they stand, also those that are no data sets: each counts. Undefined: not a sequence of the DICOM JSON Model. */
function sequenceOf(dataset: DicomJson, keyword: Keyword): Sequence | undefined {
  const element: unknown = dataset[TAGS[keyword]];
  if (element === undefined) return [];
  if (!isDataset(element)) return undefined;
  const { Value: items } = element as { Value?: unknown };
  if (items === undefined) return [];
  return Array.isArray(items) ? items : undefined;
}

/** Only with its UID: an item without one does not say which instance it is about. */
const isAlreadyStored = (item: unknown): item is DicomJson =>
  isDataset(item) &&
  numberOf(item, 'FailureReason') === ALREADY_EXISTS &&
  stringOf(item, 'ReferencedSOPInstanceUID') !== undefined;

/**
 * A failed item as one of ReferencedSOPSequence. The reason stays, as WarningReason: the service has an object with these UIDs,
 * and has not compared the contents.
 */
function asReferenced(item: DicomJson): DicomJson {
  const { ReferencedSOPClassUID, ReferencedSOPInstanceUID, RetrieveURL, WarningReason } = TAGS;
  const kept = [ReferencedSOPClassUID, ReferencedSOPInstanceUID, RetrieveURL].flatMap(tag => {
    const element = item[tag];
    return element === undefined ? [] : [[tag, element] as const];
  });
  return { ...Object.fromEntries(kept), [WarningReason]: { vr: 'US', Value: [ALREADY_EXISTS] } };
}

function parse(body: Uint8Array): { dataset: DicomJson; isBare: boolean } | undefined {
  try {
    const parsed: unknown = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(body));
    if (isDataset(parsed)) return { dataset: parsed, isBare: true };
    if (!Array.isArray(parsed) || parsed.length !== 1) return undefined;
    return isDataset(parsed[0]) ? { dataset: parsed[0], isBare: false } : undefined;
  } catch {
    return undefined;
  }
}

/**
 * Turns the DICOM service's answer to a Store request into what Orthanc's DICOMweb client needs to see: a status of 2xx, a JSON object, every
 * instance in ReferencedSOPSequence (0008,1199), and neither FailedSOPSequence (0008,1198) nor OtherFailuresSequence (0008,119A).
 *
 * - Everything stored: passes.
 * - All failures are 45070 (already exists), whether the service said 200, 202 or 409: 200, these instances in ReferencedSOPSequence.
 * - Any other failure: passes unchanged, so that it stays a failure.
 * - A status of 2xx whose body names no instance at all: `unreadable`.
 *
 * Orthanc compares the number of items with the number it has sent; it is not compared here.
 * @param status - of the service's answer.
 * @param body - of the service's answer, complete.
 * @see PS3.18 10.5.3
 */
export function storeAnswerFor(status: number, body: Uint8Array): StoreAnswer {
  const isSuccess = status >= 200 && status < 300;
  if (!isSuccess && status !== 409) return { kind: 'pass' };
  const said = parse(body);
  const referenced = said && sequenceOf(said.dataset, 'ReferencedSOPSequence');
  const failed = said && sequenceOf(said.dataset, 'FailedSOPSequence');
  const others = said && sequenceOf(said.dataset, 'OtherFailuresSequence');
  if (!said || !referenced || !failed || !others) {
    return isSuccess ? { kind: 'unreadable' } : { kind: 'pass' };
  }
  const already = failed.filter(isAlreadyStored);
  const counts = {
    stored: referenced.length,
    alreadyStored: already.length,
    failed: failed.length - already.length + others.length,
  };
  if (counts.failed > 0) return { kind: 'pass', counts };
  if (already.length > 0) {
    const { FailedSOPSequence, OtherFailuresSequence } = TAGS;
    const rest = Object.entries(said.dataset).filter(
      ([tag]) => tag !== FailedSOPSequence && tag !== OtherFailuresSequence
    );
    const items = [...referenced, ...already.map(asReferenced)];
    const answer = {
      ...Object.fromEntries(rest),
      [TAGS.ReferencedSOPSequence]: { vr: 'SQ', Value: items },
    };
    return { kind: 'rewritten', status: 200, body: JSON.stringify(answer), counts };
  }
  if (!isSuccess) return { kind: 'pass', counts };
  if (counts.stored === 0) return { kind: 'unreadable' };
  return said.isBare
    ? { kind: 'pass', counts }
    : { kind: 'rewritten', status, body: JSON.stringify(said.dataset), counts };
}
