import type { Clock } from '@ohif-azure/core';
import { TAGS } from '@ohif-azure/dicomweb';
import type { Logger } from 'pino';
import type { FailedBoundaries } from './failed-boundaries.ts';
import { INSTANCE_OUTCOMES } from './metrics.ts';
import { ownAddressOf } from './own-address.ts';
import { Refusal } from './refusal.ts';
import type { Answer } from './respond.ts';
import { bytesOf, respond } from './respond.ts';
import type { Service } from './service.ts';
import type { Exchange, StoreProgress } from './store.ts';
import { bodyOf, store } from './store.ts';

/** What is needed besides the request. */
export interface StoreTools {
  readonly service: Service;
  readonly boundaries: FailedBoundaries;
  readonly logger: Logger;
  readonly clock: Clock;
}

const REUSED_BOUNDARY =
  'Nothing was sent: a request with this boundary has failed before. Orthanc does that when a failed job is resubmitted, and leaves out what it had sent by then: send the study anew.';

/**
 * To a request without parts, of a job whose requests all went well: it was paused when everything was sent already. Orthanc compares the number of items with
 * what it has sent in this request (orthanc 2.2).
 */
const NOTHING_LEFT: Answer = {
  status: 200,
  headers: { 'content-type': 'application/dicom+json; charset=utf-8' },
  body: JSON.stringify({ [TAGS.ReferencedSOPSequence]: { vr: 'SQ', Value: [] } }),
};

/** So many failed instances are named in the log. */
const MAX_NAMED = 200;
/** Orthanc's default `Timeout`, and how far around it a caller that goes away is suspected of it, in milliseconds. */
const ORTHANC_TIMEOUT_MS = 60_000;
const TOLERANCE_MS = 3_000;

/**
 * Serves a Store request of a caller, with the guard against "Resubmit" around it.
 * @param log - takes what the line of the request says.
 * @throws {Refusal} when the caller is to be answered in plain words.
 */
export async function serveStore(
  { service, boundaries, logger, clock }: StoreTools,
  caller: Exchange,
  log: Record<string, unknown>
): Promise<void> {
  const { request, response } = caller;
  const startedAt = clock.now();
  const body = bodyOf(request);
  const boundary = body.kind === 'multipart' ? body.boundary : undefined;
  if (boundary !== undefined && boundaries.hasFailed(boundary)) {
    throw new Refusal(409, 'reused-boundary', REUSED_BOUNDARY);
  }
  const ticket = boundary === undefined ? undefined : boundaries.begin(boundary);
  const progress: StoreProgress = {};
  let isSuccess = false;
  try {
    const result = await store(service, caller, body, progress);
    isSuccess = result.isSuccess;
    log['responseBytes'] = await respond(
      request,
      response,
      withOwnAddress(service, caller, result.answer)
    );
  } catch (error) {
    if (!(error instanceof Refusal) || error.reason !== 'empty-body') throw error;
    // A job that is paused before its first part sends this, and then everything: nothing is missing from what comes.
    ticket?.end(true);
    if (boundary === undefined || !boundaries.hasStored(boundary)) throw error;
    log['isResumed'] = true;
    log['responseBytes'] = await respond(request, response, NOTHING_LEFT);
  } finally {
    // A success that the caller did not get is a failure to it: Orthanc's job has failed.
    if (isSuccess && !caller.isGone) {
      const { instances } = progress;
      if (response.writableFinished) ticket?.end(true, instances);
      else response.once('close', () => ticket?.end(response.writableFinished, instances));
    } else ticket?.end(false);
    note(progress, log);
    countInstances(service, progress);
    if (!isSuccess) nameFailed(logger, service, progress);
    const tookMs = clock.now() - startedAt;
    if (caller.isGone && Math.abs(tookMs - ORTHANC_TIMEOUT_MS) < TOLERANCE_MS) {
      log['hint'] =
        'the caller went away after about 60 seconds, which is the default of "Timeout" in Orthanc\'s server entry: set it to 3600';
    }
  }
}

/** See {@link ownAddressOf}. */
function withOwnAddress({ settings }: Service, { request }: Exchange, answer: Answer): Answer {
  const { status, headers, body } = answer;
  const own = ownAddressOf(settings, request.headers);
  return { status, headers, body: own.body(bytesOf(body)) };
}

function note(progress: StoreProgress, log: Record<string, unknown>): void {
  const { requestBytes, instances, upstreamRequests, upstreamStatus, counts } = progress;
  log['requestBytes'] = requestBytes;
  log['instances'] = instances;
  log['upstreamRequests'] = upstreamRequests;
  log['upstreamStatus'] = upstreamStatus;
  if (!counts) return;
  log['stored'] = counts.stored;
  log['alreadyStored'] = counts.alreadyStored;
  log['different'] = counts.different;
  log['notCompared'] = counts.notCompared;
  log['failed'] = counts.failed;
}

function countInstances({ metrics }: Service, { counts, instances = 0 }: StoreProgress): void {
  if (!counts) {
    metrics.instances('failed', instances);
    return;
  }
  for (const outcome of INSTANCE_OUTCOMES) {
    if (counts[outcome] > 0) metrics.instances(outcome, counts[outcome]);
  }
}

/** Which instances failed, by their UIDs: nothing else says it to an operator. */
function nameFailed(
  logger: Logger,
  { settings }: Service,
  { failedInstances = [] }: StoreProgress
): void {
  if (failedInstances.length === 0) return;
  logger.warn(
    {
      server: settings.name,
      failed: failedInstances.length,
      instances: failedInstances.slice(0, MAX_NAMED),
    },
    'instances not stored'
  );
}
