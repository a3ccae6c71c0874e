-- ACC-11: what is looked up before anybody is known takes the same reads whether or not it exists. An index gives the row
-- that was asked for or, where there is none, the one that would follow it; of a neighbor nothing is given out.
CREATE INDEX user_account_by_email_and_organization ON user_account (lower(email), tenant_id);
DROP INDEX user_account_by_email;

-- Behind the last row come the first ones, which are read in any case; and conditions are multiplied, because AND would stop
-- at the first that is false. Absent ids are the nil UUID, as long to carry as any.

-- Without an organization the address must be of one account alone, therefore two rows are read.
CREATE OR REPLACE FUNCTION auth_find_sign_in(wanted_email text, wanted_organization uuid, identity_key bytea, address_key bytea)
  RETURNS TABLE (tenant_id uuid, subject_id uuid, password_hash text, usable boolean, is_locked boolean)
  LANGUAGE sql STABLE SECURITY DEFINER SET search_path = qv, pg_temp
  AS $$
    WITH near AS MATERIALIZED (
      (SELECT 1 AS place, u.tenant_id, u.id, u.password_hash,
              (lower(u.email) = lower(wanted_email))::integer * (u.tenant_id = coalesce(wanted_organization, u.tenant_id))::integer AS fits
         FROM user_account u
        WHERE (lower(u.email), u.tenant_id) >= (lower(wanted_email), coalesce(wanted_organization, '00000000-0000-0000-0000-000000000000'))
        ORDER BY lower(u.email), u.tenant_id LIMIT 2)
      UNION ALL
      (SELECT 2, u.tenant_id, u.id, u.password_hash, 0 FROM user_account u ORDER BY lower(u.email), u.tenant_id LIMIT 2)
      ORDER BY place, fits DESC LIMIT 2
    ), one AS (
      SELECT n.*, n.fits * (SELECT (sum(m.fits) = 1)::integer FROM near m) = 1 AS is_wanted
        FROM (SELECT * FROM near ORDER BY place, fits DESC LIMIT 1) AS n
    )
    SELECT CASE WHEN o.is_wanted THEN o.tenant_id ELSE '00000000-0000-0000-0000-000000000000' END,
           CASE WHEN o.is_wanted THEN o.id ELSE '00000000-0000-0000-0000-000000000000' END,
           CASE WHEN o.is_wanted THEN o.password_hash END,
           o.is_wanted::integer * (s.status = 'active')::integer = 1,
           EXISTS (SELECT FROM sign_in_failure l WHERE l.key IN (identity_key, address_key) AND l.locked_until > now())
      FROM one o JOIN subject s ON s.tenant_id = o.tenant_id AND s.id = o.id
  $$;

CREATE OR REPLACE FUNCTION auth_find_api_key(wanted_prefix text)
  RETURNS TABLE (id uuid, tenant_id uuid, subject_id uuid, subject_kind text, secret_hash bytea, usable boolean, access_version bigint)
  LANGUAGE sql STABLE SECURITY DEFINER SET search_path = qv, pg_temp
  AS $$
    WITH near AS MATERIALIZED (
      (SELECT 1 AS place, k.prefix = wanted_prefix AS is_wanted, k.* FROM api_key k WHERE k.prefix >= wanted_prefix ORDER BY k.prefix LIMIT 1)
      UNION ALL
      (SELECT 2, false, k.* FROM api_key k ORDER BY k.prefix LIMIT 1)
      ORDER BY place LIMIT 1
    )
    SELECT CASE WHEN k.is_wanted THEN k.id ELSE '00000000-0000-0000-0000-000000000000' END,
           CASE WHEN k.is_wanted THEN k.tenant_id ELSE '00000000-0000-0000-0000-000000000000' END,
           CASE WHEN k.is_wanted THEN k.subject_id ELSE '00000000-0000-0000-0000-000000000000' END, s.kind,
           CASE WHEN k.is_wanted THEN k.secret_hash ELSE decode(repeat('00', 32), 'hex') END,
           k.is_wanted::integer * (k.revoked_at IS NULL)::integer * (coalesce(k.expires_at, 'infinity') > now())::integer
             * (s.status = 'active')::integer = 1,
           v.version
      FROM near k
      JOIN subject s ON s.tenant_id = k.tenant_id AND s.id = k.subject_id
      JOIN access_version v ON v.tenant_id = k.tenant_id
  $$;

-- The notice is due of whatever was locked, or only accounts would take an entry in its index; `auth_due_lock_notices`
-- lets go of those that nobody has to be told of.
CREATE OR REPLACE FUNCTION auth_note_failure(failed_key bytea, of_tenant uuid, of_subject uuid, failures_max integer, lock_seconds integer, lock_seconds_max integer)
  RETURNS void LANGUAGE sql SECURITY DEFINER SET search_path = qv, pg_temp
  AS $$
    INSERT INTO sign_in_failure AS f (key, tenant_id, subject_id, failures) VALUES (failed_key, of_tenant, of_subject, 1)
    ON CONFLICT (key) DO UPDATE SET
      tenant_id = of_tenant,
      subject_id = of_subject,
      last_failed_at = now(),
      failures = CASE WHEN f.locked_until > now() THEN f.failures
                      WHEN f.last_failed_at < now() - interval '1 day' THEN 1
                      WHEN f.failures + 1 >= failures_max THEN 0
                      ELSE f.failures + 1 END,
      locks = CASE WHEN f.last_failed_at < now() - interval '1 day' THEN 0
                   WHEN (f.locked_until > now()) IS NOT TRUE AND f.failures + 1 >= failures_max THEN least(f.locks + 1, 30)
                   ELSE f.locks END,
      locked_until = CASE WHEN f.locked_until > now() THEN f.locked_until
                          WHEN f.last_failed_at < now() - interval '1 day' THEN NULL
                          WHEN f.failures + 1 >= failures_max
                            THEN now() + least(lock_seconds * 2 ^ f.locks, lock_seconds_max) * interval '1 second'
                          ELSE f.locked_until END,
      notice_due = f.notice_due OR ((f.locked_until > now()) IS NOT TRUE AND f.failures + 1 >= failures_max)
  $$;

CREATE OR REPLACE FUNCTION auth_due_lock_notices()
  RETURNS TABLE (key bytea, tenant_id uuid, subject_id uuid, locks integer, locked_until timestamptz)
  LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = qv, pg_temp
  AS $$
    UPDATE sign_in_failure SET notice_due = false WHERE notice_due AND subject_id IS NULL;
    SELECT f.key, f.tenant_id, f.subject_id, f.locks, f.locked_until FROM sign_in_failure f WHERE f.notice_due LIMIT 100
  $$;

-- The limits are the organization's where it has set them, else those given. Some organization's are read in any case.
-- The nil UUID is nobody, as NULL is.
CREATE OR REPLACE FUNCTION auth_note_sign_in(succeeded boolean, identity_key bytea, address_key bytea, of_tenant uuid, of_subject uuid,
                                             failures_max integer, lock_seconds integer, lock_seconds_max integer)
  RETURNS void LANGUAGE plpgsql SECURITY DEFINER SET search_path = qv, pg_temp
  AS $$
  DECLARE
    own boolean;
    own_failures_max integer;
    own_lock_seconds integer;
    own_lock_seconds_max integer;
  BEGIN
    of_tenant := coalesce(of_tenant, '00000000-0000-0000-0000-000000000000');
    of_subject := nullif(of_subject, '00000000-0000-0000-0000-000000000000');
    IF succeeded THEN
      DELETE FROM sign_in_failure WHERE key = identity_key;
      RETURN;
    END IF;
    SELECT n.tenant_id = of_tenant, (n.lockout ->> 'failuresMax')::integer, (n.lockout ->> 'lockSeconds')::integer,
           (n.lockout ->> 'lockSecondsMax')::integer
      INTO own, own_failures_max, own_lock_seconds, own_lock_seconds_max
      FROM (
        (SELECT 1 AS place, s.tenant_id, s.document -> 'lockout' AS lockout FROM security_settings s
          WHERE s.tenant_id >= of_tenant ORDER BY s.tenant_id LIMIT 1)
        UNION ALL
        (SELECT 2, s.tenant_id, s.document -> 'lockout' FROM security_settings s ORDER BY s.tenant_id LIMIT 1)
        ORDER BY place LIMIT 1
      ) AS n;
    failures_max := CASE WHEN own THEN coalesce(own_failures_max, failures_max) ELSE failures_max END;
    lock_seconds := CASE WHEN own THEN coalesce(own_lock_seconds, lock_seconds) ELSE lock_seconds END;
    lock_seconds_max := CASE WHEN own THEN coalesce(own_lock_seconds_max, lock_seconds_max) ELSE lock_seconds_max END;
    PERFORM auth_note_failure(identity_key, nullif(of_tenant, '00000000-0000-0000-0000-000000000000'), of_subject, failures_max, lock_seconds, lock_seconds_max);
    -- An address speaks for many people: ten times as patient.
    PERFORM auth_note_failure(address_key, NULL, NULL, failures_max * 10, lock_seconds, lock_seconds_max);
  END $$;
