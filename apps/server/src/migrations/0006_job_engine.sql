-- INV-9: kinds of jobs open to addition, claims that find their kind at once, schedules.

-- A release that brings a kind needs no migration. A worker claims the kinds that it has handlers for, and no others.
ALTER TABLE job DROP CONSTRAINT job_kind_check;
ALTER TABLE job ADD CONSTRAINT job_kind_check CHECK (kind ~ '^[a-z][a-z0-9]*(-[a-z0-9]+)*$' AND char_length(kind) <= 64);

-- Each kind is claimed by itself, so a hundred thousand waiting scans are not read to find one protection.
CREATE INDEX job_claim_by_kind ON job (kind, priority DESC, run_at, id) WHERE status = 'pending';
DROP INDEX job_claim;
-- The unique index over the same columns, read backwards, gives the same order; each index costs every job four writes.
DROP INDEX job_listing;

-- Work that comes back by the clock. What is due is what the database's clock says.
CREATE TABLE job_schedule (
  id               uuid PRIMARY KEY,
  tenant_id        uuid NOT NULL REFERENCES organization (id),
  name             text NOT NULL CHECK (char_length(name) BETWEEN 1 AND 200),
  kind             text NOT NULL CHECK (kind ~ '^[a-z][a-z0-9]*(-[a-z0-9]+)*$' AND char_length(kind) <= 64),
  input            jsonb NOT NULL,
  cron             text NOT NULL CHECK (char_length(cron) BETWEEN 1 AND 100),
  time_zone        text NOT NULL CHECK (char_length(time_zone) BETWEEN 1 AND 64),
  priority         smallint NOT NULL DEFAULT 0 CHECK (priority BETWEEN -100 AND 100),
  enabled          boolean NOT NULL DEFAULT true,
  -- Why the engine, and not a user, has stopped it.
  disabled_reason  text CHECK (disabled_reason ~ '^[A-Z][A-Z0-9_]*$' AND char_length(disabled_reason) <= 64),
  next_run_at      timestamptz,
  last_run_at      timestamptz,
  last_job_id      uuid,
  created_by       uuid NOT NULL,
  created_at       timestamptz NOT NULL DEFAULT now(),
  updated_at       timestamptz NOT NULL DEFAULT now(),
  version          integer NOT NULL DEFAULT 1,
  UNIQUE (tenant_id, id),
  UNIQUE (tenant_id, name),
  FOREIGN KEY (tenant_id, last_job_id) REFERENCES job (tenant_id, id),
  CHECK (enabled = (next_run_at IS NOT NULL)),
  CHECK (NOT enabled OR disabled_reason IS NULL)
);
CREATE INDEX job_schedule_due ON job_schedule (next_run_at) WHERE enabled;
CALL protect_tenant_table('job_schedule');
GRANT SELECT, INSERT, UPDATE, DELETE ON job_schedule TO qv_app;

-- A worker looks for what is due over all tenants and sees no content; it fires inside the tenant, as qv_app.
CREATE POLICY due ON job_schedule FOR SELECT TO qv_worker USING (true);
GRANT SELECT (id, tenant_id, enabled, next_run_at) ON job_schedule TO qv_worker;

-- One job for each time that a schedule was due, whatever else happens. The schedule may be deleted; its jobs stay.
ALTER TABLE job ADD COLUMN schedule_id uuid, ADD COLUMN due_at timestamptz;
ALTER TABLE job ADD CONSTRAINT job_due_check CHECK ((schedule_id IS NULL) = (due_at IS NULL));
CREATE UNIQUE INDEX job_due_once ON job (tenant_id, schedule_id, due_at) WHERE schedule_id IS NOT NULL;
