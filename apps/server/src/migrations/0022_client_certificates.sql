-- ACC-2: certificates of clients that stand for a service account or a device.

CREATE TABLE client_certificate (
  id            uuid PRIMARY KEY,
  tenant_id     uuid NOT NULL REFERENCES organization (id),
  subject_id    uuid NOT NULL,
  -- 'certificate': this one; 'names': every one with these names of issuer and subject, so that it may be renewed.
  match         text NOT NULL CHECK (match IN ('certificate', 'names')),
  -- SHA-256 of the certificate, or of both names, as they are encoded.
  digest        bytea NOT NULL CHECK (octet_length(digest) = 32),
  subject_name  text NOT NULL CHECK (char_length(subject_name) <= 2000),
  issuer_name   text NOT NULL CHECK (char_length(issuer_name) <= 2000),
  not_after     timestamptz NOT NULL,
  -- What whoever bound it held for good: the private key may be in the same hands.
  permissions   text[] NOT NULL,
  created_by    uuid NOT NULL,
  created_at    timestamptz NOT NULL DEFAULT now(),
  revoked_at    timestamptz,
  FOREIGN KEY (tenant_id, subject_id) REFERENCES subject (tenant_id, id)
);
-- Within an organization alone: a client says which one it means, so that none can take the certificates of another.
CREATE UNIQUE INDEX client_certificate_live ON client_certificate (tenant_id, digest) WHERE revoked_at IS NULL;
CREATE INDEX client_certificate_of_subject ON client_certificate (tenant_id, subject_id, id);

CALL protect_tenant_table('client_certificate');
GRANT SELECT, INSERT, UPDATE (revoked_at) ON client_certificate TO qv_app;

CREATE POLICY lookup_by_function ON client_certificate FOR SELECT TO qv_owner USING (true);
CREATE FUNCTION auth_find_client_certificate(wanted_tenant uuid, certificate_digest bytea, names_digest bytea)
  RETURNS TABLE (id uuid, subject_id uuid, subject_kind text, usable boolean, access_version bigint, permissions text[])
  LANGUAGE sql STABLE SECURITY DEFINER SET search_path = qv, pg_temp
  AS $$
    SELECT c.id, c.subject_id, s.kind, s.status = 'active', v.version, c.permissions
      FROM client_certificate c
      JOIN subject s ON s.tenant_id = c.tenant_id AND s.id = c.subject_id
      JOIN access_version v ON v.tenant_id = c.tenant_id
     WHERE c.tenant_id = wanted_tenant AND c.revoked_at IS NULL
       AND ((c.match = 'certificate' AND c.digest = certificate_digest) OR (c.match = 'names' AND c.digest = names_digest))
     -- The certificate itself says more than its names.
     ORDER BY c.match LIMIT 1
  $$;
REVOKE ALL ON FUNCTION auth_find_client_certificate(uuid, bytea, bytea) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION auth_find_client_certificate(uuid, bytea, bytea) TO qv_auth;
