-- ACC-9: when a request last changed, so that an inbox can follow all of them by one question.

-- Milliseconds, as the interface tells it: what is read there can be compared here without loss.
ALTER TABLE approval_request ADD COLUMN changed_at timestamptz(3) NOT NULL DEFAULT clock_timestamp();
CREATE INDEX approval_request_by_change ON approval_request (tenant_id, changed_at DESC, id DESC);

-- The time of the write, not of its transaction, and another one with each change, however fast they come. Nobody sets it by
-- hand: an UPDATE that names it, as a vote makes one, gets this value too.
CREATE FUNCTION mark_approval_change() RETURNS trigger LANGUAGE plpgsql SET search_path = qv, pg_temp AS $$
BEGIN
  NEW.changed_at := greatest(clock_timestamp()::timestamptz(3), OLD.changed_at + interval '1 millisecond');
  RETURN NEW;
END $$;
CREATE TRIGGER mark_change BEFORE UPDATE ON approval_request
  FOR EACH ROW EXECUTE FUNCTION mark_approval_change();

GRANT UPDATE (changed_at) ON approval_request TO qv_app;
