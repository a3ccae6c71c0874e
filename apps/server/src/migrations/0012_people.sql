-- ACC-12: invitations, off-boarding.

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

-- Whoever made a key for another subject has seen its secret (ACC-9, ACC-12). A key's secret and owner never change.
ALTER TABLE api_key ADD COLUMN created_by uuid;
CREATE INDEX api_key_of_subject ON api_key (tenant_id, subject_id, id);
REVOKE UPDATE ON api_key FROM qv_app;
GRANT UPDATE (revoked_at, expires_at) ON api_key TO qv_app;

CALL protect_tenant_table('invitation');
CALL protect_tenant_table('offboarding');

GRANT SELECT, INSERT ON invitation, offboarding TO qv_app;
GRANT UPDATE (accepted_at, cancelled_at) ON invitation TO qv_app;

-- The lookup before a tenant is known, as qv_auth: one row by an exact value, and whether it may be used now.
CREATE POLICY lookup_by_function ON invitation FOR SELECT TO qv_owner USING (true);

CREATE FUNCTION auth_find_invitation(wanted_prefix text)
  RETURNS TABLE (id uuid, tenant_id uuid, subject_id uuid, secret_hash bytea, usable boolean)
  LANGUAGE sql STABLE SECURITY DEFINER SET search_path = qv, pg_temp
  AS $$
    SELECT i.id, i.tenant_id, i.subject_id, i.token_hash,
           i.accepted_at IS NULL AND i.cancelled_at IS NULL AND i.expires_at > now() AND s.status = 'invited'
      FROM invitation i JOIN subject s ON s.tenant_id = i.tenant_id AND s.id = i.subject_id
     WHERE i.prefix = wanted_prefix
  $$;

REVOKE ALL ON FUNCTION auth_find_invitation(text) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION auth_find_invitation(text) TO qv_auth;
