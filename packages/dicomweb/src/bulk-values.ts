import { elements, EXPLICIT_LITTLE_ENDIAN } from './element-reader.ts';
import type { Encoding } from './element-reader.ts';
import { encapsulatedItems } from './encapsulated-items.ts';
import { dataSetOf } from './part10.ts';

/** The value of one element, as it lies in an instance. */
export interface BulkValue {
  /** Absent in Implicit VR. */
  readonly vr: string | undefined;
  /** A view into the bytes that were read. */
  readonly bytes: Uint8Array;
  /** Order of the bytes of numbers. */
  readonly littleEndian: boolean;
}

const PIXEL_DATA = 0x7fe00010;
const DEFLATED = '1.2.840.10008.1.2.1.99';

/**
 * Values of the outermost level of an instance, by tag: what the service leaves out of its metadata (OB, OW, UN, ...).
 * Deflated data sets are inflated first.
 * @param tags - as in `0x00281201`.
 * @returns those that are there; none when the bytes are no Part 10 instance. Never rejects.
 * @see PS3.10 7.1, PS3.5 7
 */
export async function bulkValues(
  instance: Uint8Array,
  tags: readonly number[]
): Promise<Map<number, BulkValue>> {
  const found = new Map<number, BulkValue>();
  const dataSet = await readableDataSet(instance);
  if (!dataSet) return found;
  const { bytes, offset, encoding } = dataSet;
  const last = Math.max(...tags);
  for (const { tag, vr, start, end } of elements(bytes, offset, encoding)) {
    if (tag > last) break;
    if (!tags.includes(tag)) continue;
    const { littleEndian } = encoding;
    found.set(tag, { vr, bytes: bytes.subarray(start, end), littleEndian });
  }
  return found;
}

/** A data set that can be read: of a deflated one, what it inflates to. Undefined when the bytes are no Part 10 instance. */
export async function readableDataSet(
  instance: Uint8Array
): Promise<{ bytes: Uint8Array; offset: number; encoding: Encoding } | undefined> {
  const plain = dataSetOf(instance);
  if (plain) return { bytes: instance, ...plain };
  const deflated = deflatedDataSet(instance);
  const bytes = deflated && (await inflated(deflated));
  return bytes && { bytes, offset: 0, encoding: EXPLICIT_LITTLE_ENDIAN };
}

/** The bytes behind the File Meta Information of an instance in Deflated Explicit VR Little Endian. @see PS3.5 A.5 */
function deflatedDataSet(instance: Uint8Array): Uint8Array | undefined {
  let end = 132;
  let isDeflated = false;
  for (const element of elements(instance, end, EXPLICIT_LITTLE_ENDIAN)) {
    if (element.tag >>> 16 !== 0x0002) break;
    ({ end } = element);
    if (element.tag !== 0x00020010) continue;
    const uid = new TextDecoder().decode(instance.subarray(element.start, element.end));
    isDeflated = uid.replace(/[\0 ]+$/, '') === DEFLATED;
  }
  return isDeflated ? instance.subarray(end) : undefined;
}

/** RFC 1951, as browsers and Node can; undefined when it cannot be inflated. */
async function inflated(bytes: Uint8Array): Promise<Uint8Array | undefined> {
  try {
    const stream = new Blob([bytes as BlobPart])
      .stream()
      .pipeThrough(new DecompressionStream('deflate-raw'));
    return new Uint8Array(await new Response(stream).arrayBuffer());
  } catch {
    return undefined;
  }
}

/** What encapsulated pixel data consist of. */
export interface EncapsulatedPixelData {
  readonly transferSyntaxUID: string | undefined;
  /** Without the Basic Offset Table; views into the instance. Of a video together they are the file. */
  readonly fragments: readonly Uint8Array[];
}

/**
 * The fragments of encapsulated pixel data.
 * @returns undefined when the instance has none, or is not readable; never throws.
 * @see PS3.5 A.4, 8.2.5 to 8.2.9 (video)
 */
export function encapsulatedPixelData(instance: Uint8Array): EncapsulatedPixelData | undefined {
  const dataSet = dataSetOf(instance);
  if (!dataSet) return undefined;
  const { offset, encoding, transferSyntaxUID } = dataSet;
  for (const element of elements(instance, offset, encoding)) {
    if (element.tag !== PIXEL_DATA) continue;
    const items = element.isUndefinedLength ? encapsulatedItems(instance, element) : undefined;
    const fragments = (items ?? []).slice(1).map(range => instance.subarray(...range));
    return fragments.length > 0 ? { transferSyntaxUID, fragments } : undefined;
  }
  return undefined;
}
