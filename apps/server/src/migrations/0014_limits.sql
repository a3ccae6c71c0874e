-- ACC-10: what request limits of several processes know of each other. Unlogged: nothing of it needs to live through a
-- crash, and it must not cost the disk. Platform tables: a limit exists before any tenant is known. The ids are hashes.

CREATE UNLOGGED TABLE limit_process (
  id       uuid PRIMARY KEY,
  seen_at  timestamptz NOT NULL
);

CREATE UNLOGGED TABLE limit_bucket (
  id              text PRIMARY KEY CHECK (char_length(id) BETWEEN 1 AND 64),
  -- What is left, at changed_at; below zero when processes let more through than there was.
  tokens          double precision NOT NULL,
  quota           double precision NOT NULL CHECK (quota > 0),
  window_seconds  double precision NOT NULL CHECK (window_seconds > 0),
  changed_at      timestamptz NOT NULL
);
CREATE INDEX limit_bucket_changed ON limit_bucket (changed_at);

-- Only these functions touch the tables.
CREATE FUNCTION limits_exchange(
    process uuid, bucket_ids text[], used int[], quotas float8[], windows float8[], since timestamptz, read_max int)
  RETURNS TABLE (id text, tokens float8, processes int, until text)
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = qv, pg_temp
  AS $$
DECLARE
  moment timestamptz := clock_timestamp();
  alive int;
BEGIN
  INSERT INTO limit_process AS p (id, seen_at) VALUES (process, moment)
    ON CONFLICT ON CONSTRAINT limit_process_pkey DO UPDATE SET seen_at = excluded.seen_at;
  SELECT count(*) INTO alive FROM limit_process p WHERE p.seen_at > moment - interval '5 seconds';

  INSERT INTO limit_bucket AS b (id, tokens, quota, window_seconds, changed_at)
    SELECT u.id, u.quota - u.used, u.quota, u.window_seconds, moment
      FROM unnest(bucket_ids, used, quotas, windows) AS u (id, used, quota, window_seconds)
    ON CONFLICT ON CONSTRAINT limit_bucket_pkey DO UPDATE SET
      tokens = least(excluded.quota,
                     b.tokens + excluded.quota - b.quota
                       + greatest(0, extract(epoch FROM excluded.changed_at - b.changed_at)) * excluded.quota / excluded.window_seconds)
               - (excluded.quota - excluded.tokens),
      quota = excluded.quota, window_seconds = excluded.window_seconds,
      changed_at = greatest(b.changed_at, excluded.changed_at);

  RETURN QUERY SELECT NULL::text, 0::float8, alive, moment::text;
  -- What another process is writing now has an earlier time than its commit: two seconds are read twice.
  RETURN QUERY
    SELECT b.id, least(b.quota, b.tokens + greatest(0, extract(epoch FROM moment - b.changed_at)::float8) * b.quota / b.window_seconds),
           alive, moment::text
      FROM limit_bucket b
     WHERE since IS NULL OR b.changed_at > since - interval '2 seconds'
     ORDER BY b.changed_at DESC LIMIT read_max;

  -- A bucket that is full again says as much as none; a process that is silent is gone. Not each time: one in a minute does.
  IF random() < 1.0 / 60 THEN
    DELETE FROM limit_bucket d WHERE d.id IN (
      SELECT b.id FROM limit_bucket b
       WHERE b.changed_at < moment - interval '10 seconds'
         AND b.tokens + extract(epoch FROM moment - b.changed_at) * b.quota / b.window_seconds >= b.quota
       FOR UPDATE SKIP LOCKED);
    DELETE FROM limit_process p WHERE p.seen_at < moment - interval '1 minute';
  END IF;
END $$;

CREATE FUNCTION limits_leave(process uuid) RETURNS void
  LANGUAGE sql SECURITY DEFINER SET search_path = qv, pg_temp
  AS $$ DELETE FROM limit_process WHERE id = process $$;

GRANT EXECUTE ON FUNCTION limits_exchange(uuid, text[], int[], float8[], float8[], timestamptz, int), limits_leave(uuid) TO qv_auth;
