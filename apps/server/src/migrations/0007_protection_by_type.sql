-- INV-9: signing keys and certificates as results of protection, certificates that authorities issued, and undoing.

ALTER TABLE protection_artifact DROP CONSTRAINT protection_artifact_kind_check;
ALTER TABLE protection_artifact ADD CONSTRAINT protection_artifact_kind_check
  CHECK (kind IN ('data-key', 'tls-bundle', 'jwks', 'certificate'));

ALTER TABLE asset_key DROP CONSTRAINT asset_key_purpose_check;
ALTER TABLE asset_key ADD CONSTRAINT asset_key_purpose_check
  CHECK (purpose IN ('recipient', 'data-key', 'tls-server', 'token-signing', 'certificate'));

-- When its secret first left, or first signed something: from then on something may depend on it. What was made before
-- this migration counts as handed out, since nobody has kept count.
ALTER TABLE protection_artifact ADD COLUMN handed_out_at timestamptz DEFAULT now();
ALTER TABLE protection_artifact ALTER COLUMN handed_out_at DROP DEFAULT;
-- Undone: it is no longer the current one. Its keys stay; destroying keys is another matter, with delay and quorum.
ALTER TABLE protection_artifact ADD COLUMN withdrawn_at timestamptz;
-- The asset's profile before the job (the JSON null: it had none), which undoing restores.
ALTER TABLE protection_artifact ADD COLUMN former_profile jsonb;
GRANT UPDATE (handed_out_at, withdrawn_at) ON protection_artifact TO qv_app;

-- What an authority answered to the certificate request of an artefact. The newest is served, all stay readable.
CREATE TABLE issued_certificate (
  id            uuid PRIMARY KEY,
  tenant_id     uuid NOT NULL,
  artifact_id   uuid NOT NULL,
  chain_pem     text NOT NULL CHECK (char_length(chain_pem) BETWEEN 1 AND 200000),
  sha256        text NOT NULL CHECK (sha256 ~ '^[0-9a-f]{64}$'),
  not_before    timestamptz NOT NULL,
  not_after     timestamptz NOT NULL,
  created_by    uuid NOT NULL,
  created_at    timestamptz NOT NULL DEFAULT now(),
  FOREIGN KEY (tenant_id, artifact_id) REFERENCES protection_artifact (tenant_id, id)
);
CREATE INDEX issued_certificate_artifact ON issued_certificate (tenant_id, artifact_id, id DESC);
CALL protect_tenant_table('issued_certificate');
GRANT SELECT, INSERT ON issued_certificate TO qv_app;
