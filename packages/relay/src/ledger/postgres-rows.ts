import type { Entry, State } from './ledger.ts';

/** A row of `relay_instance` as it is read: bigint columns are texts. */
export interface InstanceRow {
  readonly id: string;
  readonly study: string;
  readonly state: State;
  readonly seq: string;
  readonly epoch: number;
  readonly seen_at: string;
  readonly at: string;
  readonly attempts: number;
  readonly retry_at: string | null;
  readonly reason_code: string | null;
  readonly reason_text: string | null;
  readonly server: string | null;
  readonly bytes: string | null;
  readonly sop_instance_uid: string | null;
  readonly copy: string | null;
}

export function entryOf(row: InstanceRow): Entry {
  const { id, study, state, epoch, attempts, retry_at, reason_code, bytes } = row;
  return {
    id,
    study,
    state,
    seq: Number(row.seq),
    epoch,
    seenAt: Number(row.seen_at),
    at: Number(row.at),
    attempts,
    retryAt: retry_at === null ? undefined : Number(retry_at),
    reason: reason_code === null ? undefined : { code: reason_code, text: row.reason_text ?? '' },
    server: row.server ?? undefined,
    bytes: bytes === null ? undefined : Number(bytes),
    sopInstanceUID: row.sop_instance_uid ?? undefined,
    copy: row.copy ?? undefined,
  };
}

/** The columns of an entry, for `PUT`; those that are absent become NULL. */
export function columnsOf(entry: Entry): Record<string, unknown> {
  const { id, study, state, seq, epoch, seenAt, at, attempts, retryAt, reason } = entry;
  return {
    id,
    study,
    state,
    seq,
    epoch,
    seen_at: seenAt,
    at,
    attempts,
    retry_at: retryAt,
    reason_code: reason?.code,
    reason_text: reason?.text,
    server: entry.server,
    bytes: entry.bytes,
    sop_instance_uid: entry.sopInstanceUID,
    copy: entry.copy,
  };
}
