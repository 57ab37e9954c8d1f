/** Transfer Syntax UIDs of PS3.5 section 10 and annex A which the service names. */
export const IMPLICIT_VR_LITTLE_ENDIAN = '1.2.840.10008.1.2';
export const EXPLICIT_VR_LITTLE_ENDIAN = '1.2.840.10008.1.2.1';
export const DEFLATED_EXPLICIT_VR_LITTLE_ENDIAN = '1.2.840.10008.1.2.1.99';
export const EXPLICIT_VR_BIG_ENDIAN = '1.2.840.10008.1.2.2';
export const JPEG_2000_LOSSLESS = '1.2.840.10008.1.2.4.90';

const UNCOMPRESSED = new Set([
  IMPLICIT_VR_LITTLE_ENDIAN,
  EXPLICIT_VR_LITTLE_ENDIAN,
  DEFLATED_EXPLICIT_VR_LITTLE_ENDIAN,
  EXPLICIT_VR_BIG_ENDIAN,
]);

/** Whether pixel data of this Transfer Syntax is stored as plain samples. */
export function isUncompressed(transferSyntaxUID: string): boolean {
  return UNCOMPRESSED.has(transferSyntaxUID);
}

/**
 * Compressed Transfer Syntaxes which the service transcodes: JPEG baseline and extended, JPEG
 * lossless (.57, .70), JPEG 2000 (.90, .91), RLE. [reference 3.1]
 */
export const TRANSCODABLE: ReadonlySet<string> = new Set([
  '1.2.840.10008.1.2.4.50',
  '1.2.840.10008.1.2.4.51',
  '1.2.840.10008.1.2.4.57',
  '1.2.840.10008.1.2.4.70',
  JPEG_2000_LOSSLESS,
  '1.2.840.10008.1.2.4.91',
  '1.2.840.10008.1.2.5',
]);
