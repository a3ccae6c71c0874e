-- ACC-2, ACC-12: invitations, off-boarding, limits of API keys, certificates of clients, enrolled devices.

-- One-time tokens by which somebody becomes a member; only a hash is stored, the prefix is the index.
CREATE TABLE invitation (
  id            uuid PRIMARY KEY,
  tenant_id     uuid NOT NULL REFERENCES organization (id),
  subject_id    uuid NOT NULL,
  prefix        text NOT NULL UNIQUE CHECK (prefix ~ '^[a-z0-9]{12}$'),
  token_hash    bytea NOT NULL CHECK (octet_length(token_hash) = 32),
  invited_by    uuid NOT NULL,
  created_at    timestamptz NOT NULL DEFAULT now(),
  expires_at    timestamptz NOT NULL,
  accepted_at   timestamptz,
  cancelled_at  timestamptz,
  CHECK (accepted_at IS NULL OR cancelled_at IS NULL),
  FOREIGN KEY (tenant_id, subject_id) REFERENCES subject (tenant_id, id)
);
-- A new invitation takes the place of the one before it.
CREATE UNIQUE INDEX invitation_open ON invitation (tenant_id, subject_id) WHERE accepted_at IS NULL AND cancelled_at IS NULL;
CREATE INDEX invitation_inviter ON invitation (tenant_id, invited_by) WHERE accepted_at IS NULL AND cancelled_at IS NULL;

-- What an organization demands of credentials; no row: the defaults of the product.
CREATE TABLE identity_settings (
  tenant_id          uuid PRIMARY KEY REFERENCES organization (id),
  api_key_days_max   integer CHECK (api_key_days_max BETWEEN 1 AND 3650),
  invitation_hours   integer NOT NULL CHECK (invitation_hours BETWEEN 1 AND 720),
  version            integer NOT NULL DEFAULT 1
);

-- The report of an off-boarding, to be fetched again: what was revoked, and what the person has seen.
CREATE TABLE offboarding (
  id             uuid PRIMARY KEY,
  tenant_id      uuid NOT NULL REFERENCES organization (id),
  subject_id     uuid NOT NULL,
  offboarded_by  uuid NOT NULL,
  offboarded_at  timestamptz NOT NULL DEFAULT now(),
  report         jsonb NOT NULL,
  FOREIGN KEY (tenant_id, subject_id) REFERENCES subject (tenant_id, id)
);
CREATE INDEX offboarding_of_subject ON offboarding (tenant_id, subject_id, id DESC);

-- Who has seen which credential: a small part of the events, found without a walk over the log.
CREATE INDEX audit_event_exposure ON audit_event (tenant_id, actor_id, action, resource_id)
  WHERE action IN ('data-key.unwrapped', 'tls-bundle.read', 'certificate.read', 'token.signed');

-- Limits of a key. They never change, so that a process may keep what it has read; a narrower key is another key.
ALTER TABLE api_key
  ADD COLUMN created_by        uuid,
  ADD COLUMN permissions       text[],
  ADD COLUMN environment_id    uuid,
  ADD COLUMN project_id        uuid,
  ADD COLUMN service_id        uuid,
  ADD COLUMN allowed_networks  text[] NOT NULL DEFAULT '{}',
  ADD COLUMN replaces_id       uuid,
  -- 'setting': it was in a setting or a file of the operator before the first start, and is to be replaced.
  ADD COLUMN origin            text NOT NULL DEFAULT 'made' CHECK (origin IN ('made', 'setting')),
  ADD CONSTRAINT api_key_identity UNIQUE (tenant_id, id),
  ADD CHECK (num_nonnulls(environment_id, project_id, service_id) <= 1),
  ADD FOREIGN KEY (tenant_id, environment_id) REFERENCES environment (tenant_id, id),
  ADD FOREIGN KEY (tenant_id, project_id) REFERENCES project (tenant_id, id),
  ADD FOREIGN KEY (tenant_id, service_id) REFERENCES service (tenant_id, id),
  ADD FOREIGN KEY (tenant_id, replaces_id) REFERENCES api_key (tenant_id, id);
CREATE INDEX api_key_of_subject ON api_key (tenant_id, subject_id, id);
CREATE UNIQUE INDEX api_key_replaced_once ON api_key (tenant_id, replaces_id);
REVOKE UPDATE ON api_key FROM qv_app;
GRANT UPDATE (revoked_at, expires_at) ON api_key TO qv_app;

ALTER TABLE service_account ADD COLUMN description text NOT NULL DEFAULT '' CHECK (char_length(description) <= 1000);

-- A certificate, or a public key in whatever certificate of a trusted authority, that stands for a subject.
CREATE TABLE client_certificate (
  id            uuid PRIMARY KEY,
  tenant_id     uuid NOT NULL REFERENCES organization (id),
  subject_id    uuid NOT NULL,
  match         text NOT NULL CHECK (match IN ('certificate', 'public-key')),
  -- SHA-256 of the certificate or of its SubjectPublicKeyInfo, both DER.
  digest        bytea NOT NULL CHECK (octet_length(digest) = 32),
  subject_name  text NOT NULL CHECK (char_length(subject_name) <= 1000),
  not_after     timestamptz NOT NULL,
  created_by    uuid NOT NULL,
  created_at    timestamptz NOT NULL DEFAULT now(),
  revoked_at    timestamptz,
  last_used_at  timestamptz,
  FOREIGN KEY (tenant_id, subject_id) REFERENCES subject (tenant_id, id)
);
-- Of all organizations: one certificate stands for one subject. Who registers it has shown that it holds the key.
CREATE UNIQUE INDEX client_certificate_live ON client_certificate (digest) WHERE revoked_at IS NULL;
CREATE INDEX client_certificate_of_subject ON client_certificate (tenant_id, subject_id, id);

CREATE TABLE device (
  id             uuid PRIMARY KEY,
  tenant_id      uuid NOT NULL REFERENCES organization (id),
  -- Whose it is, when it is a person's.
  owner_id       uuid,
  algorithm      text NOT NULL CHECK (algorithm IN ('Ed25519', 'ECDSA-P256-SHA256', 'ML-DSA-65')),
  -- SubjectPublicKeyInfo, DER.
  public_key     bytea NOT NULL CHECK (octet_length(public_key) BETWEEN 40 AND 4096),
  -- As the agent reports them: weak evidence (ACC-7).
  mac_addresses  text[] NOT NULL DEFAULT '{}',
  enrolled_by    uuid NOT NULL,
  enrolled_at    timestamptz NOT NULL DEFAULT now(),
  last_seen_at   timestamptz,
  UNIQUE (tenant_id, id),
  UNIQUE (tenant_id, public_key),
  FOREIGN KEY (tenant_id, id) REFERENCES subject (tenant_id, id),
  FOREIGN KEY (tenant_id, owner_id) REFERENCES subject (tenant_id, id)
);
CREATE INDEX device_of_owner ON device (tenant_id, owner_id);

-- One-time tokens by which an agent becomes a device.
CREATE TABLE device_enrollment (
  id            uuid PRIMARY KEY,
  tenant_id     uuid NOT NULL REFERENCES organization (id),
  name          text NOT NULL CHECK (char_length(name) BETWEEN 1 AND 200),
  owner_id      uuid,
  prefix        text NOT NULL UNIQUE CHECK (prefix ~ '^[a-z0-9]{12}$'),
  token_hash    bytea NOT NULL CHECK (octet_length(token_hash) = 32),
  created_by    uuid NOT NULL,
  created_at    timestamptz NOT NULL DEFAULT now(),
  expires_at    timestamptz NOT NULL,
  used_at       timestamptz,
  cancelled_at  timestamptz,
  FOREIGN KEY (tenant_id, owner_id) REFERENCES subject (tenant_id, id)
);
CREATE INDEX device_enrollment_tenant ON device_enrollment (tenant_id, id);

-- Short bearer sessions of devices. Each came of one signed assertion, which can make no second one.
CREATE TABLE device_session (
  id              uuid PRIMARY KEY,
  tenant_id       uuid NOT NULL REFERENCES organization (id),
  device_id       uuid NOT NULL,
  prefix          text NOT NULL UNIQUE CHECK (prefix ~ '^[a-z0-9]{12}$'),
  secret_hash     bytea NOT NULL CHECK (octet_length(secret_hash) = 32),
  assertion_hash  bytea NOT NULL CHECK (octet_length(assertion_hash) = 32),
  mac_addresses   text[] NOT NULL,
  created_at      timestamptz NOT NULL DEFAULT now(),
  expires_at      timestamptz NOT NULL,
  revoked_at      timestamptz,
  UNIQUE (tenant_id, device_id, assertion_hash),
  FOREIGN KEY (tenant_id, device_id) REFERENCES device (tenant_id, id)
);

CALL protect_tenant_table('invitation');
CALL protect_tenant_table('identity_settings');
CALL protect_tenant_table('offboarding');
CALL protect_tenant_table('client_certificate');
CALL protect_tenant_table('device');
CALL protect_tenant_table('device_enrollment');
CALL protect_tenant_table('device_session');

GRANT SELECT, INSERT ON invitation, device, device_enrollment, client_certificate, device_session, offboarding TO qv_app;
GRANT UPDATE (accepted_at, cancelled_at) ON invitation TO qv_app;
GRANT UPDATE (used_at, cancelled_at) ON device_enrollment TO qv_app;
GRANT UPDATE (mac_addresses, last_seen_at) ON device TO qv_app;
GRANT UPDATE (revoked_at) ON client_certificate, device_session TO qv_app;
GRANT DELETE ON device_session TO qv_app;
GRANT SELECT, INSERT, UPDATE ON identity_settings TO qv_app;

-- Lookups before a tenant is known, as qv_auth: each gives one row by an exact value, and whether it may be used now.
CREATE POLICY lookup_by_function ON invitation FOR SELECT TO qv_owner USING (true);
CREATE POLICY lookup_by_function ON client_certificate FOR SELECT TO qv_owner USING (true);
CREATE POLICY last_use_by_function ON client_certificate FOR UPDATE TO qv_owner USING (true);
CREATE POLICY lookup_by_function ON device FOR SELECT TO qv_owner USING (true);
CREATE POLICY lookup_by_function ON device_enrollment FOR SELECT TO qv_owner USING (true);
CREATE POLICY lookup_by_function ON device_session FOR SELECT TO qv_owner USING (true);

CREATE FUNCTION auth_find_invitation(wanted_prefix text)
  RETURNS TABLE (id uuid, tenant_id uuid, subject_id uuid, secret_hash bytea, usable boolean)
  LANGUAGE sql STABLE SECURITY DEFINER SET search_path = qv, pg_temp
  AS $$
    SELECT i.id, i.tenant_id, i.subject_id, i.token_hash,
           i.accepted_at IS NULL AND i.cancelled_at IS NULL AND i.expires_at > now() AND s.status = 'invited'
      FROM invitation i JOIN subject s ON s.tenant_id = i.tenant_id AND s.id = i.subject_id
     WHERE i.prefix = wanted_prefix
  $$;

CREATE FUNCTION auth_find_client_certificate(certificate_digest bytea, key_digest bytea)
  RETURNS TABLE (id uuid, tenant_id uuid, subject_id uuid, subject_kind text, usable boolean, access_version bigint)
  LANGUAGE sql STABLE SECURITY DEFINER SET search_path = qv, pg_temp
  AS $$
    SELECT c.id, c.tenant_id, c.subject_id, s.kind,
           c.revoked_at IS NULL AND (c.match = 'public-key' OR c.not_after > now()) AND s.status = 'active', v.version
      FROM client_certificate c
      JOIN subject s ON s.tenant_id = c.tenant_id AND s.id = c.subject_id
      JOIN access_version v ON v.tenant_id = c.tenant_id
     WHERE (c.match = 'certificate' AND c.digest = certificate_digest) OR (c.match = 'public-key' AND c.digest = key_digest)
     -- The certificate itself says more than its key, and what was revoked says less than what was registered since.
     ORDER BY c.revoked_at IS NULL DESC, c.match, c.id DESC LIMIT 1
  $$;

CREATE FUNCTION auth_touch_client_certificates(ids uuid[]) RETURNS void
  LANGUAGE sql SECURITY DEFINER SET search_path = qv, pg_temp
  AS $$ UPDATE client_certificate SET last_used_at = now() WHERE id = ANY (ids) $$;

CREATE FUNCTION auth_find_device_enrollment(wanted_prefix text)
  RETURNS TABLE (id uuid, tenant_id uuid, secret_hash bytea, usable boolean)
  LANGUAGE sql STABLE SECURITY DEFINER SET search_path = qv, pg_temp
  AS $$
    SELECT e.id, e.tenant_id, e.token_hash, e.used_at IS NULL AND e.cancelled_at IS NULL AND e.expires_at > now()
      FROM device_enrollment e WHERE e.prefix = wanted_prefix
  $$;

CREATE FUNCTION auth_find_device(wanted_id uuid)
  RETURNS TABLE (tenant_id uuid, algorithm text, public_key bytea, usable boolean, now_seconds double precision)
  LANGUAGE sql STABLE SECURITY DEFINER SET search_path = qv, pg_temp
  AS $$
    SELECT d.tenant_id, d.algorithm, d.public_key, s.status = 'active', extract(epoch FROM now())::double precision
      FROM device d JOIN subject s ON s.tenant_id = d.tenant_id AND s.id = d.id
     WHERE d.id = wanted_id
  $$;

CREATE FUNCTION auth_find_device_session(wanted_prefix text)
  RETURNS TABLE (id uuid, tenant_id uuid, subject_id uuid, secret_hash bytea, usable boolean, access_version bigint,
                 mac_addresses text[], created_at timestamptz)
  LANGUAGE sql STABLE SECURITY DEFINER SET search_path = qv, pg_temp
  AS $$
    SELECT d.id, d.tenant_id, d.device_id, d.secret_hash,
           d.revoked_at IS NULL AND d.expires_at > now() AND s.status = 'active', v.version, d.mac_addresses, d.created_at
      FROM device_session d
      JOIN subject s ON s.tenant_id = d.tenant_id AND s.id = d.device_id
      JOIN access_version v ON v.tenant_id = d.tenant_id
     WHERE d.prefix = wanted_prefix
  $$;

-- For the health of the installation: how many keys of a setting are still in use. It names none.
CREATE FUNCTION auth_keys_of_settings() RETURNS bigint
  LANGUAGE sql STABLE SECURITY DEFINER SET search_path = qv, pg_temp
  AS $$
    SELECT count(*) FROM api_key
     WHERE origin = 'setting' AND revoked_at IS NULL AND (expires_at IS NULL OR expires_at > now())
  $$;
CREATE INDEX api_key_of_setting ON api_key (id) WHERE origin = 'setting';

REVOKE ALL ON FUNCTION auth_find_invitation(text), auth_find_client_certificate(bytea, bytea),
  auth_touch_client_certificates(uuid[]), auth_find_device_enrollment(text), auth_find_device(uuid),
  auth_find_device_session(text), auth_keys_of_settings() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION auth_find_invitation(text), auth_find_client_certificate(bytea, bytea),
  auth_touch_client_certificates(uuid[]), auth_find_device_enrollment(text), auth_find_device(uuid),
  auth_find_device_session(text), auth_keys_of_settings() TO qv_auth;
