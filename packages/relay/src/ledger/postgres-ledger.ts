import { randomUUID } from 'node:crypto';
import { DEFAULT_PAGE, turnOf } from './file-ledger.ts';
import type {
  Bucket,
  Claim,
  Entry,
  Feed,
  Ledger,
  ListOptions,
  QuietTimes,
  Reason,
  SeenInstance,
  Selection,
  State,
  Summary,
  Transition,
} from './ledger.ts';
import { STATES } from './ledger.ts';
import { PostgresConnection, type Transaction } from './postgres-connection.ts';
import { columnsOf, entryOf, type InstanceRow } from './postgres-rows.ts';
import { NEXT_STUDY, NOW, PUT } from './postgres-schema.ts';
import { afterTransition, dropped, retried, seenAgain, seenEntry } from './transitions.ts';

/** Options of {@link openPostgresLedger}. */
export interface PostgresLedgerOptions extends QuietTimes {
  /** `RELAY_DATABASE_URL`. Secret. */
  readonly url: string;
  /** How long a relay has a study, or the change feed, without a sign of life; milliseconds. */
  readonly leaseMs: number;
}

async function put({ query }: Transaction, entries: readonly Entry[]): Promise<void> {
  if (entries.length === 0) return;
  const studies = [...new Set(entries.map(({ study }) => study))].sort();
  await query('INSERT INTO relay_study (study) SELECT unnest($1::text[]) ON CONFLICT DO NOTHING', [
    studies,
  ]);
  await query(PUT, [JSON.stringify(entries.map(columnsOf))]);
}

/** In one order everywhere: two relays that lock the same rows wait for each other instead of both. */
async function locked({ query }: Transaction, ids: readonly string[]): Promise<Map<string, Entry>> {
  const rows = await query<InstanceRow>(
    'SELECT * FROM relay_instance WHERE id = ANY ($1::text[]) ORDER BY id FOR UPDATE',
    [ids]
  );
  return new Map(rows.map(row => [row.id, entryOf(row)]));
}

/** The ledger that several relays share: one PostgreSQL. The rules are those of the file, applied to locked rows. */
class PostgresLedger implements Ledger {
  readonly #options: PostgresLedgerOptions;
  readonly #connection: PostgresConnection;
  /** Names this relay as the reader of the change feed. */
  readonly #relay = randomUUID();

  constructor(options: PostgresLedgerOptions) {
    this.#options = options;
    this.#connection = new PostgresConnection(options.url);
  }

  feed(): Promise<Feed> {
    return this.#do(transaction => readFeed(transaction, ''));
  }

  recordFeed(from: Feed, to: Feed, instances: readonly SeenInstance[]): Promise<void> {
    return this.#do(async transaction => {
      const { cursor, epoch } = await readFeed(transaction, 'FOR UPDATE');
      if (cursor !== from.cursor || epoch !== from.epoch) return;
      const now = await transaction.now();
      const known = await locked(
        transaction,
        instances.map(({ id }) => id)
      );
      const entries = instances.flatMap(seen => seenAgain(known.get(seen.id), seen, to, now) ?? []);
      await put(transaction, entries);
      await transaction.query('UPDATE relay_feed SET cursor = $1, epoch = $2, mark = $3', [
        to.cursor,
        to.epoch,
        to.mark ?? null,
      ]);
    });
  }

  unknown(ids: readonly string[]): Promise<string[]> {
    return this.#do(async ({ query }) => {
      const rows = await query<{ id: string }>(
        `SELECT id FROM relay_instance WHERE id = ANY ($1::text[]) AND state <> 'gone'`,
        [ids]
      );
      const known = new Set(rows.map(({ id }) => id));
      return ids.filter(id => !known.has(id));
    });
  }

  recordFound(instances: readonly SeenInstance[]): Promise<number> {
    return this.#do(async transaction => {
      const { epoch } = await readFeed(transaction, 'FOR UPDATE');
      const now = await transaction.now();
      const known = await locked(
        transaction,
        instances.map(({ id }) => id)
      );
      const fresh = instances.filter(({ id }) => (known.get(id)?.state ?? 'gone') === 'gone');
      await put(
        transaction,
        fresh.map(seen => seenEntry(seen, epoch, now))
      );
      return fresh.length;
    });
  }

  async claim(limit: number, except: ReadonlySet<string> = new Set()): Promise<Claim | undefined> {
    const { quietMs, longestMs, leaseMs } = this.#options;
    const lease = randomUUID();
    const claimed = await this.#do(async ({ query }) => {
      const [next] = await query<{ study: string; deidentified_uid: string | null }>(NEXT_STUDY, [
        quietMs,
        longestMs,
        [...except],
      ]);
      if (!next) return undefined;
      await query(`UPDATE relay_study SET lease = $2, lease_until = ${NOW} + $3 WHERE study = $1`, [
        next.study,
        lease,
        leaseMs,
      ]);
      return next;
    });
    if (!claimed) return undefined;
    const { study, deidentified_uid: uid } = claimed;
    const release = (): Promise<void> =>
      this.#do(async ({ query }) => {
        await query('UPDATE relay_study SET lease_until = 0 WHERE study = $1 AND lease = $2', [
          study,
          lease,
        ]);
      }).catch(() => undefined);
    // Read now that nobody else has it: what was due may be done by now.
    const due = await this.#do(({ query }) =>
      query<InstanceRow>(
        `SELECT * FROM relay_instance WHERE study = $1 AND state = 'waiting' AND coalesce(retry_at, 0) <= ${NOW}`,
        [study]
      )
    );
    if (due.length === 0) {
      await release();
      return undefined;
    }
    return {
      study,
      entries: turnOf(due.map(entryOf), limit),
      deidentifiedStudyUID: uid ?? undefined,
      renew: () =>
        this.#do(async ({ query }) => {
          const rows = await query(
            `UPDATE relay_study SET lease_until = ${NOW} + $3 WHERE study = $1 AND lease = $2 RETURNING study`,
            [study, lease, leaseMs]
          );
          return rows.length === 1;
        }),
      release,
    };
  }

  record(transitions: readonly Transition[]): Promise<void> {
    return this.#do(async transaction => {
      const known = await locked(
        transaction,
        transitions.map(({ id }) => id)
      );
      const now = await transaction.now();
      for (const change of transitions) {
        const before = known.get(change.id);
        const after = before && afterTransition(before, change, now);
        if (after) known.set(change.id, after);
      }
      await put(transaction, [...known.values()]);
    });
  }

  recordDeidentifiedStudy(study: string, uid: string): Promise<string> {
    return this.#do(async ({ query }) => {
      const [row] = await query<{ deidentified_uid: string }>(
        `INSERT INTO relay_study AS s (study, deidentified_uid) VALUES ($1, $2)
         ON CONFLICT (study) DO UPDATE SET deidentified_uid = coalesce(s.deidentified_uid, excluded.deidentified_uid)
         RETURNING deidentified_uid`,
        [study, uid]
      );
      return row?.deidentified_uid ?? uid;
    });
  }

  isDeidentifiedStudy(studyInstanceUID: string): Promise<boolean> {
    return this.#do(async ({ query }) => {
      const rows = await query('SELECT 1 FROM relay_study WHERE deidentified_uid = $1', [
        studyInstanceUID,
      ]);
      return rows.length > 0;
    });
  }

  copiesToRemove(limit: number): Promise<Entry[]> {
    return this.#select(
      `copy IS NOT NULL AND state NOT IN ('waiting', 'dead') ORDER BY id LIMIT $1`,
      [limit]
    );
  }

  retry(selection: Selection): Promise<number> {
    return this.#change(selection, retried);
  }

  drop(selection: Selection): Promise<number> {
    return this.#change(selection, dropped);
  }

  list({ state, study, limit = DEFAULT_PAGE, after = '' }: ListOptions = {}): Promise<Entry[]> {
    return this.#select(
      `($1::text IS NULL OR state = $1) AND ($2::text IS NULL OR study = $2) AND id > $3 ORDER BY id LIMIT $4`,
      [state ?? null, study ?? null, after, limit]
    );
  }

  summary(): Promise<Summary> {
    return this.#do(async ({ query }) => {
      const rows = await query<{ state: State; count: string; oldest: string; failed: string }>(
        `SELECT state, count(*), min(seen_at) AS oldest, count(reason_code) AS failed FROM relay_instance GROUP BY state`
      );
      const of = (state: State) => rows.find(row => row.state === state);
      const counts = Object.fromEntries(
        STATES.map(state => [state, Number(of(state)?.count ?? 0)])
      );
      const waiting = of('waiting');
      return {
        counts: counts as Record<State, number>,
        oldestWaitingAt: waiting && Number(waiting.oldest),
        retrying: Number(waiting?.failed ?? 0),
      };
    });
  }

  throughput(bucketMs: number, buckets: number): Promise<Bucket[]> {
    return this.#do(async transaction => {
      const first = (await transaction.now()) + 1 - bucketMs * buckets;
      const rows = await transaction.query<Record<'bucket' | 'sent' | 'bytes' | 'dead', string>>(
        `SELECT (at - $1) / $2 AS bucket, count(*) FILTER (WHERE state = 'sent') AS sent,
           coalesce(sum(bytes) FILTER (WHERE state = 'sent'), 0) AS bytes, count(*) FILTER (WHERE state = 'dead') AS dead
         FROM relay_instance WHERE at >= $1 AND state IN ('sent', 'dead') GROUP BY 1`,
        [first, bucketMs]
      );
      const byBucket = new Map(rows.map(row => [Number(row.bucket), row]));
      return Array.from({ length: buckets }, (_, index) => {
        const row = byBucket.get(index);
        return {
          at: first + index * bucketMs,
          instances: Number(row?.sent ?? 0),
          bytes: Number(row?.bytes ?? 0),
          dead: Number(row?.dead ?? 0),
        };
      });
    });
  }

  ended(before: number, limit: number): Promise<Entry[]> {
    return this.#select(
      `state NOT IN ('waiting', 'held', 'dead') AND copy IS NULL AND at < $1 ORDER BY at LIMIT $2`,
      [before, limit]
    );
  }

  forget(ids: readonly string[]): Promise<void> {
    return this.#do(async ({ query }) => {
      const rows = await query<{ study: string }>(
        'DELETE FROM relay_instance WHERE id = ANY ($1::text[]) RETURNING study',
        [ids]
      );
      await query(
        `DELETE FROM relay_study s WHERE study = ANY ($1::text[])
           AND NOT EXISTS (SELECT 1 FROM relay_instance i WHERE i.study = s.study)`,
        [rows.map(({ study }) => study)]
      );
    });
  }

  lead(): Promise<boolean> {
    return this.#do(async ({ query }) => {
      const rows = await query(
        `UPDATE relay_feed SET leader = $1, leader_until = ${NOW} + $2 WHERE leader = $1 OR leader_until < ${NOW} RETURNING one`,
        [this.#relay, this.#options.leaseMs]
      );
      return rows.length === 1;
    });
  }

  problem(): Reason | undefined {
    return this.#connection.problem();
  }

  async close(): Promise<void> {
    await this.#do(async ({ query }) => {
      await query('UPDATE relay_feed SET leader_until = 0 WHERE leader = $1', [this.#relay]);
    }).catch(() => undefined);
    await this.#connection.close();
  }

  #do<Result>(work: (transaction: Transaction) => Promise<Result>): Promise<Result> {
    return this.#connection.transaction(work);
  }

  #select(condition: string, values: readonly unknown[]): Promise<Entry[]> {
    return this.#do(async ({ query }) => {
      const sql = `SELECT * FROM relay_instance WHERE ${condition}`;
      return (await query<InstanceRow>(sql, values)).map(entryOf);
    });
  }

  #change(
    { state, ids, study }: Selection,
    to: (before: Entry, now: number) => Entry
  ): Promise<number> {
    return this.#do(async transaction => {
      const rows = await transaction.query<InstanceRow>(
        `SELECT * FROM relay_instance WHERE state = $1 AND ($2::text[] IS NULL OR id = ANY ($2)) AND ($3::text IS NULL OR study = $3)
         ORDER BY id FOR UPDATE`,
        [state, ids ?? null, study ?? null]
      );
      const now = await transaction.now();
      await put(
        transaction,
        rows.map(row => to(entryOf(row), now))
      );
      return rows.length;
    });
  }
}

async function readFeed({ query }: Transaction, lock: '' | 'FOR UPDATE'): Promise<Feed> {
  const [row] = await query<{ cursor: string; epoch: number; mark: string | null }>(
    `SELECT cursor, epoch, mark FROM relay_feed ${lock}`
  );
  const { cursor = '0', epoch = 0, mark } = row ?? {};
  return { cursor: Number(cursor), epoch, mark: mark ?? undefined };
}

/** The ledger in PostgreSQL. Asks nothing of the server yet: a database that is down when the relay starts is waited for. */
export async function openPostgresLedger(options: PostgresLedgerOptions): Promise<Ledger> {
  return new PostgresLedger(options);
}
