-- ACC-9: who could act for the requester when it was asked, and so is no other person when it is decided: whoever has made
-- the requester's key may revoke it in between, and the owner of a service account may name another owner. Requests from
-- before have nobody here; those who are behind the account when votes are counted stay excluded as they were.
ALTER TABLE approval_request ADD COLUMN requester_behind uuid[] NOT NULL DEFAULT '{}';

CREATE OR REPLACE FUNCTION guard_approval_request() RETURNS trigger LANGUAGE plpgsql SET search_path = qv, pg_temp AS $$
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
      NEW.requester_id, NEW.requester_behind, NEW.reason, NEW.requirement, NEW.quorum, NEW.created_at, NEW.expires_at)
     IS DISTINCT FROM
     (OLD.tenant_id, OLD.id, OLD.operation, OLD.resource_type, OLD.resource_id, OLD.plan, OLD.plan_hash, OLD.requester_kind,
      OLD.requester_id, OLD.requester_behind, OLD.reason, OLD.requirement, OLD.quorum, OLD.created_at, OLD.expires_at) THEN
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
