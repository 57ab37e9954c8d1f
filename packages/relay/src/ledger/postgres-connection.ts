import pg from 'pg';
import { LedgerError, systemCode } from './ledger-error.ts';
import type { Reason } from './ledger.ts';
import { FORMAT, NOW, SCHEMA, SCHEMA_LOCK } from './postgres-schema.ts';

/** Connections of one relay, at most. */
const MAX_CONNECTIONS = 8;
const CONNECT_MS = 5_000;
const STATEMENT_MS = 60_000;

/** What a transaction can do. */
export interface Transaction {
  query<Row extends pg.QueryResultRow>(sql: string, values?: readonly unknown[]): Promise<Row[]>;
  /** By the database's clock. */
  now(): Promise<number>;
}

/** The connections to PostgreSQL. Nothing is asked of it before the first transaction, which makes the tables. */
export class PostgresConnection {
  readonly #pool: pg.Pool;
  #schema: Promise<void> | undefined;
  #problem: Reason | undefined;

  /** @param url - `postgres://...`; secret. */
  constructor(url: string) {
    this.#pool = new pg.Pool({
      connectionString: url,
      max: MAX_CONNECTIONS,
      connectionTimeoutMillis: CONNECT_MS,
      statement_timeout: STATEMENT_MS,
      query_timeout: STATEMENT_MS + CONNECT_MS,
      keepAlive: true,
      application_name: 'ohif-azure relay',
    });
    // A connection that breaks while nobody uses it; the next query finds out.
    this.#pool.on('error', () => undefined);
  }

  problem(): Reason | undefined {
    return this.#problem;
  }

  /**
   * Runs `work` in one transaction: all of it holds afterwards, or nothing.
   * @throws {LedgerError} ERR_RELAY_LEDGER_DATABASE; ERR_RELAY_LEDGER_CORRUPT when the tables are those of a newer relay.
   */
  async transaction<Result>(work: (transaction: Transaction) => Promise<Result>): Promise<Result> {
    try {
      await (this.#schema ??= this.#makeTables());
      const result = await this.#run(work);
      this.#problem = undefined;
      return result;
    } catch (cause) {
      const error = cause instanceof LedgerError ? cause : databaseError(cause);
      this.#problem = { code: error.code, text: error.message };
      throw error;
    }
  }

  async close(): Promise<void> {
    if (!this.#pool.ending) await this.#pool.end();
  }

  async #makeTables(): Promise<void> {
    try {
      await this.#run(makeTables);
    } catch (error) {
      this.#schema = undefined;
      throw error;
    }
  }

  async #run<Result>(work: (transaction: Transaction) => Promise<Result>): Promise<Result> {
    let client: pg.PoolClient | undefined;
    let isBroken = false;
    try {
      const connected = (client = await this.#pool.connect());
      const query: Transaction['query'] = async (sql, values = []) =>
        (await connected.query(sql, [...values])).rows;
      await connected.query('BEGIN');
      const result = await work({
        query,
        now: async () =>
          Number((await query<{ now: string }>(`SELECT ${NOW} AS now`))[0]?.now ?? Number.NaN),
      });
      await connected.query('COMMIT');
      return result;
    } catch (error) {
      await client?.query('ROLLBACK').catch(() => (isBroken = true));
      throw error;
    } finally {
      client?.release(isBroken);
    }
  }
}

async function makeTables({ query }: Transaction): Promise<void> {
  // Relays that start at the same time wait for each other.
  await query('SELECT pg_advisory_xact_lock($1)', [SCHEMA_LOCK]);
  const [found] = await query<{ name: string | null }>(
    `SELECT to_regclass('relay_feed')::text AS name`
  );
  if (found?.name === null || found === undefined) await query(SCHEMA);
  const [feed] = await query<{ format: number }>('SELECT format FROM relay_feed');
  if (feed?.format === FORMAT) return;
  throw new LedgerError(
    'ERR_RELAY_LEDGER_CORRUPT',
    `The ledger's tables are those of another version: expected format ${FORMAT}. Nothing was changed.`
  );
}

function databaseError(cause: unknown): LedgerError {
  const code = systemCode(cause);
  const hint =
    code === '42501'
      ? 'the account may not make tables; give it CREATE on the schema for the first start'
      : 'check RELAY_DATABASE_URL and that the server runs';
  // The message of the server may repeat values; its code (PostgreSQL, Appendix A) says enough.
  return new LedgerError(
    'ERR_RELAY_LEDGER_DATABASE',
    `The ledger's PostgreSQL failed (${code}); ${hint}.`,
    { cause }
  );
}
