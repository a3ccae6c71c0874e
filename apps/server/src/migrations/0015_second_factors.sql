-- ACC-2, ACC-5: second factors of users.

-- One authenticator app that is in use, and at most one that is being enrolled.
CREATE TABLE totp_factor (
  tenant_id      uuid NOT NULL REFERENCES organization (id),
  subject_id     uuid NOT NULL,
  state          text NOT NULL CHECK (state IN ('pending', 'active')),
  id             uuid NOT NULL,
  -- Under the tenant's key-encryption key; no route reads it back.
  suite          text NOT NULL,
  wrapped        bytea NOT NULL,
  kek_version    integer NOT NULL,
  -- The newest time step whose code was accepted: that one and all before it are used up.
  last_step      bigint NOT NULL DEFAULT 0,
  -- Codes that were tried against a pending one.
  attempts       integer NOT NULL DEFAULT 0,
  created_at     timestamptz NOT NULL DEFAULT now(),
  last_used_at   timestamptz,
  PRIMARY KEY (tenant_id, subject_id, state),
  FOREIGN KEY (tenant_id, subject_id) REFERENCES subject (tenant_id, id)
);
CALL protect_tenant_table('totp_factor');

CREATE TABLE recovery_code (
  tenant_id   uuid NOT NULL REFERENCES organization (id),
  subject_id  uuid NOT NULL,
  code_hash   bytea NOT NULL CHECK (octet_length(code_hash) = 32),
  created_at  timestamptz NOT NULL DEFAULT now(),
  used_at     timestamptz,
  PRIMARY KEY (tenant_id, subject_id, code_hash),
  FOREIGN KEY (tenant_id, subject_id) REFERENCES subject (tenant_id, id)
);
CALL protect_tenant_table('recovery_code');

CREATE TABLE passkey (
  id               uuid PRIMARY KEY,
  tenant_id        uuid NOT NULL REFERENCES organization (id),
  subject_id       uuid NOT NULL,
  name             text NOT NULL CHECK (char_length(name) BETWEEN 1 AND 100),
  -- One id is one credential, whoever presents it (WebAuthn section 7.1, step 26).
  credential_id    bytea NOT NULL UNIQUE CHECK (octet_length(credential_id) BETWEEN 16 AND 1023),
  public_key       bytea NOT NULL CHECK (octet_length(public_key) <= 4096),
  algorithm        integer NOT NULL,
  sign_count       bigint NOT NULL CHECK (sign_count BETWEEN 0 AND 4294967295),
  transports       text[] NOT NULL DEFAULT '{}',
  is_backed_up     boolean NOT NULL,
  created_at       timestamptz NOT NULL DEFAULT now(),
  last_used_at     timestamptz,
  version          integer NOT NULL DEFAULT 1,
  UNIQUE (tenant_id, id),
  FOREIGN KEY (tenant_id, subject_id) REFERENCES subject (tenant_id, id)
);
CREATE INDEX passkey_of_subject ON passkey (tenant_id, subject_id, id);
CALL protect_tenant_table('passkey');

-- A ceremony that was begun. It is deleted when it is answered, whatever the answer is worth. The nil tenant holds those
-- of sign-ins by passkey, where nobody is known yet: hence no foreign key.
CREATE TABLE passkey_challenge (
  tenant_id   uuid NOT NULL,
  id          uuid NOT NULL,
  purpose     text NOT NULL CHECK (purpose IN ('register', 'sign-in', 'second-factor', 'step-up')),
  -- Whose ceremony: user, ticket or session, as a hash; empty where nobody is known.
  binding     bytea NOT NULL,
  challenge   bytea NOT NULL CHECK (octet_length(challenge) = 32),
  expires_at  timestamptz NOT NULL,
  PRIMARY KEY (tenant_id, id)
);
CREATE INDEX passkey_challenge_expiry ON passkey_challenge (tenant_id, expires_at);
CALL protect_tenant_table('passkey_challenge');

-- Codes that did not fit, since the last that did: whoever knows the password must not try a million of them.
CREATE TABLE second_factor_failure (
  tenant_id     uuid NOT NULL REFERENCES organization (id),
  subject_id    uuid NOT NULL,
  failures      integer NOT NULL DEFAULT 0,
  locks         integer NOT NULL DEFAULT 0,
  locked_until  timestamptz,
  PRIMARY KEY (tenant_id, subject_id),
  FOREIGN KEY (tenant_id, subject_id) REFERENCES subject (tenant_id, id)
);
CALL protect_tenant_table('second_factor_failure');

-- Who has a second factor is compiled with the access, so a change raises its version. A used step or a sign count does not.
CREATE TRIGGER access_version AFTER INSERT OR DELETE ON passkey FOR EACH ROW EXECUTE FUNCTION raise_access_version();
CREATE TRIGGER access_version AFTER INSERT OR DELETE OR UPDATE OF state ON totp_factor FOR EACH ROW EXECUTE FUNCTION raise_access_version();

-- A sign-in by passkey begins with the credential's id and nothing else.
CREATE POLICY lookup_by_function ON passkey FOR SELECT TO qv_owner USING (true);
CREATE FUNCTION auth_find_passkey(wanted bytea)
  RETURNS TABLE (tenant_id uuid, subject_id uuid)
  LANGUAGE sql STABLE SECURITY DEFINER SET search_path = qv, pg_temp
  AS $$
    SELECT p.tenant_id, p.subject_id
      FROM passkey p JOIN subject s ON s.tenant_id = p.tenant_id AND s.id = p.subject_id
     WHERE p.credential_id = wanted AND s.status = 'active'
  $$;
REVOKE ALL ON FUNCTION auth_find_passkey(bytea) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION auth_find_passkey(bytea) TO qv_auth;

GRANT SELECT, INSERT, UPDATE, DELETE ON totp_factor, recovery_code, passkey, second_factor_failure TO qv_app;
GRANT SELECT, INSERT, DELETE ON passkey_challenge TO qv_app;

-- What an organization requires of whom is compiled with the access as well.
CREATE TRIGGER access_version AFTER INSERT OR UPDATE ON security_settings FOR EACH ROW EXECUTE FUNCTION raise_access_version();

-- ACC-5: a ticket is good from the network that the first step came from. It is a hash of both, so that the row tells no address.
ALTER TABLE sign_in_ticket ADD COLUMN network_hash bytea CHECK (octet_length(network_hash) = 32);
