-- ACC-9: requests that ran out are written down as such, and what was kept about their people until then is deleted.

CREATE INDEX approval_request_running_out ON approval_request (expires_at) WHERE status IN ('pending', 'approved');
-- The worker learns which open requests have run out, and of each no more than its tenant.
CREATE POLICY expiry ON approval_request FOR SELECT TO qv_worker
  USING (status NOT IN ('executed', 'rejected', 'cancelled', 'expired'));
GRANT SELECT (id, tenant_id, status, expires_at) ON approval_request TO qv_worker;
