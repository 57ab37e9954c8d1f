import { createHash } from 'node:crypto';
import { newUID, sleep, type Clock } from '@ohif-azure/core';
import type { Claim, Entry, Ledger, Transition } from '../ledger/index.ts';
import type { OrthancClient } from './orthanc-client.ts';
import { OrthancError } from './orthanc-error.ts';
import type { DeidentificationProfile } from './routing-schema.ts';

/** How often a job of Orthanc is asked for, in milliseconds. */
const JOB_POLL_MS = 100;
const ENDED_STATES = new Set(['Success', 'Failure', 'Paused', 'Retry']);

/** What the de-identification works with. */
export interface DeidentifyContext {
  readonly orthanc: OrthancClient;
  readonly ledger: Ledger;
  readonly clock: Clock;
  readonly signal: AbortSignal;
}

/**
 * The request for Orthanc's own anonymisation (PS3.15 E.1, Basic Profile, with the options of the profile). Patient and study get names that lead nowhere
 * but stay the same for the study, so that late instances join it.
 */
export function anonymizeRequest(
  profile: DeidentificationProfile,
  studyInstanceUID: string,
  instances: readonly string[]
): Record<string, unknown> {
  // The UID is random: nobody can get from here to the patient.
  const pseudonym = `ANON-${createHash('sha256').update(studyInstanceUID).digest('hex').slice(0, 12).toUpperCase()}`;
  return {
    Resources: instances,
    Keep: profile.keep,
    Remove: profile.remove,
    Replace: {
      PatientID: pseudonym,
      PatientName: pseudonym,
      ...profile.replace,
      StudyInstanceUID: studyInstanceUID,
    },
    KeepPrivateTags: profile.keepPrivateTags,
    ...(profile.dicomVersion === undefined ? {} : { DicomVersion: profile.dicomVersion }),
    // Orthanc asks for it where PatientID or UIDs are given.
    Force: true,
    KeepSource: true,
  };
}

async function runJob(
  { orthanc, clock, signal }: DeidentifyContext,
  request: Record<string, unknown>
): Promise<void> {
  const id = await orthanc.anonymize(request, signal);
  try {
    for (;;) {
      const job = await orthanc.job(id, signal);
      // Jobs do not outlive Orthanc, and old ones are forgotten: what it made is looked for below either way.
      if (job === undefined || ENDED_STATES.has(job.state)) return;
      await sleep(clock, JOB_POLL_MS, signal);
    }
  } catch (error) {
    // A job that went on would make copies which nobody waits for.
    if (signal.aborted) await orthanc.cancelJob(id).catch(() => undefined);
    throw error;
  }
}

/**
 * Makes de-identified copies of a study's instances in Orthanc, and records which copy is whose. Instances that have one already keep it: an attempt
 * that is repeated sends the same copies with the same UIDs. Copies that an interrupted attempt has left are removed first; none of them was sent, since
 * only what is recorded is sent.
 * @returns the entries with their copies; those that Orthanc cannot anonymise are left out.
 * @throws {OrthancError}; {LedgerError}; the signal's reason.
 */
export async function deidentify(
  context: DeidentifyContext,
  claim: Claim,
  entries: readonly Entry[],
  profile: DeidentificationProfile
): Promise<{ readonly ready: readonly Entry[]; readonly failed: readonly Entry[] }> {
  const { orthanc, ledger, signal } = context;
  const ready = entries.filter(({ copy }) => copy !== undefined);
  const open = entries.filter(({ copy }) => copy === undefined);
  if (open.length === 0) return { ready, failed: [] };
  // Recorded before the copies are made: the change feed knows them by it, and leaves them alone.
  const uid =
    claim.deidentifiedStudyUID ?? (await ledger.recordDeidentifiedStudy(claim.study, newUID()));

  const recorded = new Set(
    (await ledger.list({ study: claim.study, limit: Number.MAX_SAFE_INTEGER })).flatMap(
      ({ copy }) => copy ?? []
    )
  );
  for (const { id } of await orthanc.copiesIn(uid, signal)) {
    if (!recorded.has(id)) await orthanc.removeInstance(id, signal);
  }
  await runJob(
    context,
    anonymizeRequest(
      profile,
      uid,
      open.map(({ id }) => id)
    )
  );
  const byOriginal = new Map<string, string>();
  for (const { id, original } of await orthanc.copiesIn(uid, signal)) {
    if (original !== undefined && !recorded.has(id)) byOriginal.set(original, id);
  }
  const transitions: Transition[] = [];
  const made: Entry[] = [];
  const failed: Entry[] = [];
  for (const entry of open) {
    const copy = byOriginal.get(entry.id);
    if (copy === undefined) {
      failed.push(entry);
    } else {
      transitions.push({ id: entry.id, to: 'copied', copy });
      made.push({ ...entry, copy });
    }
  }
  if (transitions.length > 0) await ledger.record(transitions);
  return { ready: [...ready, ...made], failed };
}

/** Removes copies from Orthanc that are not needed any more, and records it. @returns how many. */
export async function removeCopies(
  { orthanc, ledger, signal }: Omit<DeidentifyContext, 'clock'>,
  limit: number
): Promise<number> {
  const entries = await ledger.copiesToRemove(limit);
  const removed: Transition[] = [];
  try {
    for (const { id, copy } of entries) {
      if (copy === undefined) continue;
      await orthanc.removeInstance(copy, signal);
      removed.push({ id, to: 'copied', copy: undefined });
    }
  } finally {
    if (removed.length > 0) await ledger.record(removed);
  }
  return removed.length;
}

/** The error for an instance that Orthanc does not anonymise. */
export function notAnonymized(instance: string): OrthancError {
  return new OrthancError(
    'ERR_RELAY_ORTHANC_INSTANCE',
    'Orthanc made no de-identified copy of the instance.',
    { instance }
  );
}
