-- The root of trust (RES-1, first links of the hierarchy) and the identities of ACC-2.

-- One row: this installation. Its id names the audit log's origin.
CREATE TABLE installation (
  singleton   boolean PRIMARY KEY DEFAULT true CHECK (singleton),
  id          uuid NOT NULL,
  -- Set in the transaction that creates the first organization, so that two first boots make one.
  first_organization_id  uuid,
  created_at  timestamptz NOT NULL DEFAULT now()
);

-- The root key, sealed. The key that opens it is never in the database.
CREATE TABLE root_key_seal (
  id          uuid PRIMARY KEY,
  kind        text NOT NULL CHECK (kind IN ('key-file')),
  suite       text NOT NULL,
  sealed      bytea NOT NULL,
  created_at  timestamptz NOT NULL DEFAULT now()
);

-- Private keys of the audit log, wrapped under the root key. Both algorithms sign every checkpoint (AUD-4).
CREATE TABLE log_key (
  algorithm   text PRIMARY KEY CHECK (algorithm IN ('Ed25519', 'ML-DSA-44')),
  public_key  bytea NOT NULL,
  suite       text NOT NULL,
  wrapped     bytea NOT NULL,
  created_at  timestamptz NOT NULL DEFAULT now()
);

-- The tenant's key-encryption key, wrapped under the root key.
CREATE TABLE tenant_key (
  tenant_id   uuid NOT NULL REFERENCES organization (id),
  version     integer NOT NULL CHECK (version >= 1),
  suite       text NOT NULL,
  wrapped     bytea NOT NULL,
  created_at  timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (tenant_id, version)
);
CALL protect_tenant_table('tenant_key');

-- AUD-2: personal data in audit events is ciphertext under the subject's key; destroying the key erases it.
-- No foreign key to organization: the nil tenant holds the keys for events that belong to no organization.
CREATE TABLE subject_key (
  id            uuid PRIMARY KEY,
  tenant_id     uuid NOT NULL,
  subject_id    uuid NOT NULL,
  suite         text NOT NULL,
  wrapped       bytea,
  kek_version   integer NOT NULL,
  created_at    timestamptz NOT NULL DEFAULT now(),
  destroyed_at  timestamptz,
  CHECK ((wrapped IS NULL) = (destroyed_at IS NOT NULL))
);
CREATE UNIQUE INDEX subject_key_live ON subject_key (tenant_id, subject_id) WHERE destroyed_at IS NULL;
CALL protect_tenant_table('subject_key');

CREATE TABLE user_account (
  id             uuid PRIMARY KEY,
  tenant_id      uuid NOT NULL REFERENCES organization (id),
  email          text NOT NULL CHECK (char_length(email) BETWEEN 3 AND 320),
  password_hash  text NOT NULL,
  status         text NOT NULL DEFAULT 'active' CHECK (status IN ('active', 'suspended')),
  created_at     timestamptz NOT NULL DEFAULT now(),
  version        integer NOT NULL DEFAULT 1,
  UNIQUE (tenant_id, id)
);
CREATE UNIQUE INDEX user_account_email ON user_account (tenant_id, lower(email));
CALL protect_tenant_table('user_account');

CREATE TABLE role_assignment (
  tenant_id   uuid NOT NULL REFERENCES organization (id),
  subject_id  uuid NOT NULL,
  role        text NOT NULL CHECK (role IN ('platform-admin', 'organization-admin', 'organization-user', 'auditor', 'custodian', 'operator')),
  created_at  timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (tenant_id, subject_id, role),
  FOREIGN KEY (tenant_id, subject_id) REFERENCES user_account (tenant_id, id)
);
CALL protect_tenant_table('role_assignment');

-- ACC-2: qv_<prefix>_<secret>; only a hash of the secret is stored, the prefix is the index.
CREATE TABLE api_key (
  id            uuid PRIMARY KEY,
  tenant_id     uuid NOT NULL REFERENCES organization (id),
  subject_id    uuid NOT NULL,
  name          text NOT NULL CHECK (char_length(name) BETWEEN 1 AND 200),
  prefix        text NOT NULL UNIQUE CHECK (prefix ~ '^[a-z0-9]{12}$'),
  secret_hash   bytea NOT NULL CHECK (octet_length(secret_hash) = 32),
  expires_at    timestamptz,
  revoked_at    timestamptz,
  last_used_at  timestamptz,
  created_at    timestamptz NOT NULL DEFAULT now(),
  FOREIGN KEY (tenant_id, subject_id) REFERENCES user_account (tenant_id, id)
);
CREATE INDEX api_key_tenant ON api_key (tenant_id, id);
CALL protect_tenant_table('api_key');

-- The key lookup happens before a tenant is known. qv_auth may call these two functions and read no table.
-- The functions run as the owner, whom forced row-level security also binds: hence one narrow policy per table. Their
-- search_path is fixed with pg_temp last: else a caller's temporary table would stand in for ours, with the owner's rights.
CREATE POLICY lookup_by_function ON api_key FOR SELECT TO qv_owner USING (true);
CREATE POLICY last_use_by_function ON api_key FOR UPDATE TO qv_owner USING (true);
CREATE POLICY lookup_by_function ON user_account FOR SELECT TO qv_owner USING (true);
CREATE POLICY lookup_by_function ON role_assignment FOR SELECT TO qv_owner USING (true);

CREATE FUNCTION auth_find_api_key(wanted_prefix text)
  RETURNS TABLE (id uuid, tenant_id uuid, subject_id uuid, secret_hash bytea, usable boolean, roles text[])
  LANGUAGE sql STABLE SECURITY DEFINER SET search_path = qv, pg_temp
  AS $$
    SELECT k.id, k.tenant_id, k.subject_id, k.secret_hash,
           k.revoked_at IS NULL AND (k.expires_at IS NULL OR k.expires_at > now()) AND u.status = 'active',
           coalesce((SELECT array_agg(r.role ORDER BY r.role) FROM role_assignment r
                      WHERE r.tenant_id = k.tenant_id AND r.subject_id = k.subject_id), '{}')
      FROM api_key k JOIN user_account u ON u.tenant_id = k.tenant_id AND u.id = k.subject_id
     WHERE k.prefix = wanted_prefix
  $$;

CREATE FUNCTION auth_touch_api_keys(ids uuid[]) RETURNS void
  LANGUAGE sql SECURITY DEFINER SET search_path = qv, pg_temp
  AS $$ UPDATE api_key SET last_used_at = now() WHERE id = ANY (ids) $$;

GRANT EXECUTE ON FUNCTION auth_find_api_key(text), auth_touch_api_keys(uuid[]) TO qv_auth;

GRANT SELECT ON installation TO qv_app, qv_sequencer, qv_audit, qv_worker;
GRANT INSERT, UPDATE (first_organization_id) ON installation TO qv_app;
GRANT SELECT, INSERT ON root_key_seal, log_key TO qv_app;
GRANT SELECT, INSERT ON tenant_key TO qv_app;
GRANT SELECT, INSERT, UPDATE (wrapped, destroyed_at) ON subject_key TO qv_app;
GRANT SELECT, INSERT, UPDATE, DELETE ON role_assignment TO qv_app;
GRANT SELECT, INSERT, UPDATE ON user_account, api_key TO qv_app;
