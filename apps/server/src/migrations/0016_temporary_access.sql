-- ACC-8: access for a time, asked for and approved, and in an emergency at once, with a review that must follow.

ALTER TABLE access_grant ADD UNIQUE (tenant_id, id);
ALTER TABLE access_grant ADD COLUMN first_used_at timestamptz;
ALTER TABLE access_grant ADD COLUMN expiry_noted_at timestamptz;
CREATE INDEX access_grant_expiring ON access_grant (expires_at)
  WHERE source <> 'direct' AND revoked_at IS NULL AND expiry_noted_at IS NULL;
-- The worker learns which grants have ended, and of each no more than its tenant.
CREATE POLICY expiry ON access_grant FOR SELECT TO qv_worker USING (source <> 'direct');
GRANT SELECT (id, tenant_id, source, expires_at, revoked_at, expiry_noted_at) ON access_grant TO qv_worker;

CREATE TABLE access_request (
  id                uuid PRIMARY KEY,
  tenant_id         uuid NOT NULL REFERENCES organization (id),
  subject_id        uuid NOT NULL,
  role              text CHECK (role IN ('platform-admin', 'organization-admin', 'organization-user', 'auditor', 'custodian', 'operator')),
  custom_role_id    uuid,
  environment_id    uuid,
  project_id        uuid,
  service_id        uuid,
  duration_seconds  integer NOT NULL CHECK (duration_seconds BETWEEN 300 AND 2592000),
  reason            text NOT NULL CHECK (char_length(reason) BETWEEN 1 AND 1000),
  status            text NOT NULL DEFAULT 'pending' CHECK (status IN ('pending', 'approved', 'denied', 'withdrawn')),
  -- Nobody approves what was asked for long ago.
  lapses_at         timestamptz NOT NULL,
  decided_by        uuid,
  decided_at        timestamptz,
  decision_reason   text CHECK (char_length(decision_reason) BETWEEN 1 AND 1000),
  grant_id          uuid,
  created_at        timestamptz NOT NULL DEFAULT now(),
  CHECK ((role IS NULL) <> (custom_role_id IS NULL)),
  CHECK (num_nonnulls(environment_id, project_id, service_id) <= 1),
  CHECK ((status = 'approved') = (grant_id IS NOT NULL)),
  FOREIGN KEY (tenant_id, subject_id) REFERENCES subject (tenant_id, id),
  FOREIGN KEY (tenant_id, custom_role_id) REFERENCES custom_role (tenant_id, id),
  FOREIGN KEY (tenant_id, environment_id) REFERENCES environment (tenant_id, id) ON DELETE CASCADE,
  FOREIGN KEY (tenant_id, project_id) REFERENCES project (tenant_id, id) ON DELETE CASCADE,
  FOREIGN KEY (tenant_id, service_id) REFERENCES service (tenant_id, id) ON DELETE CASCADE,
  FOREIGN KEY (tenant_id, grant_id) REFERENCES access_grant (tenant_id, id)
);
CREATE INDEX access_request_listing ON access_request (tenant_id, id);
CREATE INDEX access_request_of_subject ON access_request (tenant_id, subject_id) WHERE status = 'pending';
CALL protect_tenant_table('access_request');

CREATE TABLE break_glass (
  grant_id       uuid PRIMARY KEY,
  tenant_id      uuid NOT NULL REFERENCES organization (id),
  subject_id     uuid NOT NULL,
  reason         text NOT NULL CHECK (char_length(reason) BETWEEN 1 AND 1000),
  created_at     timestamptz NOT NULL DEFAULT now(),
  review_due_at  timestamptz NOT NULL,
  reviewed_by    uuid,
  reviewed_at    timestamptz,
  verdict        text CHECK (verdict IN ('justified', 'unjustified')),
  note           text CHECK (char_length(note) BETWEEN 1 AND 1000),
  CHECK (num_nonnulls(reviewed_by, reviewed_at, verdict, note) IN (0, 4)),
  CHECK (reviewed_by <> subject_id),
  FOREIGN KEY (tenant_id, grant_id) REFERENCES access_grant (tenant_id, id),
  FOREIGN KEY (tenant_id, subject_id) REFERENCES subject (tenant_id, id)
);
CREATE INDEX break_glass_listing ON break_glass (tenant_id, grant_id);
CREATE INDEX break_glass_unreviewed ON break_glass (tenant_id, subject_id) WHERE reviewed_at IS NULL;
CALL protect_tenant_table('break_glass');

-- What somebody must learn at once: one row for each who must.
CREATE TABLE access_notice (
  id           uuid PRIMARY KEY,
  tenant_id    uuid NOT NULL REFERENCES organization (id),
  subject_id   uuid NOT NULL,
  kind         text NOT NULL CHECK (kind IN ('break-glass')),
  resource_id  uuid NOT NULL,
  created_at   timestamptz NOT NULL DEFAULT now(),
  read_at      timestamptz,
  FOREIGN KEY (tenant_id, subject_id) REFERENCES subject (tenant_id, id)
);
CREATE INDEX access_notice_inbox ON access_notice (tenant_id, subject_id, id);
CALL protect_tenant_table('access_notice');

GRANT SELECT, INSERT, UPDATE ON access_request, break_glass, access_notice TO qv_app;
GRANT DELETE ON access_request TO qv_app;
