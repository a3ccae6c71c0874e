-- ACC-2: the first key of an installation may come from a setting or a secret file; until it is replaced, that is reported.

-- 'setting': others have had it in their hands before the first start.
ALTER TABLE api_key ADD COLUMN origin text NOT NULL DEFAULT 'made' CHECK (origin IN ('made', 'setting'));
CREATE INDEX api_key_of_setting ON api_key (id) WHERE origin = 'setting';

-- For the health of the installation: how many such keys may still be used. It names none.
CREATE FUNCTION auth_keys_of_settings() RETURNS bigint
  LANGUAGE sql STABLE SECURITY DEFINER SET search_path = qv, pg_temp
  AS $$
    SELECT count(*) FROM api_key
     WHERE origin = 'setting' AND revoked_at IS NULL AND (expires_at IS NULL OR expires_at > now())
  $$;
REVOKE ALL ON FUNCTION auth_keys_of_settings() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION auth_keys_of_settings() TO qv_auth;
