import { randomUUID } from '@ohif-azure/core';
import type { StreamBody } from './transport.ts';

const encoder = new TextEncoder();

/**
 * Tells whether `pattern` occurs in `bytes`. Horspool's search: it looks at about one byte in `pattern.length`.
 */
export function includesBytes(bytes: Uint8Array, pattern: Uint8Array): boolean {
  return indexOfBytes(bytes, pattern, 0) >= 0;
}

/** Where `pattern` first occurs in `bytes` at or after `from`; -1 when it does not. */
export function indexOfBytes(bytes: Uint8Array, pattern: Uint8Array, from: number): number {
  const last = pattern.length - 1;
  if (last < 0) return from;
  const skip = new Uint32Array(256).fill(pattern.length);
  for (let i = 0; i < last; i += 1) skip[pattern[i] as number] = last - i;
  let at = from;
  while (at + last < bytes.length) {
    let i = last;
    while (i >= 0 && bytes[at + i] === pattern[i]) i -= 1;
    if (i < 0) return at;
    at += skip[bytes[at + last] as number] as number;
  }
  return -1;
}

/** The body of a Store request. */
export interface MultipartBody {
  /** The value of Content-Type. */
  readonly contentType: string;
  /** The body in pieces; the instances are not copied. */
  readonly pieces: readonly Uint8Array[];
}

/**
 * Wraps Part 10 instances as `multipart/related; type="application/dicom"`, one part each, with a boundary that occurs in none of them.
 *
 * Each part has exactly `Content-Type: application/dicom`: the Azure DICOM service refuses any parameter (415). The outer `type` is quoted,
 * since it contains a slash.
 * @param makeBoundary - gives a candidate each time it is called: at most 70 characters of `0-9 A-Z a-z - _`; default: random.
 * @see RFC 2046 5.1, RFC 2387; PS3.18 10.5.2
 */
export function encodeMultipart(
  instances: readonly Uint8Array[],
  makeBoundary: () => string = () => `dicom-${randomUUID()}`
): MultipartBody {
  let boundary = makeBoundary();
  while (instances.some(bytes => includesBytes(bytes, encoder.encode(`--${boundary}`)))) {
    boundary = makeBoundary();
  }
  const pieces: Uint8Array[] = [];
  instances.forEach((bytes, index) => {
    const before = index === 0 ? '' : '\r\n';
    pieces.push(
      encoder.encode(`${before}--${boundary}\r\nContent-Type: application/dicom\r\n\r\n`),
      bytes
    );
  });
  pieces.push(encoder.encode(`\r\n--${boundary}--\r\n`));
  return {
    contentType: `multipart/related; type="application/dicom"; boundary=${boundary}`,
    pieces,
  };
}

/** What is to be a part: bytes, or a stream of known length. */
export type PartSource = Uint8Array | StreamBody;

/**
 * As {@link encodeMultipart}, with parts that are read only when they are sent. The boundary is random (122 bits) and is not looked for in
 * the streams.
 */
export function encodeMultipartStream(
  parts: readonly PartSource[],
  boundary: string = `dicom-${randomUUID()}`
): { readonly contentType: string; readonly body: StreamBody } {
  const head = (index: number): Uint8Array =>
    encoder.encode(
      `${index === 0 ? '' : '\r\n'}--${boundary}\r\nContent-Type: application/dicom\r\n\r\n`
    );
  const end = encoder.encode(`\r\n--${boundary}--\r\n`);
  const byteLength = parts.reduce(
    (sum, part, index) => sum + head(index).byteLength + part.byteLength,
    end.byteLength
  );
  return {
    contentType: `multipart/related; type="application/dicom"; boundary=${boundary}`,
    body: {
      byteLength,
      async *open() {
        for (const [index, part] of parts.entries()) {
          yield head(index);
          if (part instanceof Uint8Array) yield part;
          else yield* part.open();
        }
        yield end;
      },
    },
  };
}

/** The boundary that a Content-Type names. @see RFC 2046 5.1.1 */
export function boundaryOf(contentType: string): string | undefined {
  const match = /;\s*boundary\s*=\s*(?:"([^"]+)"|([^\s;]+))/i.exec(contentType);
  return match?.[1] ?? match?.[2];
}

/**
 * The content of the first part of a multipart body.
 * @returns a view into `body`; undefined when there is no part, or when it has no end (the answer was cut).
 * @see RFC 2046 5.1.1; PS3.18 8.6.1.2
 */
export function firstPart(body: Uint8Array, contentType: string): Uint8Array | undefined {
  const boundary = boundaryOf(contentType);
  if (!boundary) return undefined;
  const delimiter = encoder.encode(`--${boundary}`);
  const start = indexOfBytes(body, delimiter, 0);
  if (start < 0) return undefined;
  const lineEnd = start + delimiter.length;
  // Without header fields the empty line follows the delimiter at once; its line break begins the pattern then.
  const headersEnd = indexOfBytes(body, encoder.encode('\r\n\r\n'), lineEnd);
  if (headersEnd < 0) return undefined;
  const contentStart = headersEnd + 4;
  const end = indexOfBytes(body, encoder.encode(`\r\n--${boundary}`), contentStart);
  return end < 0 ? undefined : body.subarray(contentStart, end);
}
