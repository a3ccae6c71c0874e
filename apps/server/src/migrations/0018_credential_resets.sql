-- Who reset whose credentials. Kept after the token is used: for a while, the two do not count as two people (ACC-9), and one
-- person does not reset both the password and the second factors of another.

CREATE TABLE credential_reset (
  tenant_id   uuid NOT NULL REFERENCES organization (id),
  id          uuid NOT NULL,
  subject_id  uuid NOT NULL,
  kind        text NOT NULL CHECK (kind IN ('password', 'factors')),
  created_by  uuid NOT NULL,
  created_at  timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (tenant_id, id),
  CHECK (created_by <> subject_id),
  FOREIGN KEY (tenant_id, subject_id) REFERENCES subject (tenant_id, id),
  FOREIGN KEY (tenant_id, created_by) REFERENCES subject (tenant_id, id)
);
CREATE INDEX credential_reset_of_subject ON credential_reset (tenant_id, subject_id, created_at);
CALL protect_tenant_table('credential_reset');
-- Never changed; removed when it counts no more.
GRANT SELECT, INSERT, DELETE ON credential_reset TO qv_app;

-- The person whose credentials were reset learns of it.
ALTER TABLE access_notice DROP CONSTRAINT access_notice_kind_check;
ALTER TABLE access_notice ADD CONSTRAINT access_notice_kind_check
  CHECK (kind IN ('break-glass', 'password-reset', 'factors-reset'));

-- The sessions of a person end with the second factors.
ALTER TABLE session DROP CONSTRAINT session_revoked_reason_check;
ALTER TABLE session ADD CONSTRAINT session_revoked_reason_check CHECK (revoked_reason IN (
  'signed-out', 'revoked', 'refresh-reused', 'session-limit', 'password-changed', 'password-reset', 'factors-reset',
  'subject-ended'));
