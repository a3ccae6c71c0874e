-- INV-12: listings by what an asset uses: key exchange, signature, encryption, what its last scan found, and whether a
-- policy protects it. Environment, facet and risk stand beside each use, so that one index is such a listing in its order
-- (docs/design/listings.md). No foreign key: the trigger owns the rows.
CREATE TABLE asset_use (
  tenant_id       uuid NOT NULL,
  -- k: key exchange, s: signature, e: encryption, f: finding, p: protection
  use             text COLLATE "C" NOT NULL CHECK (use ~ '^[ksefp]:.' AND char_length(use) <= 66),
  asset_id        uuid NOT NULL,
  environment_id  uuid NOT NULL,
  facet           smallint NOT NULL,
  risk_score      real NOT NULL,
  PRIMARY KEY (tenant_id, use, asset_id)
);
CREATE INDEX asset_use_by_risk ON asset_use (tenant_id, use, risk_score DESC, asset_id DESC) INCLUDE (facet, environment_id);
CALL protect_tenant_table('asset_use');
GRANT SELECT, INSERT, UPDATE, DELETE ON asset_use TO qv_app;

-- What a profile and the evidence of the last scan say is used. A family stands beside its member: `s:RSA` for
-- `s:RSA-2048`. A server uses RSA key exchange as long as it accepts it, whatever a modern client would get from it.
CREATE FUNCTION asset_uses(profile jsonb, evidence jsonb) RETURNS TABLE (use text)
  LANGUAGE sql IMMUTABLE PARALLEL SAFE SET search_path = qv, pg_temp
  AS $$
    WITH algorithms AS (
      SELECT CASE u ->> 'role' WHEN 'key-establishment' THEN 'k:' WHEN 'signature' THEN 's:' ELSE 'e:' END AS kind,
             left(u ->> 'algorithm', 64) AS name
        FROM jsonb_array_elements(CASE jsonb_typeof(profile -> 'uses') WHEN 'array' THEN profile -> 'uses' ELSE '[]' END) AS u
    ), suites AS (
      SELECT jsonb_array_elements_text(CASE jsonb_typeof(evidence #> '{scan,suites}') WHEN 'array'
                                       THEN evidence #> '{scan,suites}' ELSE '[]' END) AS name
    ), finds AS (
      SELECT jsonb_array_elements(CASE jsonb_typeof(evidence #> '{scan,findings}') WHEN 'array'
                                  THEN evidence #> '{scan,findings}' ELSE '[]' END) ->> 'id' AS id
      UNION ALL
      SELECT jsonb_array_elements(CASE jsonb_typeof(profile -> 'weaknesses') WHEN 'array'
                                  THEN profile -> 'weaknesses' ELSE '[]' END) ->> 'id'
    )
    SELECT kind || name FROM algorithms WHERE name <> ''
    UNION SELECT kind || family FROM algorithms CROSS JOIN LATERAL substring(name FROM '^(RSA|ECDSA|ML-DSA|SLH-DSA|ML-KEM)') AS family
           WHERE family IS NOT NULL
    UNION SELECT 'k:RSA' FROM suites WHERE name ~ '^TLS_RSA_(WITH|EXPORT)'
    UNION SELECT 'f:' || left(id, 64) FROM finds WHERE id <> ''
    UNION SELECT CASE WHEN jsonb_typeof(profile -> 'appliedPolicy') = 'object' THEN 'p:applied' ELSE 'p:none' END
  $$;
GRANT EXECUTE ON FUNCTION asset_uses(jsonb, jsonb) TO qv_app;

CREATE FUNCTION keep_asset_uses() RETURNS trigger LANGUAGE plpgsql SET search_path = qv, pg_temp AS $$
BEGIN
  IF TG_OP = 'UPDATE' THEN
    DELETE FROM asset_use
     WHERE tenant_id = OLD.tenant_id AND asset_id = OLD.id
       AND use = ANY (ARRAY(SELECT u.use FROM asset_uses(OLD.encryption_profile, OLD.evidence) AS u
                            EXCEPT SELECT u.use FROM asset_uses(NEW.encryption_profile, NEW.evidence) AS u));
  END IF;
  INSERT INTO asset_use AS kept (tenant_id, use, asset_id, environment_id, facet, risk_score)
    SELECT NEW.tenant_id, u.use, NEW.id, NEW.environment_id, NEW.facet, NEW.risk_score
      FROM asset_uses(NEW.encryption_profile, NEW.evidence) AS u ORDER BY u.use
    ON CONFLICT (tenant_id, use, asset_id) DO UPDATE SET facet = excluded.facet, risk_score = excluded.risk_score
     WHERE kept.facet <> excluded.facet OR kept.risk_score <> excluded.risk_score;
  RETURN NULL;
END $$;
CREATE TRIGGER keep_uses_of_new AFTER INSERT ON asset FOR EACH ROW EXECUTE FUNCTION keep_asset_uses();
-- What the facet is made of, the risk, and where the uses are read from.
CREATE TRIGGER keep_uses AFTER UPDATE OF encryption_profile, evidence, risk, risk_score, sensitivity, exposure, type, archived_at, ended_as
  ON asset FOR EACH ROW EXECUTE FUNCTION keep_asset_uses();

-- As in 0008: the owner steps out of forced row-level security for the rows that exist already.
ALTER TABLE asset NO FORCE ROW LEVEL SECURITY;
ALTER TABLE asset_use NO FORCE ROW LEVEL SECURITY;
INSERT INTO asset_use (tenant_id, use, asset_id, environment_id, facet, risk_score)
  SELECT a.tenant_id, u.use, a.id, a.environment_id, a.facet, a.risk_score
    FROM asset a CROSS JOIN LATERAL asset_uses(a.encryption_profile, a.evidence) AS u;
ALTER TABLE asset FORCE ROW LEVEL SECURITY;
ALTER TABLE asset_use FORCE ROW LEVEL SECURITY;
