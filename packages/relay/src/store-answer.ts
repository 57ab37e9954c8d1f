import type { IncomingHttpHeaders } from 'node:http';
import type { DicomJson, Keyword } from '@ohif-azure/dicomweb';
import { numberOf, stringOf, TAGS } from '@ohif-azure/dicomweb';
import type { DuplicateDoubt } from './store-server.ts';

/** FailureReason of an instance that the service has already. @see Azure DICOM service conformance statement v2, Store failure reason codes */
export const ALREADY_EXISTS = 45_070;

/** How many SOP Instances an answer names. */
export interface StoreCounts {
  readonly stored: number;
  readonly alreadyStored: number;
  /** Of those that the service has already (45070): what is there is another content. */
  readonly different: number;
  /** Of those that the service has already: it could not be compared. */
  readonly notCompared: number;
  /** All others that are not stored. */
  readonly failed: number;
}

/** A failed instance, for the log. */
export interface FailedInstance {
  readonly sopInstanceUID?: string;
  readonly failureReason?: number;
  /** With 45070, where duplicates are compared. */
  readonly duplicate?: DuplicateDoubt;
}

type Sequence = readonly unknown[];

/** What the service says to one Store request, read. */
export interface StoreSays {
  readonly status: number;
  readonly dataset: DicomJson;
  /** Not in an array. */
  readonly isBare: boolean;
  readonly referenced: Sequence;
  /** Items of FailedSOPSequence with 45070 and a UID. */
  readonly already: readonly DicomJson[];
  /** The others of FailedSOPSequence. */
  readonly failed: Sequence;
  readonly others: Sequence;
}

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

/** Keeps nothing between two texts. */
const UTF_8 = new TextDecoder('utf-8', { fatal: true });

function parse(body: Uint8Array): { dataset: DicomJson; isBare: boolean } | undefined {
  try {
    const parsed: unknown = JSON.parse(UTF_8.decode(body));
    if (isDataset(parsed)) return { dataset: parsed, isBare: true };
    if (!Array.isArray(parsed) || parsed.length !== 1) return undefined;
    return isDataset(parsed[0]) ? { dataset: parsed[0], isBare: false } : undefined;
  } catch {
    return undefined;
  }
}

/**
 * Reads an answer to a Store request. It is the same at 200, 202 and 409.
 * @returns undefined when it is no data set of the DICOM JSON Model.
 * @see PS3.18 10.5.3
 */
export function readStoreAnswer(status: number, body: Uint8Array): StoreSays | undefined {
  const said = parse(body);
  const referenced = said && sequenceOf(said.dataset, 'ReferencedSOPSequence');
  const failed = said && sequenceOf(said.dataset, 'FailedSOPSequence');
  const others = said && sequenceOf(said.dataset, 'OtherFailuresSequence');
  if (!said || !referenced || !failed || !others) return undefined;
  return {
    status,
    ...said,
    referenced,
    already: failed.filter(isAlreadyStored),
    failed: failed.filter(item => !isAlreadyStored(item)),
    others,
  };
}

/**
 * A failed item as one of ReferencedSOPSequence. The reason stays, as WarningReason: the service has an object with these UIDs.
 */
function asReferenced(item: DicomJson): DicomJson {
  const { ReferencedSOPClassUID, ReferencedSOPInstanceUID, RetrieveURL, WarningReason } = TAGS;
  const kept = [ReferencedSOPClassUID, ReferencedSOPInstanceUID, RetrieveURL].flatMap(tag => {
    const element = item[tag];
    return element === undefined ? [] : [[tag, element] as const];
  });
  return { ...Object.fromEntries(kept), [WarningReason]: { vr: 'US', Value: [ALREADY_EXISTS] } };
}

/** What the caller is answered. */
export interface StoreAnswer {
  readonly status: number;
  readonly body: string | Uint8Array;
  /** The body is not the service's own. */
  readonly isRewritten: boolean;
  readonly counts: StoreCounts;
  /** Every instance that was sent is in the service. */
  readonly isSuccess: boolean;
  readonly failedInstances: readonly FailedInstance[];
}

/** One answer of the service with what was sent for it. */
export interface SaidToCaller {
  readonly says: StoreSays;
  readonly headers: IncomingHttpHeaders;
  readonly body: Uint8Array;
  /** Instances in the request. */
  readonly sent: number;
  /** Of `already`: those whose content is not known to be what was sent. */
  readonly doubtful: ReadonlyMap<DicomJson, DuplicateDoubt>;
}

const without = (dataset: DicomJson): [string, unknown][] => {
  const { ReferencedSOPSequence, FailedSOPSequence, OtherFailuresSequence } = TAGS;
  const sequences: string[] = [ReferencedSOPSequence, FailedSOPSequence, OtherFailuresSequence];
  return Object.entries(dataset).filter(([tag]) => !sequences.includes(tag));
};

const failedOf = (item: unknown): FailedInstance =>
  isDataset(item)
    ? {
        sopInstanceUID: stringOf(item, 'ReferencedSOPInstanceUID'),
        failureReason: numberOf(item, 'FailureReason'),
      }
    : {};

/** The answer to nearly every Store: one request, all of it stored now, and nothing else said. Undefined: it is another one. */
function plainSuccess([only, ...more]: readonly SaidToCaller[]): StoreAnswer | undefined {
  if (!only || more.length > 0) return undefined;
  const { says, body, sent } = only;
  const { status, isBare, referenced, already, failed, others } = says;
  if (already.length + failed.length + others.length > 0) return undefined;
  if (!isBare || status >= 300 || referenced.length !== sent || sent === 0) return undefined;
  const counts = { stored: sent, alreadyStored: 0, different: 0, notCompared: 0, failed: 0 };
  return { status, body, isRewritten: false, counts, isSuccess: true, failedInstances: [] };
}

/**
 * Turns the answers of the DICOM service to the requests of one Store into what Orthanc's DICOMweb client needs to see: a status of 2xx, a JSON
 * object, every instance in ReferencedSOPSequence (0008,1199), and neither FailedSOPSequence (0008,1198) nor OtherFailuresSequence (0008,119A).
 *
 * - Everything stored: as the service answered (several requests: their items in one answer).
 * - All failures are 45070 (already exists) of instances that are not doubtful: 200, these in ReferencedSOPSequence.
 * - Any other failure: a failure, 202 or 409, with every item as the service gave it.
 * - A success that does not name as many instances as were sent: 202, so that it is not taken for one.
 * @param said - at least one; in the order of the requests.
 * @returns undefined when a status of 2xx names no instance at all.
 * @see PS3.18 10.5.3
 */
export function storeAnswerFor(said: readonly SaidToCaller[]): StoreAnswer | undefined {
  const plain = plainSuccess(said);
  if (plain) return plain;
  const all = {
    referenced: said.flatMap(({ says }) => says.referenced),
    already: said.flatMap(({ says, doubtful }) => says.already.filter(each => !doubtful.has(each))),
    doubtful: said.flatMap(({ doubtful }) => [...doubtful]),
    failed: said.flatMap(({ says }) => says.failed),
    others: said.flatMap(({ says }) => says.others),
  };
  const sent = said.reduce((sum, each) => sum + each.sent, 0);
  const trulyFailed = [...all.failed, ...all.others];
  const doubts = (wanted: DuplicateDoubt): number =>
    all.doubtful.filter(([, doubt]) => doubt === wanted).length;
  const counts: StoreCounts = {
    stored: all.referenced.length,
    alreadyStored: all.already.length,
    different: doubts('different'),
    notCompared: doubts('notCompared'),
    failed: trulyFailed.length,
  };
  const failures = trulyFailed.length + all.doubtful.length;
  const isEach2xx = said.every(({ says }) => says.status < 300);
  const isComplete = counts.stored + counts.alreadyStored === sent;
  const isSuccess =
    failures === 0 && isComplete && sent > 0 && (isEach2xx || counts.alreadyStored > 0);
  const failedInstances = [
    ...trulyFailed.map(failedOf),
    ...all.doubtful.map(([item, duplicate]) => ({ ...failedOf(item), duplicate })),
  ];
  const [only] = said;
  if (isEach2xx && counts.stored + counts.alreadyStored + failures === 0) return undefined;
  const isOne = said.length === 1 && only !== undefined;
  const passes = isOne && only.says.isBare && (!isSuccess || counts.alreadyStored === 0);
  if (passes) {
    const { status } = only.says;
    const isShort = isEach2xx && !isSuccess;
    return {
      status: isShort ? 202 : status,
      body: only.body,
      isRewritten: false,
      counts,
      isSuccess,
      failedInstances,
    };
  }
  const items = isSuccess ? [...all.referenced, ...all.already.map(asReferenced)] : all.referenced;
  const failed = isSuccess ? [] : said.flatMap(({ says }) => [...says.failed, ...says.already]);
  const sequence = (keyword: Keyword, list: Sequence) =>
    list.length > 0 ? { [TAGS[keyword]]: { vr: 'SQ', Value: list } } : {};
  const answer = {
    ...Object.fromEntries(without(only?.says.dataset ?? {})),
    ...sequence('ReferencedSOPSequence', items),
    ...sequence('FailedSOPSequence', failed),
    ...sequence('OtherFailuresSequence', all.others),
  };
  return {
    status: statusOf(said, isSuccess, counts),
    body: JSON.stringify(answer),
    isRewritten: true,
    counts,
    isSuccess,
    failedInstances,
  };
}

function statusOf(said: readonly SaidToCaller[], isSuccess: boolean, counts: StoreCounts): number {
  if (isSuccess && counts.alreadyStored > 0) return 200;
  if (isSuccess) return Math.max(...said.map(({ says }) => says.status));
  return counts.stored > 0 ? 202 : 409;
}
