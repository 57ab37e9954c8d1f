import type { IncomingHttpHeaders } from 'node:http';
import type { Readable } from 'node:stream';

/** What the first bytes of a Store request's body tell. */
export type Opening =
  /** At least one part follows. */
  | 'parts'
  /** No bytes, or only the closing delimiter. */
  | 'empty'
  /** No delimiter where one has to be. */
  | 'noDelimiter';

/** Looks at the bytes so far; undefined: more are needed. */
export type OpeningReader = (bytes: Buffer) => Opening | undefined;

/** A preamble (RFC 2046 5.1.1) longer than this is not searched. */
export const MAX_OPENING_BYTES = 16_384;

const PARAMETER = /;\s*([\w!#$%&'*+.^`|~-]+)\s*=\s*(?:"((?:\\.|[^"\\])*)"|([^\s;"]*))/g;

/** A parameter of a media type (RFC 9110 5.6.6), or undefined. */
function parameterOf(mediaType: string, wanted: string): string | undefined {
  for (const [, name, quoted, plain] of mediaType.matchAll(PARAMETER)) {
    if (name?.toLowerCase() === wanted) return quoted?.replace(/\\(.)/g, '$1') ?? plain;
  }
  return undefined;
}

function multipartReader(boundary: string): OpeningReader {
  const delimiter = Buffer.from(`--${boundary}`, 'latin1');
  return bytes => {
    for (let at = bytes.indexOf(delimiter); at >= 0; at = bytes.indexOf(delimiter, at + 1)) {
      const isLineStart = at === 0 || bytes.toString('latin1', at - 2, at) === '\r\n';
      const next = bytes.toString('latin1', at + delimiter.length, at + delimiter.length + 2);
      if (isLineStart && next.length < 2) return undefined;
      if (isLineStart && next === '--') return 'empty';
      if (isLineStart && /^[\r \t]/.test(next)) return 'parts';
    }
    return bytes.length > MAX_OPENING_BYTES ? 'noDelimiter' : undefined;
  };
}

const singlePartReader: OpeningReader = bytes => (bytes.length > 0 ? 'parts' : undefined);

/**
 * How to tell whether a Store request's body has any part.
 * @returns a text when the DICOM service does not take such a body.
 * @see PS3.18 10.5.1; Azure DICOM service conformance statement v2, Store
 */
export function openingReaderFor(headers: IncomingHttpHeaders): OpeningReader | string {
  const type = headers['content-type'] ?? '';
  const essence = type.split(';', 1)[0]?.trim().toLowerCase();
  const coding = headers['content-encoding']?.trim().toLowerCase() ?? 'identity';
  if (coding !== 'identity') return 'A compressed body (Content-Encoding) cannot be stored.';
  if (essence === 'application/dicom') return singlePartReader;
  if (essence !== 'multipart/related') {
    return 'The Content-Type has to be multipart/related; type="application/dicom"; boundary=..., or application/dicom.';
  }
  const boundary = parameterOf(type, 'boundary');
  // RFC 2046 5.1.1 allows 70 characters; Orthanc sends 73.
  if (!boundary || boundary.length > 200) return 'The Content-Type has no usable boundary.';
  return multipartReader(boundary);
}

/**
 * Reads as much of a body as is needed to tell how it begins, and puts it back: who reads the stream afterwards gets all of it.
 * @throws the stream's error; or an Error when it closes before its end.
 */
export function readOpening(body: Readable, reader: OpeningReader): Promise<Opening> {
  return new Promise((resolve, reject) => {
    let bytes: Buffer = Buffer.alloc(0);
    const forget = (): void => {
      body.off('data', onData).off('end', onEnd).off('error', onError).off('close', onClose);
      body.pause();
    };
    const onData = (chunk: Buffer): void => {
      bytes = bytes.length === 0 ? chunk : Buffer.concat([bytes, chunk]);
      const opening = reader(bytes);
      if (opening === undefined) return;
      forget();
      body.unshift(bytes);
      resolve(opening);
    };
    const onEnd = (): void => {
      forget();
      resolve(bytes.length === 0 ? 'empty' : 'noDelimiter');
    };
    const onError = (error: Error): void => {
      forget();
      reject(error);
    };
    const onClose = (): void => onError(new Error('The body was cut.'));
    if (body.destroyed) return onClose();
    body.on('data', onData).on('end', onEnd).on('error', onError).on('close', onClose);
    body.resume();
  });
}
