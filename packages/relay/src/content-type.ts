import type { IncomingHttpHeaders } from 'node:http';

/** How a Store request's body is made. */
export type StoreBody =
  | { readonly kind: 'multipart'; readonly boundary: string }
  /** One Part 10 stream. */
  | { readonly kind: 'single' };

const PARAMETER = /;\s*([\w!#$%&'*+.^`|~-]+)\s*=\s*(?:"((?:\\.|[^"\\])*)"|([^\s;"]*))/g;

/** RFC 2046 5.1.1 allows 70 characters; Orthanc sends 73. */
const MAX_BOUNDARY_LENGTH = 200;

/** A parameter of a media type (RFC 9110 5.6.6), or undefined. */
function parameterOf(mediaType: string, wanted: string): string | undefined {
  // Not `matchAll`: that makes a copy of the expression for each request.
  PARAMETER.lastIndex = 0;
  for (let found = PARAMETER.exec(mediaType); found; found = PARAMETER.exec(mediaType)) {
    const [, name, quoted, plain] = found;
    if (name?.toLowerCase() === wanted) return quoted?.replace(/\\(.)/g, '$1') ?? plain;
  }
  return undefined;
}

/** `application/dicom` of `application/dicom; transfer-syntax=...`, in lower case. */
export function essenceOf(mediaType: string): string {
  return mediaType.split(';', 1)[0]?.trim().toLowerCase() ?? '';
}

/**
 * How the body of a Store request is made, by its headers.
 * @returns a text when the DICOM service does not take such a body.
 * @see PS3.18 10.5.1; Azure DICOM service conformance statement v2, Store
 */
export function storeBodyOf(headers: IncomingHttpHeaders): StoreBody | string {
  const type = headers['content-type'] ?? '';
  const coding = headers['content-encoding']?.trim().toLowerCase() ?? 'identity';
  if (coding !== 'identity') return 'A compressed body (Content-Encoding) cannot be stored.';
  const essence = essenceOf(type);
  if (essence === 'application/dicom') return { kind: 'single' };
  if (essence !== 'multipart/related') {
    return 'The Content-Type has to be multipart/related; type="application/dicom"; boundary=..., or application/dicom.';
  }
  const boundary = parameterOf(type, 'boundary');
  if (!boundary || boundary.length > MAX_BOUNDARY_LENGTH) {
    return 'The Content-Type has no usable boundary.';
  }
  return { kind: 'multipart', boundary };
}
