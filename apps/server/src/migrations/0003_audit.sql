-- The audit log (docs/spec/audit-leaf.md): events are written by the business transaction, leaves by one sequencer.

CREATE TABLE audit_event (
  id             uuid PRIMARY KEY,
  tenant_id      uuid NOT NULL,
  occurred_at    timestamptz NOT NULL,
  action         text NOT NULL,
  outcome        text NOT NULL CHECK (outcome IN ('success', 'refused', 'failed')),
  actor_kind     text NOT NULL,
  actor_id       uuid NOT NULL,
  resource_type  text NOT NULL,
  resource_id    text NOT NULL,
  request_id     text,
  -- The committed form; the columns above repeat parts of it for queries and prove nothing.
  event          bytea NOT NULL CHECK (octet_length(event) BETWEEN 1 AND 16384)
);
CREATE INDEX audit_event_tenant ON audit_event (tenant_id, id DESC);
CREATE INDEX audit_event_tenant_action ON audit_event (tenant_id, action, id DESC);
CREATE INDEX audit_event_resource ON audit_event (tenant_id, resource_id, id DESC);
CALL protect_tenant_table('audit_event');

-- The pending mark: drained by the sequencer row by row, never by a high-water mark (AUD-4).
CREATE TABLE audit_pending (
  event_id   uuid PRIMARY KEY REFERENCES audit_event (id),
  tenant_id  uuid NOT NULL,
  marked_at  timestamptz NOT NULL DEFAULT clock_timestamp()
);
CREATE INDEX audit_pending_order ON audit_pending (marked_at, event_id);
-- A queue: rows live for a moment, so its dead ones are cleared by number and not by share.
ALTER TABLE audit_pending SET (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 2000);
CALL protect_tenant_table('audit_pending');

-- The leaf itself is not stored twice: its bytes follow from this row and the event's (docs/spec/audit-leaf.md, section 3).
-- An edit of either row therefore gives another leaf than the one whose hash lies in the outside tiles.
CREATE TABLE audit_leaf (
  log_index        bigint PRIMARY KEY CHECK (log_index >= 0),
  tenant_id        uuid NOT NULL,
  tenant_sequence  bigint NOT NULL CHECK (tenant_sequence >= 1),
  event_id         uuid NOT NULL UNIQUE REFERENCES audit_event (id),
  previous_leaf    bytea NOT NULL CHECK (octet_length(previous_leaf) = 32),
  leaf_hash        bytea NOT NULL CHECK (octet_length(leaf_hash) = 32),
  chain_value      bytea NOT NULL CHECK (octet_length(chain_value) = 32),
  UNIQUE (tenant_id, tenant_sequence)
);
CREATE INDEX audit_leaf_tenant ON audit_leaf (tenant_id, log_index);
CALL protect_tenant_table('audit_leaf');

-- The head of the log; the sequencer moves it by compare-and-swap.
CREATE TABLE audit_head (
  singleton  boolean PRIMARY KEY DEFAULT true CHECK (singleton),
  size       bigint NOT NULL CHECK (size >= 0)
);
INSERT INTO audit_head (size) VALUES (0);

CREATE TABLE audit_tenant_head (
  tenant_id           uuid PRIMARY KEY,
  tenant_sequence     bigint NOT NULL,
  log_index           bigint NOT NULL,
  leaf_hash           bytea NOT NULL,
  chain_value         bytea NOT NULL,
  -- The last sequence that a tenant.head leaf has stated, and since when a newer leaf has been waiting for one.
  announced_sequence  bigint NOT NULL DEFAULT 0,
  unannounced_since   timestamptz
);
CREATE INDEX audit_tenant_head_due ON audit_tenant_head (unannounced_since) WHERE unannounced_since IS NOT NULL;
CALL protect_tenant_table('audit_tenant_head');

CREATE TABLE audit_checkpoint (
  size       bigint PRIMARY KEY CHECK (size >= 0),
  root       bytea NOT NULL CHECK (octet_length(root) = 32),
  note       text NOT NULL,
  signed_at  timestamptz NOT NULL
);

-- AUD-1: refusals before authentication are counted per address and minute; one event is written per row when the minute is over.
CREATE TABLE auth_refusal_count (
  minute        timestamptz NOT NULL,
  -- Keyed digest of the address; 32 zero bytes for all addresses beyond the bound together.
  address_hash  bytea NOT NULL CHECK (octet_length(address_hash) = 32),
  -- The address as ciphertext under a subject's key (AUD-2), as the event will carry it; null where there is no single one.
  source_key    uuid,
  source_suite  text,
  source        bytea,
  refusals      bigint NOT NULL CHECK (refusals > 0),
  PRIMARY KEY (minute, address_hash),
  CHECK ((source IS NULL) = (source_key IS NULL) AND (source IS NULL) = (source_suite IS NULL))
);

-- AUD-3: append-only for every role, not only by missing privileges.
CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION '% on % is refused: the audit log is append-only', TG_OP, TG_TABLE_NAME USING ERRCODE = 'insufficient_privilege';
END $$;
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON audit_event FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON audit_leaf FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON audit_checkpoint FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

GRANT SELECT, INSERT ON audit_event, audit_pending TO qv_app;
GRANT SELECT ON audit_leaf, audit_head, audit_tenant_head, audit_checkpoint TO qv_app;

-- qv_audit writes events of any tenant (refusals, platform events) and reads nothing.
CREATE POLICY insert_any ON audit_event FOR INSERT TO qv_audit WITH CHECK (true);
CREATE POLICY insert_any ON audit_pending FOR INSERT TO qv_audit WITH CHECK (true);
GRANT INSERT ON audit_event, audit_pending TO qv_audit;

-- qv_sequencer reads every event and alone writes leaves, heads and checkpoints.
CREATE POLICY sequence_all ON audit_event FOR SELECT TO qv_sequencer USING (true);
CREATE POLICY announce_heads ON audit_event FOR INSERT TO qv_sequencer WITH CHECK (action = 'tenant.head');
CREATE POLICY sequence_all ON audit_pending TO qv_sequencer USING (true) WITH CHECK (true);
CREATE POLICY sequence_all ON audit_leaf TO qv_sequencer USING (true) WITH CHECK (true);
CREATE POLICY sequence_all ON audit_tenant_head TO qv_sequencer USING (true) WITH CHECK (true);
GRANT SELECT, INSERT ON audit_event, audit_leaf, audit_checkpoint TO qv_sequencer;
GRANT SELECT, INSERT, DELETE ON audit_pending TO qv_sequencer;
GRANT SELECT, UPDATE ON audit_head TO qv_sequencer;
GRANT SELECT, INSERT, UPDATE ON audit_tenant_head TO qv_sequencer;
GRANT SELECT, INSERT, UPDATE, DELETE ON auth_refusal_count TO qv_audit;
