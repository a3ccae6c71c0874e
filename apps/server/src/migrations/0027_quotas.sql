-- ACC-13: what an organization may have. Triggers note every change, so that no way to make a row goes uncounted, and a
-- note is a row of its own: nobody who writes waits for anybody else of the organization. Only what comes close to a quota
-- is counted once more under a lock, as the last thing of its transaction (docs/design/quotas.md).

-- The sum of the notes that were folded in; what an organization has is this and its notes.
CREATE TABLE quota_use (
  tenant_id  uuid NOT NULL,
  kind       text COLLATE "C" NOT NULL CHECK (kind IN ('assets', 'keys', 'jobs', 'api-keys', 'users', 'storage-bytes')),
  used       bigint NOT NULL,
  PRIMARY KEY (tenant_id, kind)
) WITH (fillfactor = 50);

CREATE TABLE quota_note (
  tenant_id  uuid NOT NULL,
  kind       text COLLATE "C" NOT NULL,
  change     bigint NOT NULL,
  -- What its transaction does as the last thing: count again, because little is left, or fold notes in.
  last_step  text CHECK (last_step IN ('count', 'fold'))
) WITH (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 5000);
CREATE INDEX quota_note_of ON quota_note (tenant_id, kind);

-- What the platform decided for one organization; without a row the settings of the server hold.
CREATE TABLE quota_override (
  tenant_id  uuid NOT NULL REFERENCES organization (id),
  kind       text COLLATE "C" NOT NULL CHECK (kind IN ('requests-per-minute', 'requests-per-day', 'assets', 'keys', 'jobs',
                                                       'api-keys', 'users', 'storage-bytes')),
  quota      bigint NOT NULL CHECK (quota >= CASE WHEN kind LIKE 'requests-%' THEN 1 ELSE 0 END),
  PRIMARY KEY (tenant_id, kind)
);

-- What there is already. The owner steps out of row-level security for these rows, under the lock of this transaction.
ALTER TABLE asset NO FORCE ROW LEVEL SECURITY;
ALTER TABLE asset_key NO FORCE ROW LEVEL SECURITY;
ALTER TABLE job NO FORCE ROW LEVEL SECURITY;
ALTER TABLE api_key NO FORCE ROW LEVEL SECURITY;
ALTER TABLE subject NO FORCE ROW LEVEL SECURITY;
ALTER TABLE protection_artifact NO FORCE ROW LEVEL SECURITY;
ALTER TABLE issued_certificate NO FORCE ROW LEVEL SECURITY;
INSERT INTO quota_use (tenant_id, kind, used)
  SELECT tenant_id, 'assets', count(*) FROM asset WHERE archived_at IS NULL GROUP BY 1
  UNION ALL SELECT tenant_id, 'keys', count(*) FROM asset_key GROUP BY 1
  UNION ALL SELECT tenant_id, 'jobs', count(*) FROM job WHERE finished_at IS NULL GROUP BY 1
  UNION ALL SELECT tenant_id, 'api-keys', count(*) FROM api_key WHERE revoked_at IS NULL GROUP BY 1
  UNION ALL SELECT tenant_id, 'users', count(*) FROM subject WHERE kind = 'user' AND status <> 'offboarded' GROUP BY 1
  UNION ALL SELECT tenant_id, 'storage-bytes', sum(bytes)::bigint FROM (
    SELECT tenant_id, octet_length(content::text) AS bytes FROM protection_artifact
    UNION ALL SELECT tenant_id, octet_length(wrapped) + coalesce(octet_length(public_key), 0) FROM asset_key
    UNION ALL SELECT tenant_id, octet_length(chain_pem) FROM issued_certificate) AS kept GROUP BY 1;
ALTER TABLE asset FORCE ROW LEVEL SECURITY;
ALTER TABLE asset_key FORCE ROW LEVEL SECURITY;
ALTER TABLE job FORCE ROW LEVEL SECURITY;
ALTER TABLE api_key FORCE ROW LEVEL SECURITY;
ALTER TABLE subject FORCE ROW LEVEL SECURITY;
ALTER TABLE protection_artifact FORCE ROW LEVEL SECURITY;
ALTER TABLE issued_certificate FORCE ROW LEVEL SECURITY;

CALL protect_tenant_table('quota_use');
CALL protect_tenant_table('quota_note');
CALL protect_tenant_table('quota_override');
CREATE POLICY counted_by_trigger ON quota_use TO qv_owner USING (true) WITH CHECK (true);
CREATE POLICY counted_by_trigger ON quota_note TO qv_owner USING (true) WITH CHECK (true);
CREATE POLICY read_by_function ON quota_override FOR SELECT TO qv_owner USING (true);
GRANT SELECT ON quota_use, quota_note TO qv_app;
GRANT SELECT, INSERT, UPDATE, DELETE ON quota_override TO qv_app;

-- Throws SQLSTATE QV001, with which quota, what it is and how much of it is used, as JSON in the detail, when `added` more
-- are too many for what has committed and this transaction has done; `noted` of it are noted already. True when what is
-- left then is so little that others, who have not committed yet, may need it as well.
CREATE FUNCTION quota_check(of_tenant uuid, of_kind text, added bigint, noted bigint) RETURNS boolean
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = qv, pg_temp
  AS $$
DECLARE
  total bigint;
  allowed bigint;
BEGIN
  SELECT o.quota INTO allowed FROM quota_override o WHERE o.tenant_id = of_tenant AND o.kind = of_kind;
  -- The server's setting comes with its connection; a session without one, such as a restore, is not held to any.
  allowed := coalesce(allowed, nullif(current_setting('qv.quota_' || replace(of_kind, '-', '_'), true), '')::bigint);
  IF allowed IS NULL THEN
    RETURN false;
  END IF;
  SELECT coalesce((SELECT u.used FROM quota_use u WHERE u.tenant_id = of_tenant AND u.kind = of_kind), 0)
       + coalesce((SELECT sum(n.change) FROM quota_note n WHERE n.tenant_id = of_tenant AND n.kind = of_kind), 0) + added - noted
    INTO total;
  IF total > allowed THEN
    RAISE EXCEPTION USING ERRCODE = 'QV001', MESSAGE = 'quota exceeded',
      DETAIL = json_build_object('quota', of_kind, 'limit', allowed, 'used', total - added)::text;
  END IF;
  RETURN total > allowed - greatest(10000, allowed / 20);
END $$;

-- One of 64 notes is followed by a fold, so that a count has few to add up.
CREATE FUNCTION quota_add(of_tenant uuid, of_kind text, added bigint) RETURNS void
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = qv, pg_temp
  AS $$
BEGIN
  INSERT INTO quota_note (tenant_id, kind, change, last_step)
    VALUES (of_tenant, of_kind, added,
            CASE WHEN quota_check(of_tenant, of_kind, added, 0) THEN 'count' WHEN random() < 1.0 / 64 THEN 'fold' END);
END $$;

-- The last step of a transaction. The only lock that is waited for is that of an organization close to a quota, one for all
-- kinds, and at a time at which the transaction needs nothing else any more: no circle can close.
CREATE FUNCTION quota_last_step() RETURNS trigger
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = qv, pg_temp
  AS $$
DECLARE
  of_organization bigint := hashtextextended('qv.quota ' || NEW.tenant_id, 0);
BEGIN
  IF NEW.last_step = 'count' THEN
    PERFORM pg_advisory_xact_lock(of_organization);
    -- A statement of its own: it sees what the holders of the lock before have committed.
    PERFORM quota_check(NEW.tenant_id, NEW.kind, NEW.change, NEW.change);
  ELSIF NOT pg_try_advisory_xact_lock(of_organization) THEN
    RETURN NULL;
  END IF;
  WITH folded AS (
    DELETE FROM quota_note n WHERE n.tenant_id = NEW.tenant_id AND n.kind = NEW.kind RETURNING n.change
  ), total AS (SELECT sum(change) AS change FROM folded HAVING count(*) > 0)
  INSERT INTO quota_use AS u (tenant_id, kind, used) SELECT NEW.tenant_id, NEW.kind, change FROM total
    ON CONFLICT (tenant_id, kind) DO UPDATE SET used = u.used + excluded.used;
  RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER quota_last_step AFTER INSERT ON quota_note DEFERRABLE INITIALLY DEFERRED
  FOR EACH ROW WHEN (NEW.last_step IS NOT NULL) EXECUTE FUNCTION quota_last_step();

CREATE FUNCTION quota_count_added() RETURNS trigger
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = qv, pg_temp
  AS $$
BEGIN
  CASE TG_TABLE_NAME
    WHEN 'asset' THEN
      PERFORM quota_add(tenant_id, 'assets', count(*)) FROM added WHERE archived_at IS NULL GROUP BY tenant_id;
    WHEN 'asset_key' THEN
      PERFORM quota_add(tenant_id, 'keys', count(*)),
              quota_add(tenant_id, 'storage-bytes', sum(octet_length(wrapped) + coalesce(octet_length(public_key), 0))::bigint)
         FROM added GROUP BY tenant_id;
    WHEN 'job' THEN
      PERFORM quota_add(tenant_id, 'jobs', count(*)) FROM added WHERE finished_at IS NULL GROUP BY tenant_id;
    WHEN 'api_key' THEN
      PERFORM quota_add(tenant_id, 'api-keys', count(*)) FROM added WHERE revoked_at IS NULL GROUP BY tenant_id;
    WHEN 'subject' THEN
      PERFORM quota_add(tenant_id, 'users', count(*)) FROM added
        WHERE kind = 'user' AND status <> 'offboarded' GROUP BY tenant_id;
    WHEN 'protection_artifact' THEN
      PERFORM quota_add(tenant_id, 'storage-bytes', sum(octet_length(content::text))::bigint) FROM added GROUP BY tenant_id;
    WHEN 'issued_certificate' THEN
      PERFORM quota_add(tenant_id, 'storage-bytes', sum(octet_length(chain_pem))::bigint) FROM added GROUP BY tenant_id;
  END CASE;
  RETURN NULL;
END $$;

-- A row that stops counting, which is never refused.
CREATE FUNCTION quota_note_left() RETURNS trigger
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = qv, pg_temp
  AS $$
BEGIN
  INSERT INTO quota_note (tenant_id, kind, change, last_step)
    VALUES (NEW.tenant_id, TG_ARGV[0], -1, CASE WHEN random() < 1.0 / 64 THEN 'fold' END);
  RETURN NULL;
END $$;

CREATE TRIGGER quota_added AFTER INSERT ON asset REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION quota_count_added();
CREATE TRIGGER quota_added AFTER INSERT ON asset_key REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION quota_count_added();
CREATE TRIGGER quota_added AFTER INSERT ON job REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION quota_count_added();
CREATE TRIGGER quota_added AFTER INSERT ON api_key REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION quota_count_added();
CREATE TRIGGER quota_added AFTER INSERT ON subject REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION quota_count_added();
CREATE TRIGGER quota_added AFTER INSERT ON protection_artifact REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION quota_count_added();
CREATE TRIGGER quota_added AFTER INSERT ON issued_certificate REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION quota_count_added();

CREATE TRIGGER quota_left AFTER UPDATE OF archived_at ON asset FOR EACH ROW
  WHEN (OLD.archived_at IS NULL AND NEW.archived_at IS NOT NULL) EXECUTE FUNCTION quota_note_left('assets');
CREATE TRIGGER quota_left AFTER UPDATE OF finished_at ON job FOR EACH ROW
  WHEN (OLD.finished_at IS NULL AND NEW.finished_at IS NOT NULL) EXECUTE FUNCTION quota_note_left('jobs');
CREATE TRIGGER quota_left AFTER UPDATE OF revoked_at ON api_key FOR EACH ROW
  WHEN (OLD.revoked_at IS NULL AND NEW.revoked_at IS NOT NULL) EXECUTE FUNCTION quota_note_left('api-keys');
CREATE TRIGGER quota_left AFTER UPDATE OF status ON subject FOR EACH ROW
  WHEN (NEW.kind = 'user' AND OLD.status <> 'offboarded' AND NEW.status = 'offboarded') EXECUTE FUNCTION quota_note_left('users');

-- For the limits of requests, which know no tenant: the few organizations that differ from the settings.
CREATE FUNCTION auth_request_quotas() RETURNS TABLE (tenant_id uuid, kind text, quota bigint)
  LANGUAGE sql STABLE SECURITY DEFINER SET search_path = qv, pg_temp
  AS $$ SELECT o.tenant_id, o.kind, o.quota FROM quota_override o WHERE o.kind LIKE 'requests-%' $$;
GRANT EXECUTE ON FUNCTION auth_request_quotas() TO qv_auth;
