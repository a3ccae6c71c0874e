-- ACC-6: a custom role that somebody once held stays readable behind its revoked grants; its name becomes free again.

ALTER TABLE custom_role ADD COLUMN deleted_at timestamptz;
DROP INDEX custom_role_name;
CREATE UNIQUE INDEX custom_role_name ON custom_role (tenant_id, lower(name)) WHERE deleted_at IS NULL;
CREATE INDEX custom_role_listing ON custom_role (tenant_id, id) WHERE deleted_at IS NULL;

CREATE INDEX access_grant_listing ON access_grant (tenant_id, id);
CREATE INDEX access_grant_of_role ON access_grant (tenant_id, custom_role_id) WHERE revoked_at IS NULL;
