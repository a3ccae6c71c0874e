-- ACC-9: approvals. What the code promises about them, these triggers hold once more: plans never change, votes are never
-- changed or removed, and a request moves along its few states alone.

CREATE TABLE approval_policy (
  tenant_id           uuid NOT NULL REFERENCES organization (id),
  operation           text NOT NULL CHECK (operation ~ '^[a-z-]+\.[a-z-]+$'),
  quorum              integer NOT NULL CHECK (quorum BETWEEN 1 AND 20),
  approver_role       text CHECK (char_length(approver_role) BETWEEN 1 AND 100),
  expires_in_seconds  integer NOT NULL CHECK (expires_in_seconds BETWEEN 60 AND 2592000),
  signature_required  boolean NOT NULL,
  reason_required     boolean NOT NULL,
  approver_networks   text[] NOT NULL DEFAULT '{}' CHECK (cardinality(approver_networks) <= 50),
  updated_by          uuid NOT NULL,
  updated_at          timestamptz NOT NULL DEFAULT now(),
  version             integer NOT NULL DEFAULT 1,
  PRIMARY KEY (tenant_id, operation)
);
CALL protect_tenant_table('approval_policy');

CREATE TABLE approval_request (
  tenant_id       uuid NOT NULL REFERENCES organization (id),
  id              uuid NOT NULL,
  operation       text NOT NULL,
  resource_type   text NOT NULL,
  resource_id     text NOT NULL CHECK (char_length(resource_id) <= 256),
  -- The exact plan, and its hash over the canonical encoding (docs/spec/approval-statement.md).
  plan            jsonb NOT NULL CHECK (octet_length(plan::text) <= 131072),
  plan_hash       bytea NOT NULL CHECK (octet_length(plan_hash) = 32),
  requester_kind  text NOT NULL CHECK (requester_kind IN ('user', 'service-account', 'device')),
  requester_id    uuid NOT NULL,
  reason          text CHECK (char_length(reason) BETWEEN 1 AND 1000),
  -- What the policy demanded when it was asked; a stricter policy of today is demanded beside it.
  requirement     jsonb NOT NULL,
  quorum          integer NOT NULL CHECK (quorum BETWEEN 1 AND 20),
  status          text NOT NULL DEFAULT 'pending'
                  CHECK (status IN ('pending', 'approved', 'executed', 'rejected', 'cancelled', 'expired')),
  created_at      timestamptz NOT NULL DEFAULT now(),
  expires_at      timestamptz NOT NULL,
  approved_at     timestamptz,
  ended_at        timestamptz,
  ended_by        uuid,
  result_id       uuid,
  PRIMARY KEY (tenant_id, id),
  FOREIGN KEY (tenant_id, requester_id) REFERENCES subject (tenant_id, id),
  CHECK ((status IN ('pending', 'approved')) = (ended_at IS NULL))
);
-- The same question of the same requester is one request while it is open.
CREATE UNIQUE INDEX approval_request_open ON approval_request (tenant_id, requester_id, plan_hash)
  WHERE status IN ('pending', 'approved');
CREATE INDEX approval_request_by_status ON approval_request (tenant_id, status, id DESC);
CREATE INDEX approval_request_by_requester ON approval_request (tenant_id, requester_id, id DESC);
CALL protect_tenant_table('approval_request');

CREATE TABLE approver_key (
  tenant_id     uuid NOT NULL REFERENCES organization (id),
  id            uuid NOT NULL,
  subject_id    uuid NOT NULL,
  signer        text NOT NULL CHECK (char_length(signer) BETWEEN 10 AND 8000),
  algorithm     text NOT NULL,
  fingerprint   bytea NOT NULL CHECK (octet_length(fingerprint) = 32),
  created_at    timestamptz NOT NULL DEFAULT now(),
  withdrawn_at  timestamptz,
  PRIMARY KEY (tenant_id, id),
  -- One key is one person's, for good: two people cannot answer for one signature.
  UNIQUE (tenant_id, fingerprint),
  FOREIGN KEY (tenant_id, subject_id) REFERENCES subject (tenant_id, id)
);
CREATE INDEX approver_key_of_subject ON approver_key (tenant_id, subject_id);
CALL protect_tenant_table('approver_key');

CREATE TABLE approval_vote (
  tenant_id    uuid NOT NULL,
  request_id   uuid NOT NULL,
  approver_id  uuid NOT NULL,
  decision     text NOT NULL CHECK (decision IN ('approve', 'reject')),
  plan_hash    bytea NOT NULL,
  reason       text CHECK (char_length(reason) BETWEEN 1 AND 1000),
  key_id       uuid,
  signature    bytea CHECK (octet_length(signature) <= 32768),
  created_at   timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (tenant_id, request_id, approver_id),
  FOREIGN KEY (tenant_id, request_id) REFERENCES approval_request (tenant_id, id),
  FOREIGN KEY (tenant_id, approver_id) REFERENCES subject (tenant_id, id),
  FOREIGN KEY (tenant_id, key_id) REFERENCES approver_key (tenant_id, id),
  CHECK ((signature IS NULL) = (key_id IS NULL))
);
CREATE INDEX approval_vote_of_approver ON approval_vote (tenant_id, approver_id, request_id DESC);
CALL protect_tenant_table('approval_vote');

-- From where and with what somebody asked or voted, for the conditions of grants (ACC-7). Deleted when the request ends.
CREATE TABLE approval_facts (
  tenant_id   uuid NOT NULL,
  request_id  uuid NOT NULL,
  subject_id  uuid NOT NULL,
  facts       jsonb NOT NULL,
  PRIMARY KEY (tenant_id, request_id, subject_id),
  FOREIGN KEY (tenant_id, request_id) REFERENCES approval_request (tenant_id, id)
);
CALL protect_tenant_table('approval_facts');

CREATE FUNCTION guard_approval_request() RETURNS trigger LANGUAGE plpgsql SET search_path = qv, pg_temp AS $$
BEGIN
  IF TG_OP = 'DELETE' THEN
    RAISE EXCEPTION 'a request for approval is never removed' USING ERRCODE = 'insufficient_privilege';
  END IF;
  IF TG_OP = 'INSERT' THEN
    IF NEW.status <> 'pending' THEN
      RAISE EXCEPTION 'a request for approval begins as pending' USING ERRCODE = 'insufficient_privilege';
    END IF;
    RETURN NEW;
  END IF;
  IF (NEW.tenant_id, NEW.id, NEW.operation, NEW.resource_type, NEW.resource_id, NEW.plan, NEW.plan_hash, NEW.requester_kind,
      NEW.requester_id, NEW.reason, NEW.requirement, NEW.quorum, NEW.created_at, NEW.expires_at)
     IS DISTINCT FROM
     (OLD.tenant_id, OLD.id, OLD.operation, OLD.resource_type, OLD.resource_id, OLD.plan, OLD.plan_hash, OLD.requester_kind,
      OLD.requester_id, OLD.reason, OLD.requirement, OLD.quorum, OLD.created_at, OLD.expires_at) THEN
    RAISE EXCEPTION 'what was asked for approval never changes' USING ERRCODE = 'insufficient_privilege';
  END IF;
  IF NEW.status = OLD.status THEN RETURN NEW; END IF;
  IF NOT (OLD.status = 'pending' AND NEW.status IN ('approved', 'rejected', 'cancelled', 'expired')
          OR OLD.status = 'approved' AND NEW.status IN ('executed', 'pending', 'cancelled', 'expired')) THEN
    RAISE EXCEPTION 'a request for approval does not go from % to %', OLD.status, NEW.status USING ERRCODE = 'insufficient_privilege';
  END IF;
  IF NEW.status IN ('approved', 'executed') AND (
       NEW.expires_at <= now()
       OR (SELECT count(*) FROM approval_vote v WHERE v.tenant_id = NEW.tenant_id AND v.request_id = NEW.id
            AND v.decision = 'approve') < NEW.quorum) THEN
    RAISE EXCEPTION 'the quorum is not there in time' USING ERRCODE = 'insufficient_privilege';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER guard BEFORE INSERT OR UPDATE OR DELETE ON approval_request
  FOR EACH ROW EXECUTE FUNCTION guard_approval_request();

CREATE FUNCTION guard_approval_vote() RETURNS trigger LANGUAGE plpgsql SET search_path = qv, pg_temp AS $$
DECLARE
  request approval_request;
BEGIN
  IF TG_OP <> 'INSERT' THEN
    RAISE EXCEPTION 'a vote is never changed or removed' USING ERRCODE = 'insufficient_privilege';
  END IF;
  SELECT * INTO request FROM approval_request r WHERE r.tenant_id = NEW.tenant_id AND r.id = NEW.request_id FOR UPDATE;
  IF request.id IS NULL OR request.status <> 'pending' OR request.expires_at <= now() OR request.plan_hash <> NEW.plan_hash
     OR request.requester_id = NEW.approver_id THEN
    RAISE EXCEPTION 'this vote does not fit its request' USING ERRCODE = 'insufficient_privilege';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER guard BEFORE INSERT OR UPDATE OR DELETE ON approval_vote
  FOR EACH ROW EXECUTE FUNCTION guard_approval_vote();

GRANT SELECT, INSERT, UPDATE, DELETE ON approval_policy TO qv_app;
GRANT SELECT, INSERT, UPDATE (status, approved_at, ended_at, ended_by, result_id) ON approval_request TO qv_app;
GRANT SELECT, INSERT ON approval_vote TO qv_app;
GRANT SELECT, INSERT, UPDATE (withdrawn_at) ON approver_key TO qv_app;
GRANT SELECT, INSERT, DELETE ON approval_facts TO qv_app;
