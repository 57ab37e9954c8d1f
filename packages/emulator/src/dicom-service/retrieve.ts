import { createReadStream } from 'node:fs';
import { writeMultipart } from '../http/multipart-writer.ts';
import type { Part } from '../http/multipart-writer.ts';
import { notAcceptable, notEmulated } from '../http/service-error.ts';
import { toExplicitLittleEndian } from '../part10/explicit-little-endian.ts';
import { readHeader, withFile } from '../part10/part10-file.ts';
import {
  EXPLICIT_VR_LITTLE_ENDIAN,
  isUncompressed,
  TRANSCODABLE_BY_SERVICE_ONLY,
} from '../part10/transfer-syntax.ts';
import type { StoredInstance } from '../storage/stored-instance.ts';
import { acceptLines, answerStream, pathResource } from './exchange.ts';
import type { Exchange } from './exchange.ts';
import { foundInstances } from './found.ts';
import { negotiate } from './retrieve-accept.ts';
import type { RetrievedResource } from './retrieve-accept.ts';

/** Bytes up to which the service transcodes or renders an instance. [reference 6] */
export const MAX_TRANSCODED_BYTES = 104_857_600;

/**
 * Retrieves a study, a series or an instance.
 *
 * @see PS3.18 10.4; reference 3.1, 3.2, 3.6
 */
export async function retrieveInstances(exchange: Exchange): Promise<void> {
  const { request, response, parameters, access, store, profile } = exchange;
  access.require('read', parameters.study);
  const scope = pathResource(parameters);
  const resource = resourceOf(parameters);
  const negotiated = negotiate(resource, acceptLines(request), profile === 'hosted');
  const instances = foundInstances(store, scope);
  const { transferSyntax } = negotiated;
  if (resource !== 'instance' && instances.length > 1 && transferSyntax !== '*') {
    throw notAcceptable(
      `Accept transfer syntax '${transferSyntax}' is not supported when multiple instances are matched. Matching instances can be retrieved with their original transfer syntax by specifying 'transfer-syntax=*' in the Accept header.`
    );
  }
  for (const instance of instances) checkTranscoding(instance, transferSyntax);
  const parts = instances.map(instance => partOf(instance, transferSyntax));
  const [first] = parts;
  if (!negotiated.multipart && first) {
    await answerStream(response, first.contentType, first.content);
    return;
  }
  const { contentType, body } = writeMultipart(parts);
  await answerStream(response, contentType, body);
}

function resourceOf(parameters: Exchange['parameters']): RetrievedResource {
  if (parameters.instance !== undefined) return 'instance';
  return parameters.series === undefined ? 'study' : 'series';
}

/**
 * Whether an instance can be given in a Transfer Syntax: unchanged, or uncompressed from
 * uncompressed.
 *
 * @throws {ServiceError} 501 when the service could and this emulator cannot, 406 when neither can.
 */
export function checkTranscoding(instance: StoredInstance, transferSyntax: string): void {
  const source = instance.transferSyntaxUID;
  if (transferSyntax === '*' || transferSyntax === source) return;
  if (instance.size > MAX_TRANSCODED_BYTES) {
    throw notAcceptable(
      `Requested DICOM instance size is above the supported limit of ${MAX_TRANSCODED_BYTES}. The entire instance can be retrieved with the original transfer syntax by specifying 'transfer-syntax=*' in the Accept header.`
    );
  }
  if (!isUncompressed(source) && !TRANSCODABLE_BY_SERVICE_ONLY.has(source)) {
    throw notAcceptable('The specified transcoding is not supported.');
  }
  if (!isUncompressed(source) || transferSyntax !== EXPLICIT_VR_LITTLE_ENDIAN) {
    throw notEmulated(`transcoding from ${source} to ${transferSyntax}`);
  }
}

function partOf(instance: StoredInstance, transferSyntax: string): Part {
  const given = transferSyntax === '*' ? instance.transferSyntaxUID : transferSyntax;
  return {
    contentType: `application/dicom; transfer-syntax=${given}`,
    content: given === instance.transferSyntaxUID ? stored(instance) : transcoded(instance),
  };
}

/** The stored bytes. Opened when they are needed: a study may have thousands of files. */
async function* stored(instance: StoredInstance): AsyncGenerator<Uint8Array> {
  yield* createReadStream(instance.path) as AsyncIterable<Buffer>;
}

async function* transcoded(instance: StoredInstance): AsyncGenerator<Uint8Array> {
  yield await withFile(instance.path, async file =>
    toExplicitLittleEndian(file, await readHeader(file))
  );
}
