/**
 * Where an instance stands.
 * - `waiting`: to be sent, now or later;
 * - `held`: a rule holds it back until an operator releases it;
 * - `skipped`: a rule leaves it out;
 * - `sent`: the DICOM service has it;
 * - `dead`: it was given up, and an operator has to decide;
 * - `dropped`: an operator has given it up;
 * - `gone`: Orthanc no longer had it when its turn came.
 */
export type State = 'waiting' | 'held' | 'skipped' | 'sent' | 'dead' | 'dropped' | 'gone';

/** Every state, in the order in which they are shown. */
export const STATES = [
  'waiting',
  'held',
  'sent',
  'dead',
  'skipped',
  'dropped',
  'gone',
] as const satisfies readonly State[];

/** Why something failed: a stable code and a sentence, without secrets and patient data. */
export interface Reason {
  readonly code: string;
  readonly text: string;
}

/** One instance in the ledger. Names are Orthanc's own identifiers (SHA-1 of the UIDs), times are milliseconds since 1970. */
export interface Entry {
  readonly id: string;
  readonly study: string;
  readonly state: State;
  /** Number of the change by which it was seen last; 0 when it was found by reconciliation. */
  readonly seq: number;
  /** Generation of Orthanc's database, see {@link Feed}. */
  readonly epoch: number;
  readonly seenAt: number;
  /** Of the last change of `state`, or of the last attempt. */
  readonly at: number;
  /** Attempts that count: those that failed by the instance, not by an outage. */
  readonly attempts: number;
  /** Not to be tried before. */
  readonly retryAt?: number;
  /** Why the last attempt failed; for `held` and `skipped` the rule. */
  readonly reason?: Reason;
  readonly server?: string;
  /** Bytes of the Part 10 file as it was sent. */
  readonly bytes?: number;
  readonly sopInstanceUID?: string;
  /** The de-identified copy in Orthanc: sent in place of the original, and not removed yet. */
  readonly copy?: string;
}

/** How far Orthanc's change feed was read. */
export interface Feed {
  /** `Seq` of the last change that is recorded; 0 before the first. */
  readonly cursor: number;
  /** Counts the databases: one more each time it was seen that the feed is that of another one. */
  readonly epoch: number;
  /** What stood at the cursor. Another database has something else there. */
  readonly mark?: string;
}

/** An instance that came in. */
export interface SeenInstance {
  readonly id: string;
  readonly study: string;
  /** 0: found by reconciliation, not in the feed. */
  readonly seq: number;
}

/** The quiet timer, in milliseconds: a study is sent when nothing came in for `quietMs`, at the latest `longestMs` after the first instance. */
export interface QuietTimes {
  readonly quietMs: number;
  readonly longestMs: number;
}

/** A study that one worker of one relay has for itself. */
export interface Claim {
  readonly study: string;
  /** Those of its instances that are due, at most as many as were asked for; the ones to be tried apart come alone. */
  readonly entries: readonly Entry[];
  /** The Study Instance UID of its de-identified form, once there is one. */
  readonly deidentifiedStudyUID?: string;
  /** Keeps others away for longer. @returns false when another relay has it by now: stop. */
  renew(): Promise<boolean>;
  /** Lets go. Never throws: what cannot be let go runs out. */
  release(): Promise<void>;
}

/** What became of an instance. */
export type Transition =
  | {
      readonly id: string;
      readonly to: 'sent';
      readonly server: string;
      readonly bytes: number;
      readonly sopInstanceUID?: string;
    }
  | {
      readonly id: string;
      readonly to: 'waiting';
      /** Milliseconds from now. */
      readonly retryInMs: number;
      readonly reason: Reason;
      /** Whether it counts as an attempt of this instance. */
      readonly counts: boolean;
      readonly sopInstanceUID?: string;
      readonly server?: string;
    }
  | {
      readonly id: string;
      readonly to: 'dead';
      readonly reason: Reason;
      readonly sopInstanceUID?: string;
      readonly server?: string;
    }
  | { readonly id: string; readonly to: 'held' | 'skipped' | 'gone'; readonly reason: Reason }
  /** The de-identified copy was made (a name), or removed (undefined). */
  | { readonly id: string; readonly to: 'copied'; readonly copy: string | undefined };

/** Which entries an operator means. All given conditions apply; `state` is needed, so that nobody retries what was sent by mistake. */
export interface Selection {
  readonly state: 'dead' | 'held' | 'waiting' | 'dropped';
  readonly ids?: readonly string[];
  readonly study?: string;
}

/** A page of {@link Ledger.list}. */
export interface ListOptions {
  readonly state?: State;
  readonly study?: string;
  /** At most. Default: 100. */
  readonly limit?: number;
  /** The `id` of the last entry of the page before. */
  readonly after?: string;
}

/** The ledger in numbers. */
export interface Summary {
  readonly counts: Readonly<Record<State, number>>;
  /** `seenAt` of the oldest instance that waits. */
  readonly oldestWaitingAt?: number;
  /** Instances that wait and have failed before. */
  readonly retrying: number;
}

/** What was sent between `at` and `at` + the bucket's length. */
export interface Bucket {
  readonly at: number;
  readonly instances: number;
  readonly bytes: number;
  readonly dead: number;
}

/**
 * The memory of the auto-router: which instances came in, and what became of each. What a method has recorded survives a crash of the relay and
 * of the machine; a method that throws has recorded nothing.
 *
 * All methods throw {@link LedgerError} ERR_RELAY_LEDGER_WRITE or ERR_RELAY_LEDGER_DATABASE when they cannot record or read.
 */
export interface Ledger {
  feed(): Promise<Feed>;
  /**
   * Records what the feed said, together with the new cursor; or nothing, when another relay has recorded it already. An instance that is known
   * from the same change stays as it is; one that came in anew is sent anew (the DICOM service says when it has it already).
   * @param from - the feed's state on which `instances` build.
   */
  recordFeed(from: Feed, to: Feed, instances: readonly SeenInstance[]): Promise<void>;
  /** Which of these are not in the ledger (those that are `gone` count as not there). */
  unknown(ids: readonly string[]): Promise<string[]>;
  /** Records what reconciliation has found. @returns how many were new. */
  recordFound(instances: readonly SeenInstance[]): Promise<number>;
  /**
   * The study whose turn is next, or undefined. Nobody else gets it before it is released or its lease runs out.
   * @param limit - entries at most.
   * @param except - studies that this relay does not want now.
   */
  claim(limit: number, except?: ReadonlySet<string>): Promise<Claim | undefined>;
  record(transitions: readonly Transition[]): Promise<void>;
  /** Records under which Study Instance UID the de-identified form of a study goes. @returns the one that holds: the first that was recorded. */
  recordDeidentifiedStudy(study: string, studyInstanceUID: string): Promise<string>;
  /** Whether this is the Study Instance UID of a de-identified form that this relay, or one that shares the ledger, has made. */
  isDeidentifiedStudy(studyInstanceUID: string): Promise<boolean>;
  /** Entries whose de-identified copies are still in Orthanc though they are not needed any more. */
  copiesToRemove(limit: number): Promise<Entry[]>;
  /** Sends again: `dead`, `held`, `dropped`, or `waiting` for a later attempt. @returns how many. */
  retry(selection: Selection): Promise<number>;
  /** Gives up. @returns how many. */
  drop(selection: Selection): Promise<number>;
  /** Ordered by `id`. */
  list(options?: ListOptions): Promise<Entry[]>;
  summary(): Promise<Summary>;
  /** The newest bucket ends now; each has its place, also when nothing was sent. */
  throughput(bucketMs: number, buckets: number): Promise<Bucket[]>;
  /** Ended entries whose last change is older than `before`; for {@link forget}. */
  ended(before: number, limit: number): Promise<Entry[]>;
  /** Forgets entries that Orthanc has no longer. */
  forget(ids: readonly string[]): Promise<void>;
  /** Whether one relay, this one, is to read the change feed for the next seconds. */
  lead(): Promise<boolean>;
  /** What is wrong with the ledger just now, for people; undefined: nothing. */
  problem(): Reason | undefined;
  close(): Promise<void>;
}
