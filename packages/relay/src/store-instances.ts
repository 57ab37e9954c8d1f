import type { DicomJson } from '@ohif-azure/dicomweb';
import { numberOf, stringOf } from '@ohif-azure/dicomweb';
import { parseRetryAfter } from '@ohif-azure/core';
import type { InstanceRecord } from './instance-intake.ts';
import { Refusal } from './refusal.ts';
import { RetryBudget } from './retry-budget.ts';
import type { Service } from './service.ts';
import { readStoreAnswer } from './store-answer.ts';
import type { AnsweredRequest } from './store-session.ts';
import { StoreSession } from './store-session.ts';
import type { InstanceReport, InstanceToStore, StoreFailure, StoreReport } from './store-server.ts';
import { doubtfulDuplicates } from './verify-duplicates.ts';

/** Nothing was done for these reasons; the same Store may go through later. */
const NOTHING_DONE = new Set(['access-token', 'access-token-refused', 'not-connected']);

const isItem = (item: unknown): item is DicomJson => typeof item === 'object' && item !== null;

/** The outcomes of the instances in one request, by what the service answered to it. */
async function reportsOf(
  service: Service,
  { answer, isWhole, count }: AnsweredRequest,
  records: readonly InstanceRecord[],
  signal: AbortSignal
): Promise<InstanceReport[]> {
  const { status, body } = answer;
  const isOutcome = isWhole && ((status >= 200 && status < 300) || status === 409);
  const says = isOutcome ? readStoreAnswer(status, body) : undefined;
  if (!says) {
    // Any other status says that nothing was stored.
    const outcome = status >= 400 && status !== 409 ? 'notSent' : 'unknown';
    return records.map(({ sopInstanceUID }) => ({ outcome, sopInstanceUID }));
  }
  const doubtful = await doubtfulDuplicates(service, says.already, records, signal);
  const byUID = new Map<string, InstanceReport[]>();
  const note = (item: unknown, report: InstanceReport): void => {
    const uid = isItem(item) ? stringOf(item, 'ReferencedSOPInstanceUID') : undefined;
    const failureReason = isItem(item) ? numberOf(item, 'FailureReason') : undefined;
    const warningReason = isItem(item) ? numberOf(item, 'WarningReason') : undefined;
    const full = { ...report, sopInstanceUID: uid, failureReason, warningReason };
    if (uid === undefined) unnamed.push(full);
    else byUID.set(uid, [...(byUID.get(uid) ?? []), full]);
  };
  const unnamed: InstanceReport[] = [];
  for (const item of says.referenced) {
    const isWarned = isItem(item) && numberOf(item, 'WarningReason') !== undefined;
    note(item, { outcome: isWarned ? 'storedWithWarnings' : 'stored' });
  }
  for (const item of says.already) {
    const duplicate = doubtful.get(item);
    note(item, duplicate ? { outcome: 'rejected', duplicate } : { outcome: 'alreadyStored' });
  }
  for (const item of [...says.failed, ...says.others]) note(item, { outcome: 'rejected' });
  const reports = records.map(({ sopInstanceUID: uid }) =>
    uid === undefined ? undefined : byUID.get(uid)?.shift()
  );
  const left = reports.filter(report => report === undefined).length;
  // Items without UID are about instances that the service could not read: where there is no doubt which.
  const rest = unnamed.length === left ? [...unnamed] : [];
  return reports.slice(0, count).map(
    (report, index) =>
      report ?? {
        ...(rest.shift() ?? { outcome: 'unknown' }),
        sopInstanceUID: records[index]?.sopInstanceUID,
      }
  );
}

function failureOf(error: Refusal): StoreFailure {
  const { reason, message } = error;
  const isNothingDone = NOTHING_DONE.has(reason);
  return {
    reason,
    message,
    retry: isNothingDone ? 'transient' : reason === 'malformed-body' ? 'permanent' : 'ambiguous',
  };
}

/** What a status other than an outcome says. */
function failureOfStatus(service: Service, { answer }: AnsweredRequest): StoreFailure | undefined {
  const { status: upstreamStatus, headers } = answer;
  if ((upstreamStatus >= 200 && upstreamStatus < 300) || upstreamStatus === 409) return undefined;
  const retryAfterMs = parseRetryAfter(headers['retry-after'] ?? null, service.clock.now());
  // 401 is answered with a new access token next time; 403 when the role was assigned.
  const isTransient = upstreamStatus >= 500 || [401, 403, 408, 424, 429].includes(upstreamStatus);
  return {
    reason: upstreamStatus === 401 ? 'access-token-refused' : 'service',
    upstreamStatus,
    message: `The DICOM service answered ${upstreamStatus} to a Store request.`,
    retry: isTransient ? 'transient' : 'permanent',
    ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
  };
}

async function send(
  session: StoreSession,
  instances: Iterable<InstanceToStore> | AsyncIterable<InstanceToStore>,
  signal: AbortSignal,
  onTaken: () => void
): Promise<void> {
  for await (const instance of instances) {
    onTaken();
    if (session.isStopped) continue;
    signal.throwIfAborted();
    const body = await instance.open(signal);
    await session.beginPart(instance.bytes);
    for await (const chunk of body) {
      if (session.isStopped) break;
      await session.write(Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength));
    }
    await session.endPart();
  }
  await session.end();
}

/** See {@link StoreServer.storeInstances}. */
export async function storeInstances(
  service: Service,
  instances: Iterable<InstanceToStore> | AsyncIterable<InstanceToStore>,
  signal: AbortSignal = new AbortController().signal
): Promise<StoreReport> {
  const budget = new RetryBudget(service.clock, service.settings.retrySeconds);
  const session = await StoreSession.begin({
    service,
    path: '/studies',
    caller: { signal },
    budget,
  });
  const cut = (): void => session.cut();
  signal.addEventListener('abort', cut, { once: true });
  let taken = 0;
  let failure: StoreFailure | undefined;
  try {
    await send(session, instances, signal, () => (taken += 1));
  } catch (error) {
    session.cut();
    if (!(error instanceof Refusal)) throw error;
    failure = failureOf(error);
  } finally {
    signal.removeEventListener('abort', cut);
    service.metrics.bytes('toService', session.sentBytes);
  }
  signal.throwIfAborted();
  const reports: InstanceReport[] = [];
  for (const answered of session.answered) {
    const { first, count } = answered;
    const records = session.records.slice(first, first + count);
    reports.push(...(await reportsOf(service, answered, records, signal)));
    failure ??= failureOfStatus(service, answered);
  }
  // Of the request that got no answer: unknown when something may have been done.
  const lost = failure?.retry === 'ambiguous' ? 'unknown' : 'notSent';
  for (const { sopInstanceUID } of session.records.slice(reports.length)) {
    reports.push({ outcome: lost, sopInstanceUID });
  }
  while (reports.length < taken) reports.push({ outcome: 'notSent' });
  const count = (isOne: (report: InstanceReport) => boolean): number =>
    reports.filter(isOne).length;
  const { metrics } = service;
  metrics.instances(
    'stored',
    count(({ outcome }) => /^stored/.test(outcome))
  );
  metrics.instances(
    'alreadyStored',
    count(({ outcome }) => outcome === 'alreadyStored')
  );
  metrics.instances(
    'different',
    count(({ duplicate }) => duplicate === 'different')
  );
  metrics.instances(
    'notCompared',
    count(({ duplicate }) => duplicate === 'notCompared')
  );
  metrics.instances(
    'failed',
    count(({ outcome, duplicate }) => outcome === 'rejected' && !duplicate)
  );
  return { instances: reports, ...(failure ? { failure } : {}) };
}
