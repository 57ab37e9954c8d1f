import type { IncomingMessage } from 'node:http';
import { acceptsDicomJson, parseMediaType } from '../http/media-type.ts';
import {
  dataStoreFailed,
  notAcceptableFilter,
  ServiceError,
  unsupportedContentType,
} from '../http/service-error.ts';
import { withoutPauses } from '../http/request-body.ts';
import type { InstanceStore } from '../storage/instance-store.ts';
import { applyExpiry, expiryOf } from './store-expiry.ts';
import { applyExternalAttributes, externalAttributesOf } from './external-metadata.ts';
import { acceptLines, answerJson, pathScope } from './exchange.ts';
import type { Exchange } from './exchange.ts';
import { receiveParts } from './store-receive.ts';
import { storeResponse } from './store-response.ts';
import { storeParts } from './store-parts.ts';
import type { PartOutcome } from './store-part.ts';

const CONSUMED = new Set(['multipart/related', 'application/dicom']);

/**
 * The check which routing makes before authentication: other media types get 415 with no body.
 * An absent header passes here and is refused later. [reference 1.1]
 */
export function checkStoreMediaType(request: IncomingMessage): void {
  const header = request.headers['content-type'];
  if (header === undefined) return;
  const type = parseMediaType(header)?.type;
  if (type === undefined || !CONSUMED.has(type)) throw new ServiceError(415, '');
}

/** Stores instances; with `PUT`, in place of what is there. @see PS3.18 10.5; reference 1 */
export async function storeInstances(exchange: Exchange): Promise<void> {
  const { request, response, parameters, access, store, version, profile } = exchange;
  const { archive, partition, maxStoreBytes } = exchange;
  if (!acceptsDicomJson(acceptLines(request))) throw notAcceptableFilter();
  access.require('write', parameters.study);
  const { studyInstanceUID } = pathScope(parameters);
  if (!request.headers['content-type']) throw unsupportedContentType('');

  const expiryMs = expiryOf(exchange);
  const external = externalAttributesOf(exchange);
  const parts = await withoutPauses(request, () =>
    receiveParts(request, () => store.temporaryPath(), maxStoreBytes)
  );
  try {
    const rules = { version, profile, studyInstanceUID, upsert: request.method === 'PUT' };
    const outcomes = await storeParts({ archive, partition }, parts, rules);
    if (outcomes.length > 0 && outcomes.every(outcome => outcome.diskFailed))
      throw dataStoreFailed();
    await applyExpiry(exchange, outcomes, expiryMs);
    await applyExternalAttributes(exchange, outcomes, external);
    if (outcomes.length === 0) {
      response.writeHead(204).end();
      return;
    }
    const { status, dataSet } = storeResponse(outcomes, exchange, studyInstanceUID);
    answerJson(response, status, JSON.stringify(dataSet), warningHeader(outcomes, request));
  } finally {
    await discardAll(store, parts);
  }
}

async function discardAll(store: InstanceStore, paths: readonly string[]): Promise<void> {
  for (const path of paths) await store.discard(path);
}

/** `Warning: 299 {host}: "..."`, with the bare host name. [reference 1.4] */
function warningHeader(
  outcomes: readonly PartOutcome[],
  request: IncomingMessage
): Record<string, string> {
  if (!outcomes.some(outcome => outcome.multipleValues)) return {};
  const host = (request.headers.host ?? '').replace(/:\d+$/, '');
  return {
    Warning: `299 ${host}: "One or more indexed Dicom tag(s) have multiple values, only first value is indexed."`,
  };
}
