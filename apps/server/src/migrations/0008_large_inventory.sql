-- INV-12 listings over a million assets, INV-5 scan runs and findings, INV-1 merged and withdrawn entries.

-- Why an asset has left the inventory; NULL beside archived_at: it was archived.
ALTER TABLE asset
  ADD COLUMN ended_as text CHECK (ended_as IN ('merged', 'withdrawn')),
  ADD COLUMN end_reason text CHECK (char_length(end_reason) BETWEEN 1 AND 1000),
  ADD COLUMN merged_into uuid,
  -- Since when scans find nothing where it was; NULL while it answers.
  ADD COLUMN gone_since timestamptz,
  ADD CONSTRAINT asset_end_check CHECK (ended_as IS NULL OR archived_at IS NOT NULL),
  ADD CONSTRAINT asset_merge_check CHECK ((ended_as IS NOT DISTINCT FROM 'merged') = (merged_into IS NOT NULL)),
  ADD CONSTRAINT asset_merge_fkey FOREIGN KEY (tenant_id, merged_into) REFERENCES asset (tenant_id, id);

-- All small enumerations of an asset as one number, so that any filter over them is a set of numbers, and one index per
-- order serves every combination (docs/design/listings.md). asset-facets.ts computes the same number.
ALTER TABLE asset ADD COLUMN facet smallint NOT NULL GENERATED ALWAYS AS ((
  (((array_position(ARRAY['tls-endpoint', 'certificate', 'data-store', 'key-material', 'api-endpoint', 'ssh-endpoint', 'library',
                          'source-usage', 'token-issuer'], type) - 1) * 5
    + array_position(ARRAY['public', 'internal', 'confidential', 'restricted', 'top-secret'], sensitivity) - 1) * 3
    + array_position(ARRAY['internal', 'partner', 'internet'], exposure) - 1) * 16
  + coalesce(array_position(ARRAY['low', 'moderate', 'high', 'critical'], risk ->> 'band') - 1, 0) * 4
  + CASE WHEN archived_at IS NULL THEN 0 WHEN ended_as IS NULL THEN 1 WHEN ended_as = 'merged' THEN 2 ELSE 3 END)::smallint) STORED;

CREATE INDEX asset_by_facet ON asset (tenant_id, facet, id DESC);
CREATE INDEX asset_by_facet_risk ON asset (tenant_id, facet, risk_score DESC, id DESC);
CREATE INDEX asset_by_environment ON asset (tenant_id, environment_id, facet, id DESC);
CREATE INDEX asset_by_environment_risk ON asset (tenant_id, environment_id, facet, risk_score DESC, id DESC);
CREATE INDEX asset_by_owner ON asset (tenant_id, owner, facet, id DESC) INCLUDE (environment_id) WHERE owner IS NOT NULL;
CREATE INDEX asset_by_owner_risk ON asset (tenant_id, owner, facet, risk_score DESC, id DESC) INCLUDE (environment_id)
  WHERE owner IS NOT NULL;
CREATE INDEX asset_all_by_risk ON asset (tenant_id, risk_score DESC, id DESC);
DROP INDEX asset_by_type;

-- Words of name and endpoint, and tags, as rows: under row-level security an index is used for leakproof operators alone,
-- which comparisons of text are and LIKE, trigrams and array operators are not. No foreign key: the trigger owns the rows.
CREATE TABLE asset_term (
  tenant_id  uuid NOT NULL,
  term       text COLLATE "C" NOT NULL CHECK (char_length(term) BETWEEN 3 AND 102),
  asset_id   uuid NOT NULL,
  PRIMARY KEY (tenant_id, term, asset_id)
);
CREATE INDEX asset_term_of_asset ON asset_term (tenant_id, asset_id);
CALL protect_tenant_table('asset_term');
GRANT SELECT, INSERT, DELETE ON asset_term TO qv_app;

-- The words of a text, first ones first. Listings split what they search for by the same function.
CREATE FUNCTION search_words(source text) RETURNS TABLE (word text)
  LANGUAGE sql IMMUTABLE PARALLEL SAFE
  AS $$
    SELECT left(part, 64) FROM regexp_split_to_table(lower(source), '[^[:alnum:]]+') WITH ORDINALITY AS split (part, place)
     WHERE part <> '' GROUP BY left(part, 64) ORDER BY min(place) LIMIT 64
  $$;
GRANT EXECUTE ON FUNCTION search_words(text) TO qv_app;

CREATE FUNCTION asset_terms(name text, endpoint text, tags text[]) RETURNS TABLE (term text)
  LANGUAGE sql IMMUTABLE PARALLEL SAFE SET search_path = qv, pg_temp
  AS $$
    SELECT 'w:' || word FROM search_words(name || ' ' || endpoint)
    UNION SELECT 't:' || left(tag, 100) FROM unnest(tags) AS tag WHERE tag <> ''
  $$;
GRANT EXECUTE ON FUNCTION asset_terms(text, text, text[]) TO qv_app;

CREATE FUNCTION keep_asset_terms() RETURNS trigger LANGUAGE plpgsql SET search_path = qv, pg_temp AS $$
BEGIN
  IF TG_OP = 'UPDATE' THEN
    DELETE FROM asset_term WHERE tenant_id = OLD.tenant_id AND asset_id = OLD.id;
  END IF;
  INSERT INTO asset_term (tenant_id, term, asset_id)
    SELECT NEW.tenant_id, t.term, NEW.id FROM asset_terms(NEW.name, NEW.endpoint, NEW.tags) AS t;
  RETURN NULL;
END $$;
CREATE TRIGGER keep_terms_of_new AFTER INSERT ON asset FOR EACH ROW EXECUTE FUNCTION keep_asset_terms();
CREATE TRIGGER keep_terms AFTER UPDATE OF name, endpoint, tags ON asset FOR EACH ROW
  WHEN (OLD.name <> NEW.name OR OLD.endpoint <> NEW.endpoint OR OLD.tags <> NEW.tags) EXECUTE FUNCTION keep_asset_terms();

-- The owner is bound by forced row-level security too; it steps out of it for the rows that exist already, under the
-- exclusive lock of this transaction.
ALTER TABLE asset NO FORCE ROW LEVEL SECURITY;
ALTER TABLE asset_term NO FORCE ROW LEVEL SECURITY;
INSERT INTO asset_term (tenant_id, term, asset_id)
  SELECT a.tenant_id, t.term, a.id FROM asset a CROSS JOIN LATERAL asset_terms(a.name, a.endpoint, a.tags) AS t;
ALTER TABLE asset FORCE ROW LEVEL SECURITY;
ALTER TABLE asset_term FORCE ROW LEVEL SECURITY;

-- INV-5: what a scan observed at an asset and what was decided about it. One row per rule for the life of the asset.
CREATE TABLE asset_finding (
  id               uuid PRIMARY KEY,
  tenant_id        uuid NOT NULL,
  asset_id         uuid NOT NULL,
  -- An asset never changes its environment.
  environment_id   uuid NOT NULL,
  rule             text COLLATE "C" NOT NULL CHECK (rule ~ '^[a-z0-9]+(-[a-z0-9]+)*$' AND char_length(rule) <= 64),
  severity         text NOT NULL CHECK (severity IN ('info', 'low', 'medium', 'high', 'critical')),
  message          text NOT NULL CHECK (char_length(message) <= 5000),
  evidence         text CHECK (char_length(evidence) <= 5000),
  remedy           text NOT NULL CHECK (char_length(remedy) <= 1000),
  first_seen_at    timestamptz NOT NULL DEFAULT now(),
  last_seen_at     timestamptz NOT NULL DEFAULT now(),
  gone_at          timestamptz,
  accepted_at      timestamptz,
  accepted_by      uuid,
  accepted_reason  text CHECK (char_length(accepted_reason) BETWEEN 1 AND 1000),
  accepted_until   timestamptz,
  facet            smallint NOT NULL GENERATED ALWAYS AS ((
    (array_position(ARRAY['info', 'low', 'medium', 'high', 'critical'], severity) - 1) * 3
    + CASE WHEN gone_at IS NOT NULL THEN 2 WHEN accepted_until IS NOT NULL THEN 1 ELSE 0 END)::smallint) STORED,
  UNIQUE (tenant_id, asset_id, rule),
  FOREIGN KEY (tenant_id, asset_id) REFERENCES asset (tenant_id, id),
  CHECK ((accepted_until IS NULL) = (accepted_at IS NULL)),
  CHECK ((accepted_until IS NULL) = (accepted_by IS NULL)),
  CHECK ((accepted_until IS NULL) = (accepted_reason IS NULL))
);
CREATE INDEX asset_finding_by_facet ON asset_finding (tenant_id, facet, id DESC) INCLUDE (environment_id);
CREATE INDEX asset_finding_by_rule ON asset_finding (tenant_id, rule, facet, id DESC) INCLUDE (environment_id);
CREATE INDEX asset_finding_by_environment ON asset_finding (tenant_id, environment_id, facet, id DESC);
CALL protect_tenant_table('asset_finding');
GRANT SELECT, INSERT, UPDATE ON asset_finding TO qv_app;

-- INV-5: one scan with all jobs that worked on it: the first, whose id is the scan's, and those that resumed it.
CREATE TABLE scan_run (
  id                   uuid PRIMARY KEY,
  tenant_id            uuid NOT NULL REFERENCES organization (id),
  job_id               uuid NOT NULL,
  -- A name that somebody gave or a hash of the targets: runs of one scope are compared with each other.
  scope                text COLLATE "C" NOT NULL CHECK (char_length(scope) BETWEEN 1 AND 200),
  previous_id          uuid,
  environment_id       uuid NOT NULL,
  sensitivity          text NOT NULL CHECK (sensitivity IN ('public', 'internal', 'confidential', 'restricted', 'top-secret')),
  exposure             text NOT NULL CHECK (exposure IN ('internal', 'partner', 'internet')),
  data_lifetime_years  integer NOT NULL CHECK (data_lifetime_years BETWEEN 0 AND 100),
  profile              text NOT NULL CHECK (profile IN ('quick', 'full')),
  targets              integer NOT NULL CHECK (targets BETWEEN 1 AND 65536),
  requested_by         uuid NOT NULL,
  created_at           timestamptz NOT NULL DEFAULT now(),
  finished_at          timestamptz,
  UNIQUE (tenant_id, id),
  FOREIGN KEY (tenant_id, job_id) REFERENCES job (tenant_id, id),
  FOREIGN KEY (tenant_id, previous_id) REFERENCES scan_run (tenant_id, id),
  FOREIGN KEY (tenant_id, environment_id) REFERENCES environment (tenant_id, id)
);
CREATE INDEX scan_run_by_scope ON scan_run (tenant_id, environment_id, scope, profile, id DESC);
CALL protect_tenant_table('scan_run');
GRANT SELECT, INSERT, UPDATE ON scan_run TO qv_app;

CREATE TABLE scan_target (
  tenant_id    uuid NOT NULL,
  scan_id      uuid NOT NULL,
  seq          integer NOT NULL CHECK (seq >= 0),
  target       text COLLATE "C" NOT NULL CHECK (char_length(target) BETWEEN 1 AND 300),
  status       text NOT NULL DEFAULT 'pending' CHECK (status IN ('pending', 'answered', 'unreachable', 'refused')),
  -- Against the run before, or against what was known of the asset when there is none.
  change       text CHECK (change IN ('new', 'changed', 'same', 'gone', 'absent')),
  changed      text[] NOT NULL DEFAULT '{}',
  error        text CHECK (char_length(error) <= 64),
  -- What the comparison of two runs looks at.
  facts        jsonb,
  asset_id     uuid,
  recorded_at  timestamptz,
  PRIMARY KEY (tenant_id, scan_id, seq),
  UNIQUE (tenant_id, scan_id, target),
  FOREIGN KEY (tenant_id, scan_id) REFERENCES scan_run (tenant_id, id),
  CHECK ((status = 'pending') = (recorded_at IS NULL))
);
CREATE INDEX scan_target_pending ON scan_target (tenant_id, scan_id, seq) WHERE status = 'pending';
CREATE INDEX scan_target_by_change ON scan_target (tenant_id, scan_id, change, seq) WHERE change IS NOT NULL;
CREATE INDEX scan_target_of_asset ON scan_target (tenant_id, asset_id, scan_id DESC) WHERE asset_id IS NOT NULL;
CALL protect_tenant_table('scan_target');
GRANT SELECT, INSERT, UPDATE ON scan_target TO qv_app;

-- Any filter over kind and status of jobs is a set of pairs; one index takes the place of the one by status alone.
CREATE INDEX job_by_kind ON job (tenant_id, kind, status, id DESC);
DROP INDEX job_by_status;
