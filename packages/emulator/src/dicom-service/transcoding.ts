import { notAcceptable, ServiceError } from '../http/service-error.ts';
import { Part10FormatError } from '../part10/part10-reader.ts';
import { isUncompressed, TRANSCODABLE } from '../part10/transfer-syntax.ts';
import { CodecError } from '../rendering/wasm-codecs.ts';
import type { StoredInstance } from '../storage/stored-instance.ts';

/** Bytes up to which the service transcodes or renders an instance. [reference 6] */
export const MAX_TRANSCODED_BYTES = 104_857_600;

/** Whether an instance must be transcoded to be given in a Transfer Syntax. */
export function needsTranscoding(instance: StoredInstance, transferSyntax: string): boolean {
  return transferSyntax !== '*' && transferSyntax !== instance.transferSyntaxUID;
}

/** @throws {ServiceError} 406 when the instance is larger than what the service transcodes. [reference 3.1] */
export function checkTranscodedSize(instance: StoredInstance, transferSyntax: string): void {
  if (!needsTranscoding(instance, transferSyntax) || instance.size <= MAX_TRANSCODED_BYTES) return;
  throw notAcceptable(
    `Requested DICOM instance size is above the supported limit of ${MAX_TRANSCODED_BYTES}. The entire instance can be retrieved with the original transfer syntax by specifying 'transfer-syntax=*' in the Accept header.`
  );
}

/** @throws {ServiceError} 406 when the instance is of a Transfer Syntax which the service does not transcode. */
export function checkTranscodable(instance: StoredInstance, transferSyntax: string): void {
  const source = instance.transferSyntaxUID;
  if (!needsTranscoding(instance, transferSyntax)) return;
  if (!isUncompressed(source) && !TRANSCODABLE.has(source)) throw unsupportedTranscoding();
}

/** 406 of `TranscodingException`. */
export const unsupportedTranscoding = () =>
  notAcceptable('The specified transcoding is not supported.');

/** Runs a transcoding. @throws {ServiceError} 406 when the codec cannot do it */
export async function transcoding<T>(work: Promise<T>): Promise<T> {
  try {
    return await work;
  } catch (error) {
    const known = error instanceof CodecError || error instanceof Part10FormatError;
    throw known ? unsupportedTranscoding() : error;
  }
}

/** An image which cannot be taken apart is a `DicomImageException` of the service. [reference 0.A] */
export function asImageError(error: unknown): unknown {
  return error instanceof Part10FormatError ? new ServiceError(406, error.message) : error;
}
