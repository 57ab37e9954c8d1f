import { backOffMs, sleep } from '@ohif-azure/core';
import { isDicomJson, parseJson, stringOf } from './dicom-json.ts';
import type { DicomJson } from './dicom-json.ts';
import { exchange } from './exchange.ts';
import type { ExchangeContext, RequestOptions } from './exchange.ts';
import type { InstanceIdentity } from './part10.ts';
import { isPathUID, resourcePath } from './resource.ts';
import { TransportError } from './transport.ts';

/**
 * What the server says of an instance when it is asked.
 * - `present`: it has it, of the same SOP Class, in the same study and series.
 * - `different`: it has another object under the same UIDs.
 * - `absent`: it does not have it.
 * - `unknown`: it could not be asked, or did not answer plainly.
 */
export type Settlement = 'present' | 'different' | 'absent' | 'unknown';

/** Requests for one instance when the line is lost again. */
const MAX_ATTEMPTS = 3;

/** Questions in flight at once: one for each so many instances, and at most so many. */
const INSTANCES_PER_LANE = 8;
const MAX_LANES = 8;

/** Whether two UIDs that should be the same are, as far as both are known. */
function agrees(
  dataset: DicomJson,
  keyword: 'SOPClassUID' | 'StudyInstanceUID' | 'SeriesInstanceUID',
  uid: string | undefined
): boolean {
  const found = stringOf(dataset, keyword);
  return found === undefined || uid === undefined || found === uid;
}

function compare(body: Uint8Array, identity: InstanceIdentity): Settlement {
  const parsed = parseJson(body);
  const dataset: unknown = Array.isArray(parsed) ? parsed[0] : undefined;
  // A page of a gateway with status 200 is no proof.
  if (!isDicomJson(dataset)) return 'unknown';
  if (stringOf(dataset, 'SOPInstanceUID') !== identity.sopInstanceUID) return 'unknown';
  const isSame =
    agrees(dataset, 'SOPClassUID', identity.sopClassUID) &&
    agrees(dataset, 'StudyInstanceUID', identity.studyInstanceUID) &&
    agrees(dataset, 'SeriesInstanceUID', identity.seriesInstanceUID);
  return isSame ? 'present' : 'different';
}

interface Asked {
  readonly settlement: Settlement;
  /** False when there was no answer at all: others need not be asked then. */
  readonly isReachable: boolean;
}

async function ask(
  context: ExchangeContext,
  identity: InstanceIdentity,
  options: RequestOptions
): Promise<Asked> {
  const { sopInstanceUID, studyInstanceUID, seriesInstanceUID } = identity;
  if (!isPathUID(sopInstanceUID) || !isPathUID(studyInstanceUID) || !isPathUID(seriesInstanceUID)) {
    return { settlement: 'unknown', isReachable: true };
  }
  const path = `${resourcePath({ studyInstanceUID, seriesInstanceUID, sopInstanceUID })}/metadata`;
  for (let attempt = 0; ; attempt += 1) {
    try {
      const answer = await exchange(context, {
        operation: 'retrieve',
        studyInstanceUID,
        method: 'GET',
        path,
        headers: { Accept: 'application/dicom+json' },
        signal: options.signal,
        onWaiting: options.onWaiting,
      });
      if (answer.status === 404) return { settlement: 'absent', isReachable: true };
      const settlement = answer.status === 200 ? compare(answer.body, identity) : 'unknown';
      return { settlement, isReachable: true };
    } catch (error) {
      // Aborted, or no access token for reading: the question stays open, and what became of the instance is not less unknown for it.
      if (!(error instanceof TransportError) || options.signal?.aborted) {
        return { settlement: 'unknown', isReachable: false };
      }
      if (attempt + 1 >= MAX_ATTEMPTS) return { settlement: 'unknown', isReachable: false };
    }
    try {
      await sleep(context.clock, backOffMs(context.retry, attempt, context.random), options.signal);
    } catch {
      return { settlement: 'unknown', isReachable: false };
    }
  }
}

/** Asks for the instances of `pending`. @returns false when the server was not reached; the rest was not asked then. */
async function askAll(
  context: ExchangeContext,
  identities: readonly InstanceIdentity[],
  pending: readonly number[],
  settlements: Settlement[],
  options: RequestOptions
): Promise<boolean> {
  let isReachable = true;
  const left = pending[Symbol.iterator]();
  const lane = async (): Promise<void> => {
    for (const index of left) {
      const asked = await ask(context, identities[index] ?? {}, options);
      settlements[index] = asked.settlement;
      if (!asked.isReachable) isReachable = false;
      if (!isReachable) return;
    }
  };
  const lanes = Math.min(MAX_LANES, Math.ceil(pending.length / INSTANCES_PER_LANE));
  await Promise.all(Array.from({ length: lanes }, lane));
  return isReachable;
}

/**
 * Asks the server for instances, a few at a time: Retrieve of the instance's metadata. Never stores anything, and never throws for a failed request.
 * @param identities - needs SOPInstanceUID, StudyInstanceUID and SeriesInstanceUID; without them the settlement is `unknown`.
 * @param pausesMs - the absent ones are asked for again after each of these pauses (milliseconds), since a server may still be busy with
 *   a request whose line was lost.
 * @see PS3.18 10.4.1.1.2
 */
export async function settleInstances(
  context: ExchangeContext,
  identities: readonly InstanceIdentity[],
  pausesMs: readonly number[],
  options: RequestOptions
): Promise<Settlement[]> {
  const settlements: Settlement[] = identities.map(() => 'unknown');
  let pending = identities.map((_identity, index) => index);
  for (let pass = 0; ; pass += 1) {
    if (!(await askAll(context, identities, pending, settlements, options))) {
      // An absence that was to be confirmed is not confirmed.
      for (const other of pending) {
        if (settlements[other] === 'absent') settlements[other] = 'unknown';
      }
      return settlements;
    }
    pending = pending.filter(index => settlements[index] === 'absent');
    const pauseMs = pausesMs[pass];
    if (pending.length === 0 || pauseMs === undefined) return settlements;
    try {
      await sleep(context.clock, pauseMs, options.signal);
    } catch {
      for (const index of pending) settlements[index] = 'unknown';
      return settlements;
    }
  }
}
