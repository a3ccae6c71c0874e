-- ACC-2: enrolled devices. An agent makes its own key; the database holds the public half alone.

CREATE TABLE device (
  id             uuid PRIMARY KEY,
  tenant_id      uuid NOT NULL REFERENCES organization (id),
  algorithm      text NOT NULL CHECK (algorithm IN ('Ed25519', 'ML-DSA-65')),
  public_key     bytea NOT NULL CHECK (octet_length(public_key) BETWEEN 32 AND 2000),
  -- What its enroller held for good: no later grant comes into the hands of whoever keeps the device's key.
  permissions    text[] NOT NULL,
  -- As the agent reports them: weak evidence (ACC-7).
  mac_addresses  text[] NOT NULL DEFAULT '{}',
  enrolled_by    uuid NOT NULL,
  enrolled_at    timestamptz NOT NULL DEFAULT now(),
  last_seen_at   timestamptz,
  UNIQUE (tenant_id, id),
  UNIQUE (tenant_id, public_key),
  FOREIGN KEY (tenant_id, id) REFERENCES subject (tenant_id, id)
);

-- One-time tokens by which an agent becomes a device; only a hash is stored, the prefix is the index.
CREATE TABLE device_enrollment (
  id            uuid PRIMARY KEY,
  tenant_id     uuid NOT NULL REFERENCES organization (id),
  name          text NOT NULL CHECK (char_length(name) BETWEEN 1 AND 200),
  permissions   text[] NOT NULL,
  prefix        text NOT NULL UNIQUE CHECK (prefix ~ '^[a-z0-9]{12}$'),
  token_hash    bytea NOT NULL CHECK (octet_length(token_hash) = 32),
  created_by    uuid NOT NULL,
  created_at    timestamptz NOT NULL DEFAULT now(),
  expires_at    timestamptz NOT NULL,
  used_at       timestamptz,
  cancelled_at  timestamptz
);
CREATE INDEX device_enrollment_tenant ON device_enrollment (tenant_id, id);

-- Short tokens of devices. Each came of one signed assertion, which can make no second one.
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
  UNIQUE (tenant_id, device_id, assertion_hash),
  FOREIGN KEY (tenant_id, device_id) REFERENCES device (tenant_id, id)
);

CALL protect_tenant_table('device');
CALL protect_tenant_table('device_enrollment');
CALL protect_tenant_table('device_session');

GRANT SELECT, INSERT ON device, device_enrollment, device_session TO qv_app;
GRANT UPDATE (mac_addresses, last_seen_at) ON device TO qv_app;
GRANT UPDATE (used_at, cancelled_at) ON device_enrollment TO qv_app;
GRANT DELETE ON device_session TO qv_app;

-- Lookups before a tenant is known, as qv_auth: each gives one row by an exact value, and whether it may be used now.
CREATE POLICY lookup_by_function ON device FOR SELECT TO qv_owner USING (true);
CREATE POLICY lookup_by_function ON device_enrollment FOR SELECT TO qv_owner USING (true);
CREATE POLICY lookup_by_function ON device_session FOR SELECT TO qv_owner USING (true);

CREATE FUNCTION auth_find_device_enrollment(wanted_prefix text)
  RETURNS TABLE (id uuid, tenant_id uuid, secret_hash bytea, usable boolean)
  LANGUAGE sql STABLE SECURITY DEFINER SET search_path = qv, pg_temp
  AS $$
    -- Whoever has left, or may not come in now, brings in no machine either. A suspended organization has no version here.
    SELECT e.id, e.tenant_id, e.token_hash,
           e.used_at IS NULL AND e.cancelled_at IS NULL AND e.expires_at > now() AND c.status = 'active'
      FROM device_enrollment e
      JOIN subject c ON c.tenant_id = e.tenant_id AND c.id = e.created_by
      JOIN access_version v ON v.tenant_id = e.tenant_id
     WHERE e.prefix = wanted_prefix
  $$;

CREATE FUNCTION auth_find_device(wanted_id uuid)
  RETURNS TABLE (tenant_id uuid, algorithm text, public_key bytea, usable boolean)
  LANGUAGE sql STABLE SECURITY DEFINER SET search_path = qv, pg_temp
  AS $$
    SELECT d.tenant_id, d.algorithm, d.public_key, s.status = 'active'
      FROM device d
      JOIN subject s ON s.tenant_id = d.tenant_id AND s.id = d.id
      JOIN access_version v ON v.tenant_id = d.tenant_id
     WHERE d.id = wanted_id
  $$;

CREATE FUNCTION auth_find_device_session(wanted_prefix text)
  RETURNS TABLE (id uuid, tenant_id uuid, device_id uuid, secret_hash bytea, usable boolean, access_version bigint,
                 permissions text[], mac_addresses text[], created_at timestamptz)
  LANGUAGE sql STABLE SECURITY DEFINER SET search_path = qv, pg_temp
  AS $$
    SELECT e.id, e.tenant_id, e.device_id, e.secret_hash, e.expires_at > now() AND s.status = 'active', v.version,
           d.permissions, e.mac_addresses, e.created_at
      FROM device_session e
      JOIN device d ON d.tenant_id = e.tenant_id AND d.id = e.device_id
      JOIN subject s ON s.tenant_id = e.tenant_id AND s.id = e.device_id
      JOIN access_version v ON v.tenant_id = e.tenant_id
     WHERE e.prefix = wanted_prefix
  $$;

REVOKE ALL ON FUNCTION auth_find_device_enrollment(text), auth_find_device(uuid), auth_find_device_session(text) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION auth_find_device_enrollment(text), auth_find_device(uuid), auth_find_device_session(text) TO qv_auth;
