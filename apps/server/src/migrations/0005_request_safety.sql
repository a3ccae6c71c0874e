-- Idempotency keys and the transactional outbox.

CREATE TABLE idempotency_key (
  tenant_id     uuid NOT NULL REFERENCES organization (id),
  actor_id      uuid NOT NULL,
  key           text NOT NULL CHECK (char_length(key) BETWEEN 1 AND 255),
  request_hash  bytea NOT NULL CHECK (octet_length(request_hash) = 32),
  response      jsonb,
  created_at    timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (tenant_id, actor_id, key)
);
CREATE INDEX idempotency_key_age ON idempotency_key (created_at);
CALL protect_tenant_table('idempotency_key');

CREATE TABLE outbox (
  id          uuid PRIMARY KEY,
  tenant_id   uuid NOT NULL,
  topic       text NOT NULL,
  payload     jsonb NOT NULL,
  created_at  timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX outbox_order ON outbox (created_at, id);
CALL protect_tenant_table('outbox');

-- The relay runs in the worker, over all tenants: it delivers and then deletes.
CREATE POLICY relay ON outbox TO qv_worker USING (true);
CREATE POLICY prune ON idempotency_key FOR SELECT TO qv_worker USING (true);
-- Only what no client repeats any more: a live key that vanished would let a repetition have its effect again.
CREATE POLICY prune_delete ON idempotency_key FOR DELETE TO qv_worker USING (created_at < now() - interval '24 hours');
-- FOR UPDATE needs the right to update one column; the policy of its own keeps it from changing anything else.
GRANT SELECT, DELETE, UPDATE (created_at) ON outbox TO qv_worker;
GRANT SELECT (created_at), DELETE ON idempotency_key TO qv_worker;

GRANT SELECT, INSERT, UPDATE ON idempotency_key TO qv_app;
GRANT INSERT ON outbox TO qv_app;
