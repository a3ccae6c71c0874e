-- ACC-1: organization > environment > project > service. The organization is the tenant.
-- Runs as qv_owner, which owns the schema and is used by the migrate process alone.

CREATE FUNCTION current_tenant() RETURNS uuid
  LANGUAGE sql STABLE PARALLEL SAFE
  AS $$ SELECT nullif(current_setting('qv.tenant', true), '')::uuid $$;
COMMENT ON FUNCTION current_tenant() IS 'The tenant that the unit of work has set for this transaction; NULL (no rows) when none is set.';
GRANT EXECUTE ON FUNCTION current_tenant() TO qv_app, qv_auth, qv_worker, qv_audit, qv_sequencer;

-- Puts a table under forced row-level security: the application role sees its tenant's rows and nothing else.
CREATE PROCEDURE protect_tenant_table(target regclass, tenant_column name DEFAULT 'tenant_id')
  LANGUAGE plpgsql AS $$
BEGIN
  EXECUTE format('ALTER TABLE %s ENABLE ROW LEVEL SECURITY', target);
  EXECUTE format('ALTER TABLE %s FORCE ROW LEVEL SECURITY', target);
  EXECUTE format(
    'CREATE POLICY tenant_isolation ON %s TO qv_app USING (%I = (SELECT current_tenant())) WITH CHECK (%I = (SELECT current_tenant()))',
    target, tenant_column, tenant_column);
END $$;

CREATE TABLE organization (
  id          uuid PRIMARY KEY,
  name        text NOT NULL CHECK (char_length(name) BETWEEN 1 AND 200),
  created_at  timestamptz NOT NULL DEFAULT now()
);
CALL protect_tenant_table('organization', 'id');

CREATE TABLE environment (
  id          uuid NOT NULL,
  tenant_id   uuid NOT NULL REFERENCES organization (id),
  name        text NOT NULL CHECK (char_length(name) BETWEEN 1 AND 200),
  type        text NOT NULL CHECK (type IN ('production', 'staging', 'development', 'local')),
  created_at  timestamptz NOT NULL DEFAULT now(),
  version     integer NOT NULL DEFAULT 1,
  PRIMARY KEY (id),
  UNIQUE (tenant_id, id),
  UNIQUE (tenant_id, name)
);
CALL protect_tenant_table('environment');

CREATE TABLE project (
  id              uuid PRIMARY KEY,
  tenant_id       uuid NOT NULL REFERENCES organization (id),
  environment_id  uuid NOT NULL,
  name            text NOT NULL CHECK (char_length(name) BETWEEN 1 AND 200),
  created_at      timestamptz NOT NULL DEFAULT now(),
  version         integer NOT NULL DEFAULT 1,
  UNIQUE (tenant_id, id),
  UNIQUE (tenant_id, environment_id, name),
  -- The tenant is part of every reference, so that a row can never point into another organization.
  FOREIGN KEY (tenant_id, environment_id) REFERENCES environment (tenant_id, id)
);
CALL protect_tenant_table('project');

CREATE TABLE service (
  id          uuid PRIMARY KEY,
  tenant_id   uuid NOT NULL REFERENCES organization (id),
  project_id  uuid NOT NULL,
  name        text NOT NULL CHECK (char_length(name) BETWEEN 1 AND 200),
  created_at  timestamptz NOT NULL DEFAULT now(),
  version     integer NOT NULL DEFAULT 1,
  UNIQUE (tenant_id, id),
  UNIQUE (tenant_id, project_id, name),
  FOREIGN KEY (tenant_id, project_id) REFERENCES project (tenant_id, id)
);
CALL protect_tenant_table('service');

GRANT SELECT, INSERT, UPDATE ON organization, environment, project, service TO qv_app;
