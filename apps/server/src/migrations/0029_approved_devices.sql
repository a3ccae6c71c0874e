-- ACC-4: a device that was approved and has not fetched its session yet gets none once the session that approved it has
-- ended. Otherwise whoever has stolen a session keeps a way in past a new password and past the end of all sessions.
ALTER TABLE device_sign_in ADD COLUMN session_id uuid;

-- Beside the function without a session, which a process of the release before still calls: what it approves is fetched
-- by nobody, and the device starts again.
CREATE FUNCTION auth_decide_device_sign_in(wanted bytea, approved boolean, of_tenant uuid, of_subject uuid, of_session uuid, was_authenticated_at timestamptz, was_mfa_at timestamptz)
  RETURNS text LANGUAGE sql SECURITY DEFINER SET search_path = qv, pg_temp
  AS $$
    UPDATE device_sign_in SET
      status = CASE WHEN approved THEN 'approved' ELSE 'denied' END,
      tenant_id = CASE WHEN approved THEN of_tenant END,
      subject_id = CASE WHEN approved THEN of_subject END,
      session_id = CASE WHEN approved THEN of_session END,
      authenticated_at = was_authenticated_at,
      mfa_at = was_mfa_at
     WHERE user_code_hash = wanted AND status = 'pending' AND expires_at > now()
     RETURNING client_name
  $$;
REVOKE ALL ON FUNCTION auth_decide_device_sign_in(bytea, boolean, uuid, uuid, uuid, timestamptz, timestamptz) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION auth_decide_device_sign_in(bytea, boolean, uuid, uuid, uuid, timestamptz, timestamptz) TO qv_auth;

CREATE OR REPLACE FUNCTION auth_poll_device_sign_in(wanted bytea, interval_seconds integer)
  RETURNS TABLE (status text, tenant_id uuid, subject_id uuid, authenticated_at timestamptz, mfa_at timestamptz)
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = qv, pg_temp
  AS $$
  DECLARE waiting device_sign_in;
  BEGIN
    SELECT * INTO waiting FROM device_sign_in d WHERE d.device_code_hash = wanted AND d.expires_at > now() FOR UPDATE;
    IF NOT FOUND THEN RETURN; END IF;
    IF waiting.status = 'pending' THEN
      UPDATE device_sign_in d SET polled_at = now() WHERE d.device_code_hash = wanted;
      RETURN QUERY SELECT CASE WHEN waiting.polled_at > now() - (interval_seconds - 1) * interval '1 second' THEN 'slow-down' ELSE 'pending' END,
                          NULL::uuid, NULL::uuid, NULL::timestamptz, NULL::timestamptz;
      RETURN;
    END IF;
    DELETE FROM device_sign_in d WHERE d.device_code_hash = wanted;
    IF waiting.status = 'approved' AND NOT EXISTS (
      SELECT FROM session x JOIN subject s ON s.tenant_id = x.tenant_id AND s.id = x.subject_id
       WHERE x.id = waiting.session_id AND x.tenant_id = waiting.tenant_id AND x.subject_id = waiting.subject_id
         AND x.revoked_at IS NULL AND x.ends_at > now() AND s.status = 'active')
    THEN
      RETURN QUERY SELECT 'denied', NULL::uuid, NULL::uuid, NULL::timestamptz, NULL::timestamptz;
      RETURN;
    END IF;
    RETURN QUERY SELECT waiting.status, waiting.tenant_id, waiting.subject_id, waiting.authenticated_at, waiting.mfa_at;
  END $$;
