-- INV-1 assets, INV-8 protection policies, INV-9 jobs and what they make.

CREATE TABLE asset (
  id                   uuid PRIMARY KEY,
  tenant_id            uuid NOT NULL REFERENCES organization (id),
  environment_id       uuid NOT NULL,
  name                 text NOT NULL CHECK (char_length(name) BETWEEN 1 AND 200),
  type                 text NOT NULL CHECK (type IN ('tls-endpoint', 'certificate', 'data-store', 'key-material', 'api-endpoint',
                                                     'ssh-endpoint', 'library', 'source-usage', 'token-issuer')),
  endpoint             text NOT NULL CHECK (char_length(endpoint) BETWEEN 1 AND 1000),
  owner                text CHECK (char_length(owner) BETWEEN 1 AND 200),
  sensitivity          text NOT NULL CHECK (sensitivity IN ('public', 'internal', 'confidential', 'restricted', 'top-secret')),
  exposure             text NOT NULL CHECK (exposure IN ('internal', 'partner', 'internet')),
  data_lifetime_years  integer NOT NULL CHECK (data_lifetime_years BETWEEN 0 AND 100),
  tags                 text[] NOT NULL DEFAULT '{}',
  encryption_profile   jsonb NOT NULL,
  evidence             jsonb,
  risk                 jsonb NOT NULL,
  risk_score           real NOT NULL CHECK (risk_score >= 0),
  first_seen_at        timestamptz NOT NULL DEFAULT now(),
  last_seen_at         timestamptz NOT NULL DEFAULT now(),
  archived_at          timestamptz,
  version              integer NOT NULL DEFAULT 1,
  UNIQUE (tenant_id, id),
  FOREIGN KEY (tenant_id, environment_id) REFERENCES environment (tenant_id, id)
);
-- The stable identity by which scans find an asset again.
CREATE UNIQUE INDEX asset_identity ON asset (tenant_id, environment_id, type, endpoint) WHERE archived_at IS NULL;
CREATE INDEX asset_listing ON asset (tenant_id, id DESC) WHERE archived_at IS NULL;
CREATE INDEX asset_by_type ON asset (tenant_id, type, id DESC) WHERE archived_at IS NULL;
CREATE INDEX asset_by_risk ON asset (tenant_id, risk_score DESC, id DESC) WHERE archived_at IS NULL;
CALL protect_tenant_table('asset');

CREATE TABLE protection_policy (
  id           uuid PRIMARY KEY,
  tenant_id    uuid NOT NULL REFERENCES organization (id),
  name         text NOT NULL CHECK (char_length(name) BETWEEN 1 AND 200),
  built_in     boolean NOT NULL DEFAULT false,
  version      integer NOT NULL DEFAULT 1,
  created_at   timestamptz NOT NULL DEFAULT now(),
  updated_at   timestamptz NOT NULL DEFAULT now(),
  UNIQUE (tenant_id, id),
  UNIQUE (tenant_id, name)
);
CALL protect_tenant_table('protection_policy');

-- Every version stays readable: a job names the version that it applied.
CREATE TABLE protection_policy_version (
  tenant_id   uuid NOT NULL,
  policy_id   uuid NOT NULL,
  version     integer NOT NULL CHECK (version >= 1),
  spec        jsonb NOT NULL,
  created_by  uuid NOT NULL,
  created_at  timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (tenant_id, policy_id, version),
  FOREIGN KEY (tenant_id, policy_id) REFERENCES protection_policy (tenant_id, id)
);
CALL protect_tenant_table('protection_policy_version');

-- All background work (05-stack): claimed with SKIP LOCKED, leased by the database clock, fenced by the lease token.
CREATE TABLE job (
  id              uuid PRIMARY KEY,
  tenant_id       uuid NOT NULL REFERENCES organization (id),
  kind            text NOT NULL CHECK (kind IN ('protect-asset', 'scan-tls')),
  status          text NOT NULL DEFAULT 'pending' CHECK (status IN ('pending', 'running', 'succeeded', 'failed', 'cancelled')),
  asset_id        uuid,
  policy_id       uuid,
  policy_version  integer,
  input           jsonb NOT NULL,
  result          jsonb,
  requested_by    uuid NOT NULL,
  priority        smallint NOT NULL DEFAULT 0 CHECK (priority BETWEEN -100 AND 100),
  run_at          timestamptz NOT NULL DEFAULT now(),
  attempts        integer NOT NULL DEFAULT 0,
  attempts_max    integer NOT NULL DEFAULT 5 CHECK (attempts_max BETWEEN 1 AND 20),
  progress        smallint NOT NULL DEFAULT 0 CHECK (progress BETWEEN 0 AND 100),
  lease_token     uuid,
  lease_until     timestamptz,
  cancel_requested_at timestamptz,
  error_code      text,
  error_message   text,
  created_at      timestamptz NOT NULL DEFAULT now(),
  started_at      timestamptz,
  finished_at     timestamptz,
  UNIQUE (tenant_id, id),
  FOREIGN KEY (tenant_id, asset_id) REFERENCES asset (tenant_id, id),
  CHECK ((status = 'running') = (lease_token IS NOT NULL)),
  CHECK ((status IN ('succeeded', 'failed', 'cancelled')) = (finished_at IS NOT NULL))
);
CREATE INDEX job_claim ON job (priority DESC, run_at, id) WHERE status = 'pending';
CREATE INDEX job_expired ON job (lease_until) WHERE status = 'running';
CREATE INDEX job_listing ON job (tenant_id, id DESC);
CREATE INDEX job_by_status ON job (tenant_id, status, id DESC);
CREATE INDEX job_by_asset ON job (tenant_id, asset_id, id DESC);
CALL protect_tenant_table('job');

-- A worker claims ids across tenants and sees no content: column privileges, and a policy of its own.
CREATE POLICY claim ON job TO qv_worker USING (true);
GRANT SELECT (id, tenant_id, kind, status, priority, run_at, attempts, attempts_max, lease_token, lease_until, cancel_requested_at) ON job TO qv_worker;
GRANT UPDATE (status, attempts, lease_token, lease_until, run_at) ON job TO qv_worker;

CREATE FUNCTION notify_job() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM pg_notify('qv_job', '');
  RETURN NULL;
END $$;
CREATE TRIGGER notify_job AFTER INSERT ON job FOR EACH STATEMENT EXECUTE FUNCTION notify_job();

-- What a protection job made: exactly one per job, and its keys, wrapped, with the suite of each wrap (CRY-9).
CREATE TABLE protection_artifact (
  id              uuid PRIMARY KEY,
  tenant_id       uuid NOT NULL,
  job_id          uuid NOT NULL UNIQUE,
  asset_id        uuid NOT NULL,
  policy_id       uuid NOT NULL,
  policy_version  integer NOT NULL,
  kind            text NOT NULL CHECK (kind IN ('data-key', 'tls-bundle')),
  content         jsonb NOT NULL,
  created_at      timestamptz NOT NULL DEFAULT now(),
  UNIQUE (tenant_id, id),
  FOREIGN KEY (tenant_id, job_id) REFERENCES job (tenant_id, id),
  FOREIGN KEY (tenant_id, asset_id) REFERENCES asset (tenant_id, id)
);
CREATE INDEX protection_artifact_asset ON protection_artifact (tenant_id, asset_id, id DESC);
CALL protect_tenant_table('protection_artifact');

CREATE TABLE asset_key (
  id           uuid PRIMARY KEY,
  tenant_id    uuid NOT NULL,
  asset_id     uuid NOT NULL,
  artifact_id  uuid NOT NULL,
  purpose      text NOT NULL CHECK (purpose IN ('recipient', 'data-key', 'tls-server')),
  algorithm    text NOT NULL,
  public_key   bytea,
  wrap_suite   text NOT NULL,
  wrapped      bytea NOT NULL,
  kek_version  integer,
  created_at   timestamptz NOT NULL DEFAULT now(),
  FOREIGN KEY (tenant_id, asset_id) REFERENCES asset (tenant_id, id),
  FOREIGN KEY (tenant_id, artifact_id) REFERENCES protection_artifact (tenant_id, id)
);
CREATE INDEX asset_key_artifact ON asset_key (tenant_id, artifact_id);
CALL protect_tenant_table('asset_key');

GRANT SELECT, INSERT, UPDATE ON asset, protection_policy, job TO qv_app;
GRANT SELECT, INSERT ON protection_policy_version, protection_artifact, asset_key TO qv_app;
GRANT DELETE ON protection_policy, protection_policy_version TO qv_app;
