import { createReadStream } from 'node:fs';
import { writeMultipart } from '../http/multipart-writer.ts';
import type { Part } from '../http/multipart-writer.ts';
import { notAcceptable } from '../http/service-error.ts';
import { withFile, readHeader } from '../part10/part10-file.ts';
import { transcodeInstance } from '../rendering/transcode.ts';
import type { StoredInstance } from '../storage/stored-instance.ts';
import { acceptLines, answerStream, pathResource } from './exchange.ts';
import type { Exchange } from './exchange.ts';
import { foundInstances } from './found.ts';
import { negotiate } from './retrieve-accept.ts';
import type { RetrievedResource } from './retrieve-accept.ts';
import { checkTranscodable, checkTranscodedSize } from './transcoding.ts';
import { needsTranscoding, transcoding } from './transcoding.ts';

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
  if (instances.length > 1 && transferSyntax !== '*') {
    throw notAcceptable(
      `Accept transfer syntax '${transferSyntax}' is not supported when multiple instances are matched. Matching instances can be retrieved with their original transfer syntax by specifying 'transfer-syntax=*' in the Accept header.`
    );
  }
  const [first] = instances;
  if (!needsTranscoding(first, transferSyntax)) {
    await answer(exchange, negotiated.multipart, instances.map(storedPart));
    return;
  }
  checkTranscodedSize(first, transferSyntax);
  checkTranscodable(first, transferSyntax);
  await withFile(first.path, async file => {
    const header = await readHeader(file);
    const content = await transcoding(transcodeInstance(file, header, transferSyntax));
    const part = { contentType: contentTypeOf(transferSyntax), content };
    await answer({ response }, negotiated.multipart, [part]);
  });
}

async function answer(
  { response }: Pick<Exchange, 'response'>,
  asMultipart: boolean,
  parts: readonly Part[]
): Promise<void> {
  const [first] = parts;
  if (!asMultipart && first) {
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

const contentTypeOf = (transferSyntax: string) =>
  `application/dicom; transfer-syntax=${transferSyntax}`;

function storedPart(instance: StoredInstance): Part {
  return {
    contentType: contentTypeOf(instance.transferSyntaxUID),
    content: storedBytes(instance),
  };
}

/** Opened when they are needed: a study may have thousands of files. */
async function* storedBytes(instance: StoredInstance): AsyncGenerator<Uint8Array> {
  yield* createReadStream(instance.path) as AsyncIterable<Buffer>;
}
