-- ACC-1: the hierarchy grows verbs. Columns have defaults and functions are new, so that the release before goes on.

ALTER TABLE organization ADD COLUMN version integer NOT NULL DEFAULT 1;
ALTER TABLE organization ADD COLUMN status text NOT NULL DEFAULT 'active' CHECK (status IN ('active', 'suspended'));

-- A suspended organization answers nobody. Every function that authenticates joins access_version, as qv_owner, which row-level
-- security binds: what its policy hides, no credential of any kind finds, in this release's functions and in later ones.
ALTER TABLE access_version ADD COLUMN suspended boolean NOT NULL DEFAULT false;
DROP POLICY lookup_by_function ON access_version;
CREATE POLICY lookup_by_function ON access_version FOR SELECT TO qv_owner USING (NOT suspended);

CREATE INDEX project_of_environment ON project (tenant_id, environment_id, id);
CREATE INDEX service_of_project ON service (tenant_id, project_id, id);
GRANT DELETE ON environment, project, service TO qv_app;

-- The platform's list of organizations without a way around row-level security: the function runs as the owner, whom one
-- narrow policy lets read organizations, and answers only while the tenant of the transaction is the platform's own
-- organization, the first one. No other tenant, and no session without one, gets a row.
CREATE POLICY platform_list ON organization FOR SELECT TO qv_owner USING (true);
CREATE FUNCTION platform_organizations(after uuid, wanted uuid, row_max int)
  RETURNS TABLE (id uuid, name text, status text, created_at timestamptz, version int)
  LANGUAGE sql STABLE SECURITY DEFINER SET search_path = qv, pg_temp
  AS $$
    SELECT o.id, o.name, o.status, o.created_at, o.version
      FROM organization o
     WHERE (SELECT first_organization_id FROM installation) = current_tenant()
       AND (after IS NULL OR o.id > after) AND (wanted IS NULL OR o.id = wanted)
     ORDER BY o.id LIMIT row_max
  $$;
GRANT EXECUTE ON FUNCTION platform_organizations(uuid, uuid, int) TO qv_app;
