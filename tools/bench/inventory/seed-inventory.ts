/**
 * Fills a database with an organization's large inventory, in SQL: a million assets in about two minutes. The spread is
 * meant to be unkind: kinds that never meet, a tag that only the oldest assets have, owners of very unequal size.
 *
 * Needs a superuser's connection (`search_path = qv`): triggers are left out and the terms made in one statement.
 */
import type pg from 'pg';

export interface SeedOptions {
  readonly tenantId: string;
  /** Two or more. */
  readonly environmentIds: readonly string[];
  readonly assets: number;
  /** Also so many jobs and findings; none when left out. */
  readonly jobs?: number;
  readonly findings?: number;
}

/** A stored scan of usual size; what listings return and have to read. */
const scan = {
  host: 'shop.example.org',
  port: 443,
  reachable: true,
  versions: ['TLSv1.2', 'TLSv1.3'],
  suites: ['TLS_AES_256_GCM_SHA384', 'TLS_AES_128_GCM_SHA256', 'TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384'],
  groups: ['x25519', 'secp256r1', 'secp384r1'],
  preference: 'server',
  chain: [0, 1].map((depth) => ({
    subject: `CN=${depth === 0 ? 'shop.example.org' : 'Example Issuing CA'},O=Example`,
    issuer: 'CN=Example Issuing CA,O=Example',
    keyAlgorithm: 'ECDSA-P256',
    signatureAlgorithm: 'ECDSA-P256-SHA256',
    notBefore: '2026-01-01T00:00:00Z',
    notAfter: '2027-01-01T00:00:00Z',
    fingerprint256: String(depth).repeat(64),
    keyBits: null,
    securityBits: 128,
    quantumVulnerable: true,
  })),
  findings: ['tls-no-pq-group', 'certificate-quantum-vulnerable'].map((id) => ({
    id,
    severity: 'high',
    message: 'No group with ML-KEM is offered: what is recorded today can be read once a quantum computer exists.',
    remedy: 'Enable X25519MLKEM768 in front of the classical groups.',
  })),
  error: null,
  provenGroup: 'x25519',
  unresolved: [],
};
const evidence = { source: 'server-scan', observedAt: '2026-11-01T00:00:00.000Z', scan };
const profile = {
  source: 'scan',
  observedAt: '2026-11-01T00:00:00.000Z',
  uses: [
    { role: 'key-establishment', algorithm: 'x25519' },
    { role: 'signature', algorithm: 'ECDSA-P256' },
    { role: 'encryption', algorithm: 'AES-256-GCM' },
  ],
  weaknesses: [],
};
const appliedPolicy = {
  policyId: '01920000-0000-7000-8000-00000000b001',
  policyVersion: 1,
  jobId: '01920000-0000-7000-8000-00000000b002',
};
const risk = {
  impact: 52.5,
  exploitability: { now: 0.02, quantum: 1, combined: 1 },
  agilityFactor: 0.85,
  mosca: {
    dataLifetimeYears: 5,
    migrationYears: 3,
    quantumHorizonYears: 8,
    marginYears: 0,
    verdict: 'tight',
    because: '3 years of migration and 5 of secrecy against a horizon of 8',
  },
  harvestNowDecryptLater: { isExposed: true, because: 'x25519 can be recorded now' },
  weaknesses: [],
  explanation: ['impact', 'exploitability now', 'exploitability', 'agility', 'score'].map((factor) => ({
    factor,
    value: 1,
    because: 'a sentence of usual length that says where the number comes from',
  })),
};

/** UUID version 7 of row `i`: ids rise with it, one a millisecond. */
const idOf = (
  salt: string,
): string => `(lpad(to_hex(1763000000000 + i), 12, '0') || '7' || substr(md5(i || '${salt}'), 1, 3) || '8' ||
  substr(md5(i || '${salt}x'), 1, 15))::uuid`;
/** An evenly spread number below `bound` from a row's number. */
const spread = (salt: string, bound: number): string => `abs(hashint8extended(i, ${salt.length * 7919})) % ${bound}`;

const assetsSql = `
INSERT INTO asset (id, tenant_id, environment_id, name, type, endpoint, owner, sensitivity, exposure, data_lifetime_years, tags,
                   encryption_profile, evidence, risk, risk_score, first_seen_at, last_seen_at, archived_at, readiness, certificate_ends_at)
SELECT id, $1, ($2::uuid[])[1 + CASE WHEN e < 60 THEN 0 WHEN e < 90 OR cardinality($2::uuid[]) < 3 THEN 1 ELSE 2 END],
       word || ' ' || i, type, CASE WHEN type = 'tls-endpoint' THEN word || '-' || i || '.example.org:443' ELSE type || '://' || word || '/' || i END,
       CASE WHEN o < 20 THEN NULL WHEN o < 60 THEN 'team-' || (o % 3) ELSE 'team-' || (i % 400) END,
       CASE WHEN type = 'library' OR s < 15 THEN 'public' WHEN s < 60 THEN 'internal' WHEN s < 88 THEN 'confidential' WHEN s < 98 THEN 'restricted' ELSE 'top-secret' END,
       CASE WHEN x < 70 THEN 'internal' WHEN x < 80 THEN 'partner' ELSE 'internet' END, 5,
       array_remove(ARRAY[CASE WHEN i % 10 = 0 THEN 'pci' END, CASE WHEN i % 3 = 0 THEN 'eu' END, CASE WHEN i < $3 / 20 THEN 'legacy' END,
                          CASE WHEN i % 10007 = 0 THEN 'rare' END, CASE WHEN type = 'library' THEN 'open-source' END], NULL),
       jsonb_set($4::jsonb, '{uses,0,algorithm}', to_jsonb(exchange)) || CASE WHEN i % 25 = 3 THEN $7::jsonb ELSE '{}' END,
       CASE WHEN type = 'tls-endpoint' THEN $5::jsonb END,
       $6::jsonb || jsonb_build_object('score', score, 'band', CASE WHEN score >= 70 THEN 'critical' WHEN score >= 45 THEN 'high' WHEN score >= 20 THEN 'moderate' ELSE 'low' END),
       score, now(), now(), CASE WHEN i % 50 = 7 THEN now() END,
       CASE WHEN i % 50 = 1 THEN 'safe' WHEN i % 30 = 2 THEN 'unknown' WHEN i % 5 = 0 THEN 'partial' ELSE 'vulnerable' END,
       CASE WHEN type = 'tls-endpoint' THEN now() + make_interval(days => (i % 400)::int - 30) END
  FROM (SELECT i, ${idOf('asset')} AS id, ${spread('s', 100)} AS s, ${spread('xx', 100)} AS x, ${spread('eee', 100)} AS e, ${spread('oooo', 100)} AS o,
               CASE WHEN i % 10007 = 5 THEN 'ffdhe2048' WHEN i % 7 = 0 THEN 'RSAES-PKCS1-v1_5' WHEN i % 5 = 0 THEN 'X25519MLKEM768' ELSE 'x25519' END AS exchange,
               round(least(100, 100 * power((${spread('score', 10_000)}) / 10000.0, 2)), 1)::real AS score,
               (ARRAY['payments', 'orders', 'mail', 'search', 'login', 'ledger', 'catalog', 'reports'])[1 + ${spread('words!', 8)}] AS word,
               (ARRAY['tls-endpoint', 'tls-endpoint', 'tls-endpoint', 'tls-endpoint', 'tls-endpoint', 'certificate', 'certificate', 'library', 'data-store',
                      CASE ${spread('kinds!!', 20)} WHEN 0 THEN 'token-issuer' WHEN 1 THEN 'ssh-endpoint' WHEN 2 THEN 'key-material' WHEN 3 THEN 'api-endpoint' ELSE 'source-usage' END
                     ])[1 + ${spread('kind', 10)}] AS type
          FROM generate_series($8::bigint, $9::bigint) AS i) AS made`;

const jobsSql = `
INSERT INTO job (id, tenant_id, kind, status, asset_id, input, result, requested_by, attempts, created_at, started_at, finished_at)
SELECT ${idOf('job')}, $1, CASE WHEN i % 1000 = 0 THEN 'undo-protection' WHEN i % 9 = 0 THEN 'scan-tls' ELSE 'protect-asset' END,
       CASE i % 40 WHEN 0 THEN 'failed' WHEN 1 THEN 'cancelled' ELSE 'succeeded' END,
       CASE WHEN i % 9 <> 0 THEN (SELECT a.id FROM asset a WHERE a.tenant_id = $1 AND a.id >= ${idOf('none')} ORDER BY a.id LIMIT 1) END,
       '{}', NULL, gen_random_uuid(), 1, now(), now(), now()
  FROM generate_series(1, $2::bigint) AS i`;

const findingsSql = `
INSERT INTO asset_finding (id, tenant_id, asset_id, environment_id, rule, severity, message, remedy, gone_at, accepted_at, accepted_by, accepted_reason, accepted_until)
SELECT ${idOf('finding')}, $1, a.id, a.environment_id, rule, CASE WHEN rule = 'tls-sslv3' THEN 'critical' WHEN rule = 'tls-old-version' THEN 'high' ELSE 'medium' END,
       'What was seen, in a sentence of usual length.', 'What to do about it.', CASE WHEN i % 11 = 0 THEN now() END,
       CASE WHEN i % 500 = 1 THEN now() END, CASE WHEN i % 500 = 1 THEN gen_random_uuid() END, CASE WHEN i % 500 = 1 THEN 'Known' END,
       CASE WHEN i % 500 = 1 THEN now() + interval '30 days' END
  FROM (SELECT a.id, a.environment_id, row_number() OVER () AS i FROM asset a WHERE a.tenant_id = $1 AND a.type = 'tls-endpoint' LIMIT $2) AS a
 CROSS JOIN LATERAL (SELECT CASE WHEN i % 997 = 0 THEN 'tls-sslv3' WHEN i % 5 = 0 THEN 'tls-old-version' ELSE 'certificate-expires-soon' END AS rule) AS r`;

const batchRows = 50_000;

/** Adds the rows; call `settle` when all organizations are in. */
export async function seedInventory(client: pg.Client, options: SeedOptions): Promise<void> {
  const { tenantId, environmentIds, assets, jobs = 0, findings = 0 } = options;
  await client.query('SET session_replication_role = replica');
  for (let from = 1; from <= assets; from += batchRows) {
    const to = Math.min(assets, from + batchRows - 1);
    const json = [profile, evidence, risk, { appliedPolicy }].map((value) => JSON.stringify(value));
    await client.query(assetsSql, [tenantId, environmentIds, assets, ...json, from, to]);
  }
  await client.query(
    `INSERT INTO asset_term SELECT a.tenant_id, t.term, a.id FROM asset a
      CROSS JOIN LATERAL asset_terms(a.name, a.endpoint, a.tags) AS t WHERE a.tenant_id = $1`,
    [tenantId],
  );
  await client.query(
    `INSERT INTO asset_use SELECT a.tenant_id, u.use, a.id, a.environment_id, a.facet, a.risk_score FROM asset a
      CROSS JOIN LATERAL (SELECT use FROM asset_uses(a.encryption_profile, a.evidence) UNION SELECT 'q:' || a.readiness) AS u
      WHERE a.tenant_id = $1`,
    [tenantId],
  );
  // As if they had come over three months.
  await client.query(
    `INSERT INTO asset_tally (tenant_id, environment_id, day, band, readiness, change)
     SELECT tenant_id, environment_id, (now() AT TIME ZONE 'UTC')::date - abs(hashtext(id::text)) % 90, (facet / 4) % 4, readiness, count(*)
       FROM asset WHERE tenant_id = $1 AND archived_at IS NULL GROUP BY 1, 2, 3, 4, 5`,
    [tenantId],
  );
  if (jobs > 0) await client.query(jobsSql, [tenantId, jobs]);
  if (findings > 0) await client.query(findingsSql, [tenantId, findings]);
  await client.query('SET session_replication_role = origin');
}

/** What autovacuum does by itself a little later: statistics, and pages marked as visible to all. */
export async function settle(client: pg.Client): Promise<void> {
  for (const table of ['asset', 'asset_term', 'asset_use', 'asset_tally', 'asset_finding', 'job'])
    await client.query(`VACUUM ANALYZE ${table}`);
}
