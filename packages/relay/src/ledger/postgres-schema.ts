/** Version of the tables; a relay does not work with those of a newer one. */
export const FORMAT = 1;

/** Key of the advisory lock under which the tables are made, arbitrary. */
export const SCHEMA_LOCK = 7_246_119_204;

/** Milliseconds since 1970 by the database's clock: the relays' own may differ. */
export const NOW = `(extract(epoch from clock_timestamp()) * 1000)::bigint`;

/** Tables in the first schema of the connection's search path. Running it again changes nothing. */
export const SCHEMA = `
CREATE TABLE IF NOT EXISTS relay_feed (
  one boolean PRIMARY KEY DEFAULT true CHECK (one),
  format integer NOT NULL,
  cursor bigint NOT NULL DEFAULT 0,
  epoch integer NOT NULL DEFAULT 0,
  mark text,
  leader uuid,
  leader_until bigint NOT NULL DEFAULT 0
);
CREATE TABLE IF NOT EXISTS relay_study (
  study text PRIMARY KEY,
  lease uuid,
  lease_until bigint NOT NULL DEFAULT 0,
  deidentified_uid text UNIQUE
);
CREATE TABLE IF NOT EXISTS relay_instance (
  id text COLLATE "C" PRIMARY KEY,
  study text NOT NULL REFERENCES relay_study,
  state text NOT NULL CHECK (state IN ('waiting', 'held', 'skipped', 'sent', 'dead', 'dropped', 'gone')),
  seq bigint NOT NULL,
  epoch integer NOT NULL,
  seen_at bigint NOT NULL,
  at bigint NOT NULL,
  attempts integer NOT NULL,
  retry_at bigint,
  reason_code text,
  reason_text text,
  server text,
  bytes bigint,
  sop_instance_uid text,
  copy text
);
CREATE INDEX IF NOT EXISTS relay_instance_waiting ON relay_instance (study) WHERE state = 'waiting';
CREATE INDEX IF NOT EXISTS relay_instance_state ON relay_instance (state, id);
CREATE INDEX IF NOT EXISTS relay_instance_study ON relay_instance (study);
CREATE INDEX IF NOT EXISTS relay_instance_at ON relay_instance (at);
CREATE INDEX IF NOT EXISTS relay_instance_copy ON relay_instance (id) WHERE copy IS NOT NULL;
INSERT INTO relay_feed (format) VALUES (${FORMAT}) ON CONFLICT DO NOTHING;
`;

/** Writes entries from a JSON array of rows. */
export const PUT = `
INSERT INTO relay_instance AS i
SELECT * FROM jsonb_populate_recordset(NULL::relay_instance, $1::jsonb)
ON CONFLICT (id) DO UPDATE SET
  study = excluded.study, state = excluded.state, seq = excluded.seq, epoch = excluded.epoch, seen_at = excluded.seen_at,
  at = excluded.at, attempts = excluded.attempts, retry_at = excluded.retry_at, reason_code = excluded.reason_code,
  reason_text = excluded.reason_text, server = excluded.server, bytes = excluded.bytes,
  sop_instance_uid = excluded.sop_instance_uid, copy = excluded.copy`;

/** The study whose turn is next. $1: quiet, $2: longest wait (milliseconds), $3: studies that are not wanted. */
export const NEXT_STUDY = `
WITH due AS (
  SELECT study, min(seen_at) AS first FROM relay_instance
  WHERE state = 'waiting' AND study <> ALL ($3::text[])
  GROUP BY study
  HAVING (max(seen_at) + $1 <= ${NOW} OR min(seen_at) + $2 <= ${NOW}) AND min(coalesce(retry_at, 0)) <= ${NOW}
)
SELECT s.study, s.deidentified_uid FROM relay_study s JOIN due USING (study)
WHERE s.lease_until < ${NOW}
ORDER BY due.first LIMIT 1 FOR UPDATE OF s SKIP LOCKED`;
