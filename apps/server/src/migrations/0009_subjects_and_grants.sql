-- ACC-2, ACC-6: one parent for everybody who can hold rights, and grants instead of bare role names.
-- Runs as qv_owner, which forced row-level security binds too: rows are copied before the new tables are protected.

CREATE TABLE subject (
  id            uuid PRIMARY KEY,
  tenant_id     uuid NOT NULL REFERENCES organization (id),
  kind          text NOT NULL CHECK (kind IN ('user', 'service-account', 'device')),
  status        text NOT NULL DEFAULT 'active' CHECK (status IN ('invited', 'active', 'suspended', 'offboarded')),
  display_name  text NOT NULL CHECK (char_length(display_name) BETWEEN 1 AND 320),
  created_at    timestamptz NOT NULL DEFAULT now(),
  version       integer NOT NULL DEFAULT 1,
  UNIQUE (tenant_id, id)
);
CREATE INDEX subject_listing ON subject (tenant_id, kind, status, id);
INSERT INTO subject (id, tenant_id, kind, status, display_name, created_at)
  SELECT id, tenant_id, 'user', status, email, created_at FROM user_account;

-- Status is the subject's; a user who has only a passkey, or was invited, has no password.
ALTER TABLE user_account ALTER COLUMN password_hash DROP NOT NULL;
ALTER TABLE user_account ADD FOREIGN KEY (tenant_id, id) REFERENCES subject (tenant_id, id);

CREATE TABLE service_account (
  id          uuid PRIMARY KEY,
  tenant_id   uuid NOT NULL REFERENCES organization (id),
  -- Whose it is: the same person for approvals (ACC-9).
  owner_id    uuid,
  created_at  timestamptz NOT NULL DEFAULT now(),
  UNIQUE (tenant_id, id),
  FOREIGN KEY (tenant_id, id) REFERENCES subject (tenant_id, id),
  FOREIGN KEY (tenant_id, owner_id) REFERENCES subject (tenant_id, id)
);

CREATE TABLE custom_role (
  id           uuid PRIMARY KEY,
  tenant_id    uuid NOT NULL REFERENCES organization (id),
  name         text NOT NULL CHECK (char_length(name) BETWEEN 1 AND 100),
  description  text NOT NULL DEFAULT '' CHECK (char_length(description) <= 1000),
  permissions  text[] NOT NULL,
  created_at   timestamptz NOT NULL DEFAULT now(),
  version      integer NOT NULL DEFAULT 1,
  UNIQUE (tenant_id, id)
);
CREATE UNIQUE INDEX custom_role_name ON custom_role (tenant_id, lower(name));

-- A right, or a denial, on a place and everything below it; no place: on the organization.
CREATE TABLE access_grant (
  id              uuid PRIMARY KEY,
  tenant_id       uuid NOT NULL REFERENCES organization (id),
  subject_id      uuid NOT NULL,
  effect          text NOT NULL DEFAULT 'allow' CHECK (effect IN ('allow', 'deny')),
  role            text CHECK (role IN ('platform-admin', 'organization-admin', 'organization-user', 'auditor', 'custodian', 'operator')),
  custom_role_id  uuid,
  environment_id  uuid,
  project_id      uuid,
  service_id      uuid,
  conditions      jsonb NOT NULL DEFAULT '{}',
  not_before      timestamptz,
  expires_at      timestamptz,
  source          text NOT NULL DEFAULT 'direct' CHECK (source IN ('direct', 'temporary', 'break-glass')),
  granted_by      uuid,
  created_at      timestamptz NOT NULL DEFAULT now(),
  revoked_at      timestamptz,
  CHECK ((role IS NULL) <> (custom_role_id IS NULL)),
  -- The place is the lowest one named; those above it are found by the hierarchy.
  CHECK (num_nonnulls(environment_id, project_id, service_id) <= 1),
  FOREIGN KEY (tenant_id, subject_id) REFERENCES subject (tenant_id, id),
  FOREIGN KEY (tenant_id, custom_role_id) REFERENCES custom_role (tenant_id, id),
  FOREIGN KEY (tenant_id, environment_id) REFERENCES environment (tenant_id, id),
  FOREIGN KEY (tenant_id, project_id) REFERENCES project (tenant_id, id),
  FOREIGN KEY (tenant_id, service_id) REFERENCES service (tenant_id, id)
);
CREATE INDEX access_grant_of_subject ON access_grant (tenant_id, subject_id) WHERE revoked_at IS NULL;
INSERT INTO access_grant (id, tenant_id, subject_id, role, created_at)
  SELECT gen_random_uuid(), tenant_id, subject_id, role, created_at FROM role_assignment;

ALTER TABLE api_key DROP CONSTRAINT api_key_tenant_id_subject_id_fkey;
ALTER TABLE api_key ADD FOREIGN KEY (tenant_id, subject_id) REFERENCES subject (tenant_id, id);

-- Raised by every change of who may what: authentication reads it with the credential, so nothing compiled is ever stale.
CREATE TABLE access_version (
  tenant_id  uuid PRIMARY KEY REFERENCES organization (id),
  version    bigint NOT NULL
);
INSERT INTO access_version (tenant_id, version) SELECT DISTINCT tenant_id, 1 FROM subject;

CALL protect_tenant_table('subject');
CALL protect_tenant_table('service_account');
CALL protect_tenant_table('custom_role');
CALL protect_tenant_table('access_grant');
CALL protect_tenant_table('access_version');

CREATE FUNCTION raise_access_version() RETURNS trigger LANGUAGE plpgsql SET search_path = qv, pg_temp AS $$
BEGIN
  INSERT INTO access_version AS v (tenant_id, version) VALUES (coalesce(NEW.tenant_id, OLD.tenant_id), 1)
    ON CONFLICT (tenant_id) DO UPDATE SET version = v.version + 1;
  RETURN NULL;
END $$;
CREATE TRIGGER access_version AFTER INSERT OR UPDATE OR DELETE ON subject FOR EACH ROW EXECUTE FUNCTION raise_access_version();
CREATE TRIGGER access_version AFTER INSERT OR UPDATE OR DELETE ON access_grant FOR EACH ROW EXECUTE FUNCTION raise_access_version();
CREATE TRIGGER access_version AFTER INSERT OR UPDATE OR DELETE ON custom_role FOR EACH ROW EXECUTE FUNCTION raise_access_version();

-- The lookup gives what the decision needs to know first; grants are read afterwards, inside the tenant.
CREATE POLICY lookup_by_function ON subject FOR SELECT TO qv_owner USING (true);
CREATE POLICY lookup_by_function ON access_version FOR SELECT TO qv_owner USING (true);
DROP FUNCTION auth_find_api_key(text);
CREATE FUNCTION auth_find_api_key(wanted_prefix text)
  RETURNS TABLE (id uuid, tenant_id uuid, subject_id uuid, subject_kind text, secret_hash bytea, usable boolean, access_version bigint)
  LANGUAGE sql STABLE SECURITY DEFINER SET search_path = qv, pg_temp
  AS $$
    SELECT k.id, k.tenant_id, k.subject_id, s.kind, k.secret_hash,
           k.revoked_at IS NULL AND (k.expires_at IS NULL OR k.expires_at > now()) AND s.status = 'active', v.version
      FROM api_key k
      JOIN subject s ON s.tenant_id = k.tenant_id AND s.id = k.subject_id
      JOIN access_version v ON v.tenant_id = k.tenant_id
     WHERE k.prefix = wanted_prefix
  $$;
REVOKE ALL ON FUNCTION auth_find_api_key(text) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION auth_find_api_key(text) TO qv_auth;

DROP TABLE role_assignment;
DROP POLICY lookup_by_function ON user_account;
ALTER TABLE user_account DROP COLUMN status;

GRANT SELECT, INSERT, UPDATE ON subject, service_account, access_grant, access_version TO qv_app;
GRANT SELECT, INSERT, UPDATE, DELETE ON custom_role TO qv_app;
