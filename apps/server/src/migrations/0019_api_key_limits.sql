-- ACC-2: limits of API keys, their replacement, and service accounts that people can keep.

-- Limits of a key never change, so that a process may keep what it has read; a narrower key is another key.
ALTER TABLE api_key
  ADD COLUMN permissions       text[],
  ADD COLUMN environment_id    uuid,
  ADD COLUMN project_id        uuid,
  ADD COLUMN service_id        uuid,
  ADD COLUMN allowed_networks  text[] NOT NULL DEFAULT '{}',
  ADD COLUMN replaces_id       uuid,
  ADD CONSTRAINT api_key_identity UNIQUE (tenant_id, id),
  -- The place is the lowest one named; those above it are found by the hierarchy.
  ADD CONSTRAINT api_key_one_place CHECK (num_nonnulls(environment_id, project_id, service_id) <= 1),
  ADD FOREIGN KEY (tenant_id, environment_id) REFERENCES environment (tenant_id, id),
  ADD FOREIGN KEY (tenant_id, project_id) REFERENCES project (tenant_id, id),
  ADD FOREIGN KEY (tenant_id, service_id) REFERENCES service (tenant_id, id),
  ADD FOREIGN KEY (tenant_id, replaces_id) REFERENCES api_key (tenant_id, id);
-- Of two rotations at once, one makes a key.
CREATE UNIQUE INDEX api_key_replaced_once ON api_key (tenant_id, replaces_id);

ALTER TABLE service_account ADD COLUMN description text NOT NULL DEFAULT '' CHECK (char_length(description) <= 1000);
