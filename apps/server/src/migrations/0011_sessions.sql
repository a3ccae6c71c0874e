-- ACC-4, ACC-11: sessions, the keys that sign their tokens, passwords and their policy, lockout, sign-in by device code.

-- Keys of this installation, wrapped under the root key. Signing keys are published (public_key); the HMAC key names
-- identities and addresses in sign_in_failure without holding them.
CREATE TABLE session_key (
  kid         text PRIMARY KEY CHECK (char_length(kid) BETWEEN 1 AND 100),
  algorithm   text NOT NULL CHECK (algorithm IN ('Ed25519', 'ML-DSA-65', 'HMAC-SHA-256')),
  public_key  bytea,
  suite       text NOT NULL,
  wrapped     bytea NOT NULL,
  created_at  timestamptz NOT NULL DEFAULT now(),
  -- Published before it signs, so that every process knows it by then; verified for some time after its successor signs.
  signs_from  timestamptz NOT NULL,
  CHECK ((public_key IS NULL) = (algorithm = 'HMAC-SHA-256'))
);
CREATE UNIQUE INDEX session_key_of_names ON session_key (algorithm) WHERE algorithm = 'HMAC-SHA-256';
GRANT SELECT, INSERT, DELETE ON session_key TO qv_app;

-- How an organization wants passwords, sessions, lockout and second factors; one document, parsed by its schema.
CREATE TABLE security_settings (
  tenant_id   uuid PRIMARY KEY REFERENCES organization (id),
  document    jsonb NOT NULL,
  version     integer NOT NULL DEFAULT 1,
  updated_at  timestamptz NOT NULL DEFAULT now(),
  updated_by  uuid NOT NULL
);
CALL protect_tenant_table('security_settings');
GRANT SELECT, INSERT, UPDATE ON security_settings TO qv_app;

CREATE TABLE session (
  id                uuid PRIMARY KEY,
  tenant_id         uuid NOT NULL REFERENCES organization (id),
  subject_id        uuid NOT NULL,
  -- Where its tokens are kept: a browser's cookies, or with the client.
  transport         text NOT NULL CHECK (transport IN ('cookie', 'token')),
  created_at        timestamptz NOT NULL DEFAULT now(),
  last_used_at      timestamptz NOT NULL DEFAULT now(),
  idle_seconds      integer NOT NULL CHECK (idle_seconds BETWEEN 1 AND 31536000),
  ends_at           timestamptz NOT NULL,
  authenticated_at  timestamptz NOT NULL,
  mfa_at            timestamptz,
  csrf_hash         bytea CHECK (octet_length(csrf_hash) = 32),
  must_change       text CHECK (must_change IN ('administrator', 'breached', 'expired')),
  -- AUD-2: personal data, ciphertext under the subject's key.
  address_key_id    uuid,
  address_suite     text,
  address           bytea,
  user_agent        text CHECK (char_length(user_agent) BETWEEN 1 AND 120),
  revoked_at        timestamptz,
  revoked_reason    text CHECK (revoked_reason IN ('signed-out', 'revoked', 'refresh-reused', 'session-limit', 'password-changed', 'password-reset', 'subject-ended')),
  UNIQUE (tenant_id, id),
  FOREIGN KEY (tenant_id, subject_id) REFERENCES subject (tenant_id, id),
  CHECK ((revoked_at IS NULL) = (revoked_reason IS NULL)),
  CHECK (num_nonnulls(address_key_id, address_suite, address) IN (0, 3)),
  CHECK ((csrf_hash IS NOT NULL) = (transport = 'cookie'))
);
CREATE INDEX session_of_subject ON session (tenant_id, subject_id, id DESC);
CREATE INDEX session_ended ON session (ends_at);
CALL protect_tenant_table('session');
GRANT SELECT, INSERT, UPDATE, DELETE ON session TO qv_app;

-- The family of a session's refresh tokens. One is current; a replaced one that comes back ends the session.
CREATE TABLE refresh_token (
  token_hash   bytea PRIMARY KEY CHECK (octet_length(token_hash) = 32),
  tenant_id    uuid NOT NULL,
  session_id   uuid NOT NULL,
  generation   integer NOT NULL CHECK (generation >= 1),
  created_at   timestamptz NOT NULL DEFAULT now(),
  replaced_at  timestamptz,
  UNIQUE (tenant_id, session_id, generation),
  FOREIGN KEY (tenant_id, session_id) REFERENCES session (tenant_id, id) ON DELETE CASCADE
);
CREATE UNIQUE INDEX refresh_token_current ON refresh_token (tenant_id, session_id) WHERE replaced_at IS NULL;
CALL protect_tenant_table('refresh_token');
GRANT SELECT, INSERT, UPDATE (replaced_at), DELETE ON refresh_token TO qv_app;

-- Between the password and the second factor.
CREATE TABLE sign_in_ticket (
  token_hash        bytea PRIMARY KEY CHECK (octet_length(token_hash) = 32),
  tenant_id         uuid NOT NULL REFERENCES organization (id),
  subject_id        uuid NOT NULL,
  transport         text NOT NULL CHECK (transport IN ('cookie', 'token')),
  authenticated_at  timestamptz NOT NULL,
  must_change       text CHECK (must_change IN ('administrator', 'breached', 'expired')),
  expires_at        timestamptz NOT NULL,
  attempts_left     smallint NOT NULL CHECK (attempts_left >= 0),
  FOREIGN KEY (tenant_id, subject_id) REFERENCES subject (tenant_id, id)
);
CREATE INDEX sign_in_ticket_age ON sign_in_ticket (expires_at);
CALL protect_tenant_table('sign_in_ticket');
GRANT SELECT, INSERT, UPDATE (attempts_left), DELETE ON sign_in_ticket TO qv_app;

-- What is known of a user's password besides its hash. No row: it is as old as the account.
CREATE TABLE password_state (
  tenant_id    uuid NOT NULL,
  subject_id   uuid NOT NULL,
  changed_at   timestamptz NOT NULL DEFAULT now(),
  must_change  text CHECK (must_change IN ('administrator', 'breached')),
  PRIMARY KEY (tenant_id, subject_id),
  FOREIGN KEY (tenant_id, subject_id) REFERENCES subject (tenant_id, id)
);
CALL protect_tenant_table('password_state');
CREATE TABLE password_history (
  id             uuid PRIMARY KEY,
  tenant_id      uuid NOT NULL,
  subject_id     uuid NOT NULL,
  password_hash  text NOT NULL CHECK (char_length(password_hash) <= 256),
  replaced_at    timestamptz NOT NULL DEFAULT now(),
  FOREIGN KEY (tenant_id, subject_id) REFERENCES subject (tenant_id, id)
);
CREATE INDEX password_history_of_subject ON password_history (tenant_id, subject_id, id DESC);
CALL protect_tenant_table('password_history');
CREATE TABLE password_reset (
  token_hash  bytea PRIMARY KEY CHECK (octet_length(token_hash) = 32),
  tenant_id   uuid NOT NULL,
  subject_id  uuid NOT NULL,
  created_by  uuid NOT NULL,
  created_at  timestamptz NOT NULL DEFAULT now(),
  expires_at  timestamptz NOT NULL,
  FOREIGN KEY (tenant_id, subject_id) REFERENCES subject (tenant_id, id)
);
-- A new one takes the place of the one before.
CREATE UNIQUE INDEX password_reset_of_subject ON password_reset (tenant_id, subject_id);
CALL protect_tenant_table('password_reset');
GRANT SELECT, INSERT, UPDATE, DELETE ON password_state, password_history, password_reset TO qv_app;

-- ACC-10: failed sign-ins of an identity or an address, both named by a keyed hash. Read and written by functions alone.
CREATE TABLE sign_in_failure (
  key             bytea PRIMARY KEY CHECK (octet_length(key) = 32),
  -- Whose account it is, where there is one: to tell its organization.
  tenant_id       uuid,
  subject_id      uuid,
  failures        integer NOT NULL,
  locks           integer NOT NULL DEFAULT 0,
  last_failed_at  timestamptz NOT NULL DEFAULT now(),
  locked_until    timestamptz,
  notice_due      boolean NOT NULL DEFAULT false
);
CREATE INDEX sign_in_failure_age ON sign_in_failure (last_failed_at);
CREATE INDEX sign_in_failure_notice ON sign_in_failure (key) WHERE notice_due;
CALL protect_tenant_table('sign_in_failure');

-- ACC-4, RFC 8628: a device waits for a signed-in person to approve it. It belongs to no organization until then.
CREATE TABLE device_sign_in (
  device_code_hash  bytea PRIMARY KEY CHECK (octet_length(device_code_hash) = 32),
  user_code_hash    bytea NOT NULL UNIQUE CHECK (octet_length(user_code_hash) = 32),
  tenant_id         uuid,
  subject_id        uuid,
  status            text NOT NULL DEFAULT 'pending' CHECK (status IN ('pending', 'approved', 'denied')),
  client_name       text NOT NULL CHECK (char_length(client_name) BETWEEN 1 AND 100),
  authenticated_at  timestamptz,
  mfa_at            timestamptz,
  created_at        timestamptz NOT NULL DEFAULT now(),
  expires_at        timestamptz NOT NULL,
  polled_at         timestamptz,
  CHECK ((status = 'approved') = (tenant_id IS NOT NULL AND subject_id IS NOT NULL))
);
CREATE INDEX device_sign_in_age ON device_sign_in (expires_at);
CALL protect_tenant_table('device_sign_in');

-- What follows happens before a tenant is known: as the owner, whom forced row-level security binds too, through one
-- policy for each need. qv_auth may call the functions and read no table.
CREATE POLICY prune_by_function ON session FOR DELETE TO qv_owner USING (least(ends_at, revoked_at) < now() - interval '30 days');
CREATE POLICY prune_by_function ON sign_in_ticket FOR DELETE TO qv_owner USING (expires_at < now());
CREATE POLICY prune_by_function ON password_reset FOR DELETE TO qv_owner USING (expires_at < now() - interval '30 days');
CREATE POLICY session_by_function ON session FOR SELECT TO qv_owner USING (true);
CREATE POLICY last_use_by_function ON session FOR UPDATE TO qv_owner USING (true);
CREATE POLICY lookup_by_function ON refresh_token FOR SELECT TO qv_owner USING (true);
CREATE POLICY lookup_by_function ON sign_in_ticket FOR SELECT TO qv_owner USING (true);
CREATE POLICY lookup_by_function ON password_reset FOR SELECT TO qv_owner USING (true);
CREATE POLICY sign_in_by_function ON user_account FOR SELECT TO qv_owner USING (true);
CREATE POLICY sign_in_by_function ON security_settings FOR SELECT TO qv_owner USING (true);
CREATE POLICY by_function ON sign_in_failure TO qv_owner USING (true) WITH CHECK (true);
CREATE POLICY by_function ON device_sign_in TO qv_owner USING (true) WITH CHECK (true);
CREATE INDEX user_account_by_email ON user_account (lower(email));

-- The one lookup of a request with a session: revoked, ended, idle and suspended are decided by the database's clock.
CREATE FUNCTION auth_find_session(wanted uuid)
  RETURNS TABLE (tenant_id uuid, subject_id uuid, subject_kind text, usable boolean, access_version bigint,
                 transport text, authenticated_at timestamptz, mfa_at timestamptz, csrf_hash bytea, must_change text)
  LANGUAGE sql STABLE SECURITY DEFINER SET search_path = qv, pg_temp
  AS $$
    SELECT x.tenant_id, x.subject_id, s.kind,
           x.revoked_at IS NULL AND x.ends_at > now() AND x.last_used_at + x.idle_seconds * interval '1 second' > now()
             AND s.status = 'active',
           v.version, x.transport, x.authenticated_at, x.mfa_at, x.csrf_hash, x.must_change
      FROM session x
      JOIN subject s ON s.tenant_id = x.tenant_id AND s.id = x.subject_id
      JOIN access_version v ON v.tenant_id = x.tenant_id
     WHERE x.id = wanted
  $$;

-- An idle session stays idle: a use that is written late must not wake it.
CREATE FUNCTION auth_touch_sessions(ids uuid[]) RETURNS void
  LANGUAGE sql SECURITY DEFINER SET search_path = qv, pg_temp
  AS $$
    UPDATE session SET last_used_at = now()
     WHERE id = ANY (ids) AND revoked_at IS NULL AND last_used_at + idle_seconds * interval '1 second' > now()
  $$;

CREATE FUNCTION auth_find_refresh_token(wanted bytea)
  RETURNS TABLE (tenant_id uuid, subject_id uuid, session_id uuid, transport text, csrf_hash bytea, is_current boolean, usable boolean)
  LANGUAGE sql STABLE SECURITY DEFINER SET search_path = qv, pg_temp
  AS $$
    SELECT x.tenant_id, x.subject_id, x.id, x.transport, x.csrf_hash, r.replaced_at IS NULL,
           x.revoked_at IS NULL AND x.ends_at > now() AND x.last_used_at + x.idle_seconds * interval '1 second' > now()
             AND s.status = 'active'
      FROM refresh_token r
      JOIN session x ON x.tenant_id = r.tenant_id AND x.id = r.session_id
      JOIN subject s ON s.tenant_id = x.tenant_id AND s.id = x.subject_id
     WHERE r.token_hash = wanted
  $$;

CREATE FUNCTION auth_find_ticket(wanted bytea)
  RETURNS TABLE (tenant_id uuid, subject_id uuid, transport text, authenticated_at timestamptz, must_change text, usable boolean)
  LANGUAGE sql STABLE SECURITY DEFINER SET search_path = qv, pg_temp
  AS $$
    SELECT t.tenant_id, t.subject_id, t.transport, t.authenticated_at, t.must_change,
           t.expires_at > now() AND t.attempts_left > 0 AND s.status = 'active'
      FROM sign_in_ticket t JOIN subject s ON s.tenant_id = t.tenant_id AND s.id = t.subject_id
     WHERE t.token_hash = wanted
  $$;

CREATE FUNCTION auth_find_password_reset(wanted bytea)
  RETURNS TABLE (tenant_id uuid, subject_id uuid, usable boolean)
  LANGUAGE sql STABLE SECURITY DEFINER SET search_path = qv, pg_temp
  AS $$
    SELECT r.tenant_id, r.subject_id, r.expires_at > now() AND s.status = 'active'
      FROM password_reset r JOIN subject s ON s.tenant_id = r.tenant_id AND s.id = r.subject_id
     WHERE r.token_hash = wanted
  $$;

-- ACC-11: one row whether or not there is such a user. Without an organization the address must be of one account alone.
CREATE FUNCTION auth_find_sign_in(wanted_email text, wanted_organization uuid, identity_key bytea, address_key bytea)
  RETURNS TABLE (tenant_id uuid, subject_id uuid, password_hash text, usable boolean, is_locked boolean)
  LANGUAGE sql STABLE SECURITY DEFINER SET search_path = qv, pg_temp
  AS $$
    WITH found AS (
      SELECT u.tenant_id, u.id, u.password_hash, s.status = 'active' AS usable, count(*) OVER () AS accounts
        FROM user_account u JOIN subject s ON s.tenant_id = u.tenant_id AND s.id = u.id
       WHERE lower(u.email) = lower(wanted_email) AND (wanted_organization IS NULL OR u.tenant_id = wanted_organization)
       LIMIT 2
    )
    SELECT f.tenant_id, f.id, f.password_hash, coalesce(f.usable, false),
           EXISTS (SELECT FROM sign_in_failure l WHERE l.key IN (identity_key, address_key) AND l.locked_until > now())
      FROM (SELECT 1) AS always LEFT JOIN found f ON f.accounts = 1
  $$;

-- A failure counts until a day has passed without one. A lock is twice as long as the one before, up to the longest.
CREATE FUNCTION auth_note_failure(failed_key bytea, of_tenant uuid, of_subject uuid, failures_max integer, lock_seconds integer, lock_seconds_max integer)
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
      notice_due = f.notice_due OR ((f.locked_until > now()) IS NOT TRUE AND f.failures + 1 >= failures_max AND of_subject IS NOT NULL)
  $$;

-- ACC-11: one call whatever the outcome; the limits are the organization's where it has set them, else those given.
CREATE FUNCTION auth_note_sign_in(succeeded boolean, identity_key bytea, address_key bytea, of_tenant uuid, of_subject uuid,
                                  failures_max integer, lock_seconds integer, lock_seconds_max integer)
  RETURNS void LANGUAGE plpgsql SECURITY DEFINER SET search_path = qv, pg_temp
  AS $$
  DECLARE lockout jsonb;
  BEGIN
    IF succeeded THEN
      DELETE FROM sign_in_failure WHERE key = identity_key;
      RETURN;
    END IF;
    SELECT s.document -> 'lockout' INTO lockout FROM security_settings s
     WHERE s.tenant_id = coalesce(of_tenant, '00000000-0000-0000-0000-000000000000');
    failures_max := coalesce((lockout ->> 'failuresMax')::integer, failures_max);
    lock_seconds := coalesce((lockout ->> 'lockSeconds')::integer, lock_seconds);
    lock_seconds_max := coalesce((lockout ->> 'lockSecondsMax')::integer, lock_seconds_max);
    PERFORM auth_note_failure(identity_key, of_tenant, of_subject, failures_max, lock_seconds, lock_seconds_max);
    -- An address speaks for many people: ten times as patient.
    PERFORM auth_note_failure(address_key, NULL, NULL, failures_max * 10, lock_seconds, lock_seconds_max);
  END $$;

CREATE FUNCTION auth_due_lock_notices()
  RETURNS TABLE (key bytea, tenant_id uuid, subject_id uuid, locks integer, locked_until timestamptz)
  LANGUAGE sql STABLE SECURITY DEFINER SET search_path = qv, pg_temp
  AS $$ SELECT f.key, f.tenant_id, f.subject_id, f.locks, f.locked_until FROM sign_in_failure f WHERE f.notice_due AND f.subject_id IS NOT NULL LIMIT 100 $$;
CREATE FUNCTION auth_lock_notice_given(noticed_key bytea) RETURNS boolean
  LANGUAGE sql SECURITY DEFINER SET search_path = qv, pg_temp
  AS $$ WITH given AS (UPDATE sign_in_failure SET notice_due = false WHERE key = noticed_key AND notice_due RETURNING 1) SELECT EXISTS (SELECT FROM given) $$;
-- Whoever unlocks has been authorized in the account's organization, which the row must name.
CREATE FUNCTION auth_unlock_sign_in(unlocked_key bytea, of_tenant uuid, of_subject uuid) RETURNS boolean
  LANGUAGE sql SECURITY DEFINER SET search_path = qv, pg_temp
  AS $$
    WITH gone AS (DELETE FROM sign_in_failure WHERE key = unlocked_key AND tenant_id = of_tenant AND subject_id = of_subject RETURNING locked_until)
    SELECT EXISTS (SELECT FROM gone WHERE locked_until > now())
  $$;

-- At most 10,000 wait at once: whoever is not signed in must not fill the table.
CREATE FUNCTION auth_start_device_sign_in(new_device_code_hash bytea, new_user_code_hash bytea, new_client_name text, lifetime_seconds integer)
  RETURNS timestamptz LANGUAGE plpgsql SECURITY DEFINER SET search_path = qv, pg_temp
  AS $$
  DECLARE ends timestamptz := now() + lifetime_seconds * interval '1 second';
  BEGIN
    DELETE FROM device_sign_in WHERE expires_at < now();
    IF (SELECT count(*) FROM (SELECT FROM device_sign_in LIMIT 10000) AS waiting) >= 10000 THEN RETURN NULL; END IF;
    INSERT INTO device_sign_in (device_code_hash, user_code_hash, client_name, expires_at)
      VALUES (new_device_code_hash, new_user_code_hash, new_client_name, ends);
    RETURN ends;
  END $$;
CREATE FUNCTION auth_find_device_sign_in(wanted bytea) RETURNS text
  LANGUAGE sql STABLE SECURITY DEFINER SET search_path = qv, pg_temp
  AS $$ SELECT client_name FROM device_sign_in WHERE user_code_hash = wanted AND status = 'pending' AND expires_at > now() $$;
CREATE FUNCTION auth_decide_device_sign_in(wanted bytea, approved boolean, of_tenant uuid, of_subject uuid, was_authenticated_at timestamptz, was_mfa_at timestamptz)
  RETURNS text LANGUAGE sql SECURITY DEFINER SET search_path = qv, pg_temp
  AS $$
    UPDATE device_sign_in SET
      status = CASE WHEN approved THEN 'approved' ELSE 'denied' END,
      tenant_id = CASE WHEN approved THEN of_tenant END,
      subject_id = CASE WHEN approved THEN of_subject END,
      authenticated_at = was_authenticated_at,
      mfa_at = was_mfa_at
     WHERE user_code_hash = wanted AND status = 'pending' AND expires_at > now()
     RETURNING client_name
  $$;
-- A decided one is given out once and is gone: two polls at once get it once.
CREATE FUNCTION auth_poll_device_sign_in(wanted bytea, interval_seconds integer)
  RETURNS TABLE (status text, tenant_id uuid, subject_id uuid, authenticated_at timestamptz, mfa_at timestamptz)
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = qv, pg_temp
  AS $$
  DECLARE waiting device_sign_in;
  BEGIN
    SELECT * INTO waiting FROM device_sign_in d WHERE d.device_code_hash = wanted AND d.expires_at > now() FOR UPDATE;
    IF NOT FOUND THEN RETURN; END IF;
    IF waiting.status = 'pending' THEN
      UPDATE device_sign_in d SET polled_at = now() WHERE d.device_code_hash = wanted;
      RETURN QUERY SELECT CASE WHEN waiting.polled_at > now() - (interval_seconds - 1) * interval '1 second' THEN 'slow-down' ELSE 'pending' END,
                          NULL::uuid, NULL::uuid, NULL::timestamptz, NULL::timestamptz;
      RETURN;
    END IF;
    DELETE FROM device_sign_in d WHERE d.device_code_hash = wanted;
    RETURN QUERY SELECT waiting.status, waiting.tenant_id, waiting.subject_id, waiting.authenticated_at, waiting.mfa_at;
  END $$;

-- What is over and nobody asks for any more.
CREATE FUNCTION auth_prune_sign_in() RETURNS void
  LANGUAGE sql SECURITY DEFINER SET search_path = qv, pg_temp
  AS $$
    DELETE FROM sign_in_failure WHERE last_failed_at < now() - interval '2 days' AND (locked_until > now()) IS NOT TRUE;
    DELETE FROM device_sign_in WHERE expires_at < now();
    -- A month in which the list of sessions still says how one ended; the log says it for good.
    DELETE FROM session WHERE least(ends_at, revoked_at) < now() - interval '30 days';
    DELETE FROM sign_in_ticket WHERE expires_at < now();
    DELETE FROM password_reset WHERE expires_at < now() - interval '30 days';
  $$;

REVOKE ALL ON FUNCTION auth_find_session(uuid), auth_touch_sessions(uuid[]), auth_find_refresh_token(bytea), auth_find_ticket(bytea),
  auth_find_password_reset(bytea), auth_find_sign_in(text, uuid, bytea, bytea),
  auth_note_failure(bytea, uuid, uuid, integer, integer, integer),
  auth_note_sign_in(boolean, bytea, bytea, uuid, uuid, integer, integer, integer),
  auth_due_lock_notices(), auth_lock_notice_given(bytea), auth_unlock_sign_in(bytea, uuid, uuid),
  auth_start_device_sign_in(bytea, bytea, text, integer), auth_find_device_sign_in(bytea),
  auth_decide_device_sign_in(bytea, boolean, uuid, uuid, timestamptz, timestamptz), auth_poll_device_sign_in(bytea, integer),
  auth_prune_sign_in() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION auth_find_session(uuid), auth_touch_sessions(uuid[]), auth_find_refresh_token(bytea), auth_find_ticket(bytea),
  auth_find_password_reset(bytea), auth_find_sign_in(text, uuid, bytea, bytea),
  auth_note_sign_in(boolean, bytea, bytea, uuid, uuid, integer, integer, integer),
  auth_due_lock_notices(), auth_lock_notice_given(bytea), auth_unlock_sign_in(bytea, uuid, uuid),
  auth_start_device_sign_in(bytea, bytea, text, integer), auth_find_device_sign_in(bytea),
  auth_decide_device_sign_in(bytea, boolean, uuid, uuid, timestamptz, timestamptz), auth_poll_device_sign_in(bytea, integer),
  auth_prune_sign_in() TO qv_auth;
