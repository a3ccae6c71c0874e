-- IFC-5: figures over the inventory and how they went, day by day. A tally per environment, day, band and readiness is
-- kept by triggers, so that a question costs the same at any number of assets (docs/design/overview.md).

ALTER TABLE asset
  -- What a quantum computer would do to what is known to protect it; computed from the profile where the profile is written.
  ADD COLUMN readiness text NOT NULL DEFAULT 'unknown' CHECK (readiness IN ('vulnerable', 'partial', 'safe', 'unknown')),
  -- When the certificate that was last seen of it ends; NULL where there is none.
  ADD COLUMN certificate_ends_at timestamptz;

-- The rows that exist already, by the names that earlier releases wrote; the next scan computes it from the registry.
-- The owner steps out of forced row-level security for them, under the exclusive lock of this transaction.
ALTER TABLE asset NO FORCE ROW LEVEL SECURITY;
ALTER TABLE asset_use NO FORCE ROW LEVEL SECURITY;
WITH used AS (
  SELECT a.id, u ->> 'role' AS role,
         CASE WHEN u ->> 'algorithm' = 'none'
                OR u ->> 'algorithm' ~* '^(rsa.*|x25519|x448|secp[0-9]+[rk][0-9]|brainpool[a-z0-9]+|ffdhe[0-9]+|dh|dsa.*|ec-.*|ecdh.*|ecdsa.*|ed25519|ed448|dhkem.*|aes-.*ecb|3?des-.*|rc[24].*|idea.*|null)$'
              THEN 'vulnerable'
              WHEN u ->> 'algorithm' ~* '(ml-?kem|kyber|ml-?dsa|slh-?dsa|x-wing)' OR u ->> 'algorithm' ~* '^(aes-(128|192|256)|chacha20|camellia|aria|seed|sm4)'
              THEN 'safe' ELSE 'unknown' END AS state
    FROM asset a CROSS JOIN LATERAL jsonb_array_elements(
      CASE jsonb_typeof(a.encryption_profile -> 'uses') WHEN 'array' THEN a.encryption_profile -> 'uses' ELSE '[]' END) AS u
), judged AS (
  SELECT id,
         CASE WHEN bool_or(state = 'vulnerable' AND role <> 'signature') THEN 'vulnerable'
              WHEN bool_or(state = 'vulnerable') AND NOT bool_or(state = 'safe' AND role = 'key-establishment') THEN 'vulnerable'
              WHEN bool_or(state = 'vulnerable') THEN 'partial'
              WHEN bool_or(state = 'unknown') THEN 'unknown' ELSE 'safe' END AS readiness
    FROM used GROUP BY id
)
UPDATE asset a SET readiness = j.readiness FROM judged j WHERE j.id = a.id;
-- A certificate may say the year 0, which PostgreSQL does not know: it has ended all the same.
UPDATE asset SET certificate_ends_at = (evidence #>> '{scan,chain,0,notAfter}')::timestamptz
 WHERE evidence #>> '{scan,chain,0,notAfter}' ~ '^(?!0000)\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d';

CREATE INDEX asset_by_certificate_end ON asset (tenant_id, environment_id, certificate_ends_at, id)
  WHERE archived_at IS NULL AND certificate_ends_at IS NOT NULL;
CREATE INDEX api_key_by_end ON api_key (tenant_id, expires_at) WHERE revoked_at IS NULL AND expires_at IS NOT NULL;
CREATE INDEX access_grant_by_end ON access_grant (tenant_id, expires_at) WHERE revoked_at IS NULL AND expires_at IS NOT NULL;

-- Readiness is one more list of uses, so that the inventory can be filtered by it as by the others.
ALTER TABLE asset_use DROP CONSTRAINT asset_use_use_check;
-- k: key exchange, s: signature, e: encryption, f: finding, p: protection, q: readiness
ALTER TABLE asset_use ADD CONSTRAINT asset_use_use_check CHECK (use ~ '^[ksefpq]:.' AND char_length(use) <= 66);
INSERT INTO asset_use (tenant_id, use, asset_id, environment_id, facet, risk_score)
  SELECT tenant_id, 'q:' || readiness, id, environment_id, facet, risk_score FROM asset;

CREATE OR REPLACE FUNCTION keep_asset_uses() RETURNS trigger LANGUAGE plpgsql SET search_path = qv, pg_temp AS $$
BEGIN
  IF TG_OP = 'UPDATE' THEN
    DELETE FROM asset_use
     WHERE tenant_id = OLD.tenant_id AND asset_id = OLD.id
       AND use = ANY (ARRAY(SELECT u.use FROM asset_uses(OLD.encryption_profile, OLD.evidence) AS u UNION SELECT 'q:' || OLD.readiness
                            EXCEPT (SELECT u.use FROM asset_uses(NEW.encryption_profile, NEW.evidence) AS u
                                    UNION SELECT 'q:' || NEW.readiness)));
  END IF;
  INSERT INTO asset_use AS kept (tenant_id, use, asset_id, environment_id, facet, risk_score)
    SELECT NEW.tenant_id, u.use, NEW.id, NEW.environment_id, NEW.facet, NEW.risk_score
      FROM (SELECT use FROM asset_uses(NEW.encryption_profile, NEW.evidence) UNION SELECT 'q:' || NEW.readiness) AS u (use) ORDER BY u.use
    ON CONFLICT (tenant_id, use, asset_id) DO UPDATE SET facet = excluded.facet, risk_score = excluded.risk_score
     WHERE kept.facet <> excluded.facet OR kept.risk_score <> excluded.risk_score;
  RETURN NULL;
END $$;
DROP TRIGGER keep_uses ON asset;
CREATE TRIGGER keep_uses
  AFTER UPDATE OF encryption_profile, evidence, readiness, risk, risk_score, sensitivity, exposure, type, archived_at, ended_as
  ON asset FOR EACH ROW EXECUTE FUNCTION keep_asset_uses();

-- By how much the number of living assets of a kind changed on a day (UTC); what there is, is the sum of all days. Days
-- that nobody asks for any more are one row, at '-infinity'. No foreign key: the triggers own the rows.
CREATE TABLE asset_tally (
  tenant_id       uuid NOT NULL,
  environment_id  uuid NOT NULL,
  day             date NOT NULL,
  -- 0 low, 1 moderate, 2 high, 3 critical, as in asset.facet
  band            smallint NOT NULL CHECK (band BETWEEN 0 AND 3),
  readiness       text COLLATE "C" NOT NULL,
  change          bigint NOT NULL,
  PRIMARY KEY (tenant_id, environment_id, day, band, readiness)
) WITH (fillfactor = 50);

-- Changes that were not added up yet: a note is a row of its own, so that nobody who writes waits for anybody (as for quotas).
CREATE TABLE asset_tally_note (
  tenant_id       uuid NOT NULL,
  environment_id  uuid NOT NULL,
  day             date NOT NULL,
  band            smallint NOT NULL,
  readiness       text COLLATE "C" NOT NULL,
  change          bigint NOT NULL,
  -- Its transaction adds the notes of the environment up as the last thing.
  is_last_step    boolean NOT NULL
) WITH (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 5000);
CREATE INDEX asset_tally_note_of ON asset_tally_note (tenant_id, environment_id);

INSERT INTO asset_tally (tenant_id, environment_id, day, band, readiness, change)
  SELECT tenant_id, environment_id, (now() AT TIME ZONE 'UTC')::date, (facet / 4) % 4, readiness, count(*)
    FROM asset WHERE archived_at IS NULL GROUP BY 1, 2, 4, 5;
ALTER TABLE asset FORCE ROW LEVEL SECURITY;
ALTER TABLE asset_use FORCE ROW LEVEL SECURITY;

CALL protect_tenant_table('asset_tally');
CALL protect_tenant_table('asset_tally_note');
CREATE POLICY counted_by_trigger ON asset_tally TO qv_owner USING (true) WITH CHECK (true);
CREATE POLICY counted_by_trigger ON asset_tally_note TO qv_owner USING (true) WITH CHECK (true);
GRANT SELECT ON asset_tally, asset_tally_note TO qv_app;

-- A statement that changes many rows leaves one note for each kind that became more or fewer. One of 64 is followed by an
-- adding up, so that a question has few notes to read.
CREATE FUNCTION tally_added() RETURNS trigger
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = qv, pg_temp
  AS $$
BEGIN
  INSERT INTO asset_tally_note (tenant_id, environment_id, day, band, readiness, change, is_last_step)
    SELECT tenant_id, environment_id, (now() AT TIME ZONE 'UTC')::date, (facet / 4) % 4, readiness, count(*), random() < 1.0 / 64
      FROM added WHERE archived_at IS NULL GROUP BY 1, 2, 4, 5;
  RETURN NULL;
END $$;

CREATE FUNCTION tally_changed() RETURNS trigger
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = qv, pg_temp
  AS $$
BEGIN
  INSERT INTO asset_tally_note (tenant_id, environment_id, day, band, readiness, change, is_last_step)
    SELECT tenant_id, environment_id, (now() AT TIME ZONE 'UTC')::date, band, readiness, sum(change), random() < 1.0 / 64
      FROM (SELECT tenant_id, environment_id, (facet / 4) % 4 AS band, readiness, 1 AS change FROM after WHERE archived_at IS NULL
            UNION ALL
            SELECT tenant_id, environment_id, (facet / 4) % 4, readiness, -1 FROM before WHERE archived_at IS NULL) AS moved
     GROUP BY tenant_id, environment_id, band, readiness HAVING sum(change) <> 0;
  RETURN NULL;
END $$;

-- The lock is only tried: whoever has it adds up in one's place, and notes that stay are read as they are.
CREATE FUNCTION tally_last_step() RETURNS trigger
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = qv, pg_temp
  AS $$
DECLARE
  oldest date := (now() AT TIME ZONE 'UTC')::date - 100;
BEGIN
  IF NOT pg_try_advisory_xact_lock(hashtextextended('qv.tally ' || NEW.environment_id, 0)) THEN
    RETURN NULL;
  END IF;
  WITH noted AS (
    DELETE FROM asset_tally_note n WHERE n.tenant_id = NEW.tenant_id AND n.environment_id = NEW.environment_id
      RETURNING n.day, n.band, n.readiness, n.change
  ), total AS (SELECT day, band, readiness, sum(change) AS change FROM noted GROUP BY 1, 2, 3 HAVING sum(change) <> 0)
  INSERT INTO asset_tally AS t (tenant_id, environment_id, day, band, readiness, change)
    SELECT NEW.tenant_id, NEW.environment_id, day, band, readiness, change FROM total
    ON CONFLICT (tenant_id, environment_id, day, band, readiness) DO UPDATE SET change = t.change + excluded.change;
  IF EXISTS (SELECT FROM asset_tally t WHERE t.tenant_id = NEW.tenant_id AND t.environment_id = NEW.environment_id
                AND t.day > '-infinity' AND t.day < oldest) THEN
    WITH old AS (
      DELETE FROM asset_tally t WHERE t.tenant_id = NEW.tenant_id AND t.environment_id = NEW.environment_id
         AND t.day > '-infinity' AND t.day < oldest RETURNING t.band, t.readiness, t.change
    ), total AS (SELECT band, readiness, sum(change) AS change FROM old GROUP BY 1, 2)
    INSERT INTO asset_tally AS t (tenant_id, environment_id, day, band, readiness, change)
      SELECT NEW.tenant_id, NEW.environment_id, '-infinity', band, readiness, change FROM total
      ON CONFLICT (tenant_id, environment_id, day, band, readiness) DO UPDATE SET change = t.change + excluded.change;
  END IF;
  RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER tally_last_step AFTER INSERT ON asset_tally_note DEFERRABLE INITIALLY DEFERRED
  FOR EACH ROW WHEN (NEW.is_last_step) EXECUTE FUNCTION tally_last_step();

-- Nothing deletes assets; whoever does all the same is counted too.
CREATE FUNCTION tally_removed() RETURNS trigger
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = qv, pg_temp
  AS $$
BEGIN
  INSERT INTO asset_tally_note (tenant_id, environment_id, day, band, readiness, change, is_last_step)
    SELECT tenant_id, environment_id, (now() AT TIME ZONE 'UTC')::date, (facet / 4) % 4, readiness, -count(*), false
      FROM before WHERE archived_at IS NULL GROUP BY 1, 2, 4, 5;
  RETURN NULL;
END $$;

CREATE TRIGGER tally_added AFTER INSERT ON asset REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION tally_added();
CREATE TRIGGER tally_changed AFTER UPDATE ON asset REFERENCING OLD TABLE AS before NEW TABLE AS after
  FOR EACH STATEMENT EXECUTE FUNCTION tally_changed();
CREATE TRIGGER tally_removed AFTER DELETE ON asset REFERENCING OLD TABLE AS before FOR EACH STATEMENT EXECUTE FUNCTION tally_removed();
