import { createHash } from 'node:crypto';
import type { DicomJson } from '@ohif-azure/dicomweb';
import { stringOf } from '@ohif-azure/dicomweb';
import type { InstanceRecord } from './instance-intake.ts';
import { readFileMeta } from './file-meta.ts';
import { requestHeaders } from './headers.ts';
import type { Service } from './service.ts';
import type { DuplicateDoubt } from './store-server.ts';
import { answerTo } from './upstream.ts';

/** Instances asked for at the same time. */
const PARALLEL = 4;
/** A longer answer to a search for one instance is not read, in bytes. */
const MAX_SEARCH_BYTES = 1_048_576;

/** What is compared. */
interface Content {
  readonly bytes: number;
  readonly hash?: string;
}

async function get(service: Service, path: string, accept: string, signal: AbortSignal) {
  const accessToken = await service.access.accessToken({ signal });
  const headers = requestHeaders({ accept }, accessToken);
  const outgoing = service.upstream.open({ method: 'GET', path, headers, signal });
  outgoing.end();
  const answer = await answerTo(outgoing);
  if (answer.statusCode === 200) return { answer, outgoing };
  answer.destroy();
  return undefined;
}

/** Paths of all instances with this UID; more than one only when it stands in several studies. */
async function pathsOf(service: Service, uid: string, signal: AbortSignal): Promise<string[]> {
  const found = await get(
    service,
    `/instances?SOPInstanceUID=${uid}`,
    'application/dicom+json',
    signal
  );
  if (!found) return [];
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of found.answer as AsyncIterable<Buffer>) {
    chunks.push(chunk);
    bytes += chunk.length;
    if (bytes > MAX_SEARCH_BYTES) return [];
  }
  const rows = JSON.parse(Buffer.concat(chunks).toString()) as unknown;
  if (!Array.isArray(rows)) return [];
  return (rows as DicomJson[]).flatMap(row => {
    const study = stringOf(row, 'StudyInstanceUID');
    const series = stringOf(row, 'SeriesInstanceUID');
    return study && series && stringOf(row, 'SOPInstanceUID') === uid
      ? [`/studies/${study}/series/${series}/instances/${uid}`]
      : [];
  });
}

/**
 * Whether the service has an instance with this UID.
 * @throws when it does not answer; the signal's reason.
 */
export async function hasInstance(
  service: Service,
  uid: string,
  signal: AbortSignal
): Promise<boolean> {
  return (await pathsOf(service, uid, signal)).length > 0;
}

/** Length and, where it is asked for, SHA-256 of the data set behind the File Meta Information. The service may have changed what is before it. */
async function contentOf(
  service: Service,
  path: string,
  signal: AbortSignal
): Promise<Content | undefined> {
  const found = await get(service, path, 'application/dicom; transfer-syntax=*', signal);
  if (!found) return undefined;
  const { answer, outgoing } = found;
  const length = Number(answer.headers['content-length']);
  const isHashed = service.settings.verifyDuplicates === 'hash';
  const hash = isHashed ? createHash('sha256') : undefined;
  let head: Buffer = Buffer.alloc(0);
  let bytes: number | undefined;
  for await (const chunk of answer as AsyncIterable<Buffer>) {
    if (bytes !== undefined) {
      bytes += chunk.length;
      hash?.update(chunk);
      continue;
    }
    head = Buffer.concat([head, chunk]);
    const meta = readFileMeta(head, false);
    if (meta === 'more') continue;
    if (!meta) return undefined;
    if (!hash && Number.isSafeInteger(length) && length > 0) {
      // The rest tells nothing that the length does not.
      outgoing.destroy();
      return { bytes: length - meta.dataSetOffset };
    }
    bytes = head.length - meta.dataSetOffset;
    hash?.update(head.subarray(meta.dataSetOffset));
  }
  return bytes === undefined ? undefined : { bytes, hash: hash?.digest('hex') };
}

async function compare(
  service: Service,
  uid: string,
  records: readonly InstanceRecord[],
  signal: AbortSignal
): Promise<'same' | DuplicateDoubt> {
  // Without File Meta Information there is nothing to compare with.
  const isComparable = records.every(({ dataSetBytes }) => dataSetBytes !== undefined);
  if (records.length === 0 || !isComparable) return 'notCompared';
  let compared = 0;
  try {
    const paths = await pathsOf(service, uid, signal);
    for (const path of paths) {
      const there = await contentOf(service, path, signal);
      if (!there) continue;
      const isSameAs = ({ dataSetBytes, dataSetHash }: InstanceRecord): boolean =>
        there.bytes === dataSetBytes && (there.hash === undefined || there.hash === dataSetHash);
      if (records.every(isSameAs)) return 'same';
      compared += 1;
    }
    return compared > 0 && compared === paths.length ? 'different' : 'notCompared';
  } catch {
    signal.throwIfAborted();
    return 'notCompared';
  }
}

/**
 * Compares what the service has already with what was sent to it, where the settings ask for it: 45070 says "the same three UIDs", not "the same content".
 * @param already - items of FailedSOPSequence with 45070.
 * @param records - of the instances in the request.
 * @returns those that are not known to be the same, and why.
 * @throws the signal's reason.
 */
export async function doubtfulDuplicates(
  service: Service,
  already: readonly DicomJson[],
  records: readonly InstanceRecord[],
  signal: AbortSignal
): Promise<ReadonlyMap<DicomJson, DuplicateDoubt>> {
  const doubtful = new Map<DicomJson, DuplicateDoubt>();
  if (service.settings.verifyDuplicates === 'none') return doubtful;
  const left = [...already];
  const work = async (): Promise<void> => {
    for (let item = left.shift(); item; item = left.shift()) {
      const uid = stringOf(item, 'ReferencedSOPInstanceUID') ?? '';
      const sent = records.filter(({ sopInstanceUID }) => sopInstanceUID === uid);
      const result = await compare(service, uid, sent, signal);
      if (result !== 'same') doubtful.set(item, result);
    }
  };
  await Promise.all(Array.from({ length: PARALLEL }, work));
  return doubtful;
}
