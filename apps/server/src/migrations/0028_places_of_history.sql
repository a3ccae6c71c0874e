-- ACC-1: a place is deleted when nothing holds there any more. Grants and API keys that have ended are history: they go on
-- naming the place, and are no reason to keep it. What the foreign keys did for them, triggers do for those that hold.

DO $$
DECLARE
  found record;
BEGIN
  FOR found IN
    SELECT c.conrelid::regclass AS of_table, c.conname FROM pg_constraint c
     WHERE c.contype = 'f' AND c.conrelid IN ('access_grant'::regclass, 'api_key'::regclass)
       AND c.confrelid IN ('environment'::regclass, 'project'::regclass, 'service'::regclass)
  LOOP
    EXECUTE format('ALTER TABLE %s DROP CONSTRAINT %I', found.of_table, found.conname);
  END LOOP;
END $$;

-- A new right names a place that is there, and keeps it there until its transaction ends.
CREATE FUNCTION place_is_there() RETURNS trigger LANGUAGE plpgsql SET search_path = qv, pg_temp AS $$
BEGIN
  IF num_nonnulls(NEW.environment_id, NEW.project_id, NEW.service_id) = 0 THEN
    RETURN NULL;
  END IF;
  PERFORM 1 FROM environment WHERE tenant_id = NEW.tenant_id AND id = NEW.environment_id FOR KEY SHARE;
  IF NOT FOUND THEN
    PERFORM 1 FROM project WHERE tenant_id = NEW.tenant_id AND id = NEW.project_id FOR KEY SHARE;
  END IF;
  IF NOT FOUND THEN
    PERFORM 1 FROM service WHERE tenant_id = NEW.tenant_id AND id = NEW.service_id FOR KEY SHARE;
  END IF;
  IF NOT FOUND THEN
    RAISE EXCEPTION USING ERRCODE = 'foreign_key_violation', MESSAGE = 'the place does not exist';
  END IF;
  RETURN NULL;
END $$;
CREATE TRIGGER place_is_there AFTER INSERT OR UPDATE OF environment_id, project_id, service_id ON access_grant
  FOR EACH ROW EXECUTE FUNCTION place_is_there();
CREATE TRIGGER place_is_there AFTER INSERT OR UPDATE OF environment_id, project_id, service_id ON api_key
  FOR EACH ROW EXECUTE FUNCTION place_is_there();

-- The row of the place is locked before this runs, so that a right that is being given has been given, or waits and is refused.
CREATE FUNCTION place_is_free() RETURNS trigger LANGUAGE plpgsql SET search_path = qv, pg_temp AS $$
BEGIN
  IF EXISTS (SELECT 1 FROM access_grant g
              WHERE g.tenant_id = OLD.tenant_id AND g.revoked_at IS NULL AND (g.expires_at IS NULL OR g.expires_at > now())
                AND OLD.id = coalesce(g.environment_id, g.project_id, g.service_id))
     OR EXISTS (SELECT 1 FROM api_key k
                 WHERE k.tenant_id = OLD.tenant_id AND k.revoked_at IS NULL AND (k.expires_at IS NULL OR k.expires_at > now())
                   AND OLD.id = coalesce(k.environment_id, k.project_id, k.service_id)) THEN
    RAISE EXCEPTION USING ERRCODE = 'foreign_key_violation', MESSAGE = 'rights hold in the place';
  END IF;
  RETURN OLD;
END $$;
CREATE TRIGGER place_is_free BEFORE DELETE ON environment FOR EACH ROW EXECUTE FUNCTION place_is_free();
CREATE TRIGGER place_is_free BEFORE DELETE ON project FOR EACH ROW EXECUTE FUNCTION place_is_free();
CREATE TRIGGER place_is_free BEFORE DELETE ON service FOR EACH ROW EXECUTE FUNCTION place_is_free();
