import { z } from 'zod';
import { idSchema, instantSchema, lineSchema, pageQuery, textSchema } from './primitives.ts';

export const assetTypeSchema = z.enum([
  'tls-endpoint',
  'certificate',
  'data-store',
  'key-material',
  'api-endpoint',
  'ssh-endpoint',
  'library',
  'source-usage',
  'token-issuer',
]);
export const sensitivitySchema = z.enum(['public', 'internal', 'confidential', 'restricted', 'top-secret']);
export const riskBandSchema = z.enum(['low', 'moderate', 'high', 'critical']);
export const assetStateSchema = z.enum(['active', 'archived', 'merged', 'withdrawn']);
/** What a quantum computer would do to what protects an asset. */
export const readinessSchema = z.enum(['vulnerable', 'partial', 'safe', 'unknown']);
export type ReadinessView = z.infer<typeof readinessSchema>;
export const exposureSchema = z.enum(['internal', 'partner', 'internet']);

const lifetimeSchema = z
  .number()
  .int()
  .min(0)
  .max(100)
  .meta({ description: 'Years for which the data must stay confidential' });
const tagsSchema = z.array(textSchema(100)).max(50);

const severitySchema = z.enum(['info', 'low', 'medium', 'high', 'critical']);
const weaknessSchema = z.strictObject({ id: z.string(), severity: severitySchema, message: z.string() });

/** INV-2: every number explains itself. */
export const riskSchema = z.strictObject({
  score: z.number().meta({ description: '0 to 100' }),
  band: riskBandSchema,
  impact: z
    .number()
    .meta({ description: 'The classic score: (sensitivity * 10 + exposure * 5) * lifetime multiplier' }),
  exploitability: z.strictObject({ now: z.number(), quantum: z.number(), combined: z.number() }),
  agilityFactor: z.number(),
  mosca: z.strictObject({
    dataLifetimeYears: z.number(),
    migrationYears: z.number(),
    quantumHorizonYears: z.number(),
    marginYears: z.number(),
    verdict: z.enum(['late', 'tight', 'in-time']),
    because: z.string(),
  }),
  harvestNowDecryptLater: z.strictObject({ isExposed: z.boolean(), because: z.string() }),
  weaknesses: z.array(weaknessSchema),
  explanation: z.array(z.strictObject({ factor: z.string(), value: z.number(), because: z.string() })),
});

export const cryptoUseSchema = z.strictObject({
  role: z.enum(['key-establishment', 'signature', 'encryption']),
  algorithm: z.string().meta({ description: 'Registry id, dotted OID, `none` or `unknown`' }),
});

/** What protects the asset now, and how that is known. */
export const encryptionProfileSchema = z.strictObject({
  source: z.enum(['scan', 'protection', 'declared']),
  observedAt: instantSchema,
  uses: z.array(cryptoUseSchema),
  weaknesses: z.array(weaknessSchema),
  certificateSha256: z.string().optional().meta({ description: 'Of the certificate that was seen' }),
  appliedPolicy: z
    .strictObject({
      policyId: idSchema,
      policyVersion: z.number().int(),
      jobId: idSchema,
      appliedAt: instantSchema.optional(),
      expects: z
        .array(z.strictObject({ role: cryptoUseSchema.shape.role, algorithms: z.array(z.string()) }))
        .optional()
        .meta({ description: 'Per role, what a scan has to see to prove it: any of these' }),
      certificates: z.array(z.string()).optional().meta({ description: 'SHA-256 of the certificates made for it' }),
      provenAt: instantSchema.optional(),
    })
    .optional()
    .meta({ description: 'The policy that a protection job applied' }),
});

const findingIdSchema = z
  .string()
  .max(64)
  .regex(/^[a-z0-9]+(-[a-z0-9]+)*$/);

const scannedChainSchema = z
  .array(
    z.strictObject({
      subject: lineSchema(4096),
      issuer: lineSchema(4096),
      keyAlgorithm: textSchema(128),
      signatureAlgorithm: textSchema(128),
      notBefore: instantSchema,
      notAfter: instantSchema,
      fingerprint256: z.string().regex(/^[0-9a-f]{64}$/),
      keyBits: z.number().int().min(0).max(1_000_000).nullable(),
      securityBits: z.number().min(0).max(1000).nullable(),
      quantumVulnerable: z.boolean().nullable(),
    }),
  )
  .max(32);

const tlsVersionSchema = z.enum(['SSLv3', 'TLSv1.0', 'TLSv1.1', 'TLSv1.2', 'TLSv1.3']);
const preferenceSchema = z.enum(['server', 'client', 'unknown']);
const groupsSchema = z.array(textSchema(64)).max(128);

// What later releases added has a default, so that evidence of earlier ones still reads.
const addedToTlsScanResult = {
  protocol: z.enum(['tls', 'smtp', 'imap', 'pop3', 'ldap', 'postgres', 'mysql']).default('tls'),
  profile: z.enum(['quick', 'full']).default('full'),
  suitesByVersion: z
    .array(
      z.strictObject({
        version: tlsVersionSchema,
        suites: z.array(textSchema(64)).max(512),
        preference: preferenceSchema,
      }),
    )
    .max(5)
    .default([]),
  groupsByVersion: z
    .array(z.strictObject({ version: tlsVersionSchema, groups: groupsSchema, preference: preferenceSchema }))
    .max(5)
    .default([]),
  provenGroups: groupsSchema.default([]),
  keyShareSteers: z.boolean().nullable().default(null),
  alpn: lineSchema(255).nullable().default(null),
  dheBits: z.number().int().min(0).max(1_000_000).nullable().default(null),
  chains: z
    .array(z.strictObject({ keyAlgorithm: textSchema(128), chain: scannedChainSchema }))
    .max(8)
    .default([]),
  closings: z.array(textSchema(64)).max(32).default([]),
};

/** One TLS endpoint as a scan saw it (docs/spec/tls-scan-result.md); `qv scan tls --save` sends what it printed. */
export const tlsScanResultSchema = z.strictObject({
  host: textSchema(255),
  port: z.number().int().min(1).max(65535),
  reachable: z.boolean(),
  versions: z.array(tlsVersionSchema).max(5),
  suites: z.array(textSchema(64)).max(512),
  groups: groupsSchema,
  preference: preferenceSchema,
  chain: scannedChainSchema,
  findings: z
    .array(
      z.strictObject({
        id: findingIdSchema,
        severity: severitySchema,
        message: lineSchema(5000),
        evidence: lineSchema(5000)
          .default('')
          .meta({ description: 'Exactly what was seen; empty in evidence of releases that did not keep it' }),
        remedy: lineSchema(1000),
      }),
    )
    .max(128),
  error: z.enum(['refused', 'reset', 'alert', 'timeout', 'dns']).nullable(),
  provenGroup: textSchema(64).nullable(),
  unresolved: z
    .array(z.strictObject({ probe: textSchema(64), cause: textSchema(64), detail: lineSchema(1000) }))
    .max(256),
  ...addedToTlsScanResult,
});

const evidenceSchema = z.strictObject({
  source: z.enum(['server-scan', 'cli-scan']),
  observedAt: instantSchema,
  scan: tlsScanResultSchema,
});

export const assetSchema = z.strictObject({
  id: idSchema,
  name: z.string(),
  type: assetTypeSchema,
  endpoint: z.string(),
  owner: z.string().nullable(),
  environmentId: idSchema,
  sensitivity: sensitivitySchema,
  exposure: exposureSchema,
  dataLifetimeYears: z.number().int(),
  tags: z.array(z.string()),
  encryptionProfile: encryptionProfileSchema.nullable().meta({ description: 'null: nobody has looked yet' }),
  risk: riskSchema,
  evidence: evidenceSchema.nullable(),
  firstSeenAt: instantSchema,
  lastSeenAt: instantSchema,
  archivedAt: instantSchema.nullable(),
  goneSince: instantSchema.nullable().meta({ description: 'Since when scans find nothing where it was' }),
  state: assetStateSchema,
  mergedInto: idSchema.nullable().meta({ description: 'The asset that takes the place of a merged one' }),
  endReason: z.string().nullable().meta({ description: 'Why it was merged or withdrawn' }),
  proof: z
    .strictObject({
      state: z.enum(['proven', 'not-yet', 'failed']),
      gaps: z.array(z.strictObject({ role: cryptoUseSchema.shape.role.nullable(), message: z.string() })),
    })
    .nullable()
    .meta({ description: 'Whether a scan has proven what a protection job promised; null: none did' }),
  version: z.number().int(),
});
export type AssetView = z.infer<typeof assetSchema>;

const classification = {
  sensitivity: sensitivitySchema.default('internal'),
  exposure: exposureSchema.default('internal'),
  dataLifetimeYears: lifetimeSchema.default(5),
};

export const createAssetBody = z.strictObject({
  name: textSchema(200),
  type: assetTypeSchema,
  endpoint: textSchema(500),
  owner: textSchema(200).optional(),
  environmentId: idSchema.optional().meta({ description: "Default: the organization's first environment" }),
  tags: tagsSchema.default([]),
  ...classification,
});

export const classificationBody = z
  .strictObject({
    sensitivity: sensitivitySchema.optional(),
    exposure: exposureSchema.optional(),
    dataLifetimeYears: lifetimeSchema.optional(),
    owner: textSchema(200).nullable().optional(),
    tags: tagsSchema.optional(),
  })
  .refine((body) => Object.keys(body).length > 0, { message: 'at least one field is needed' });

/** By what an asset uses, as its profile and its last scan say. */
const usesQuery = {
  keyExchange: textSchema(64).optional().meta({
    description: '`RSA`: negotiated or still accepted; else the algorithm that a modern client gets, e.g. `x25519`',
  }),
  signature: textSchema(64)
    .optional()
    .meta({ description: 'Algorithm of its key, or a family of them', examples: ['RSA-2048', 'RSA', 'ML-DSA'] }),
  encryption: textSchema(64).optional().meta({ description: 'Cipher that a modern client gets' }),
  finding: findingIdSchema
    .optional()
    .meta({ description: 'Rule that the last scan found, accepted or not', examples: ['tls-no-pq-group'] }),
  protection: z.enum(['applied', 'none']).optional().meta({ description: 'Whether a protection policy was applied' }),
  readiness: readinessSchema.optional().meta({
    description:
      'What a quantum computer would do: `partial` leaves recorded data secret and breaks only signatures, `unknown` was not looked at',
  }),
};

export const listAssetsQuery = z.strictObject({
  ...pageQuery,
  type: assetTypeSchema.optional(),
  sensitivity: sensitivitySchema.optional(),
  exposure: exposureSchema.optional(),
  band: riskBandSchema.optional().meta({ description: 'Band of the risk' }),
  environmentId: idSchema.optional(),
  owner: textSchema(200).optional(),
  tag: textSchema(100).optional(),
  search: textSchema(200)
    .optional()
    .meta({ description: 'Words of name and endpoint, or their beginnings; all of them have to be there' }),
  ...usesQuery,
  state: assetStateSchema.optional().meta({ description: 'Default: active; all states with includeArchived' }),
  sort: z.enum(['newest', 'risk']).default('newest'),
  includeArchived: z.enum(['true', 'false']).default('false'),
});

const hostPortSchema = z
  .string()
  .min(3)
  .max(272)
  .regex(/^((smtp|imap|pop3|ldap|postgres|mysql):\/\/)?(\[[0-9a-fA-F:.]+\]|[A-Za-z0-9._-]+):[0-9]{1,5}$/)
  .meta({
    description: 'HOST:PORT; an IPv6 address stands in brackets; with a protocol in front for STARTTLS',
    examples: ['www.example.org:443', 'postgres://db.internal:5432'],
  });

export const discoverTlsBody = z.strictObject({
  targets: z.array(hostPortSchema).min(1).max(4096),
  environmentId: idSchema.optional(),
  profile: z
    .enum(['quick', 'full'])
    .optional()
    .meta({ description: 'quick: what the server picks; full, the default: all' }),
  name: textSchema(190).optional().meta({
    description: 'Scans of one name are compared, run by run; without one, scans of the same targets are',
  }),
  internal: z
    .boolean()
    .optional()
    .meta({
      description:
        'Names among the targets lead into networks of your own. Where scans of those are under approval, it is asked for; ' +
        'without it, and without an address that says so, such a scan touches public addresses alone',
    }),
  ...classification,
});

const reasonSchema = textSchema(1000).meta({ description: 'Why; kept with the asset or finding' });

/** INV-1: a wrong entry leaves the inventory; history and audit stay. */
export const mergeAssetBody = z.strictObject({
  intoId: idSchema.meta({ description: 'The asset that stays' }),
  reason: reasonSchema,
});
export const withdrawAssetBody = z.strictObject({ reason: reasonSchema });

export const findingStateSchema = z.enum(['open', 'accepted', 'gone']);

/** INV-5: what scans observed at an asset, with what was decided about it. */
export const assetFindingSchema = z.strictObject({
  id: idSchema,
  assetId: idSchema,
  environmentId: idSchema,
  rule: z.string(),
  severity: severitySchema,
  message: z.string(),
  evidence: z.string().nullable(),
  remedy: z.string(),
  state: findingStateSchema.meta({ description: 'An acceptance that has expired is none: the finding is open again' }),
  firstSeenAt: instantSchema,
  lastSeenAt: instantSchema,
  goneAt: instantSchema.nullable(),
  acceptance: z
    .strictObject({ acceptedAt: instantSchema, acceptedBy: idSchema, reason: z.string(), until: instantSchema })
    .nullable()
    .meta({ description: 'Also when it has expired' }),
});
export type AssetFindingView = z.infer<typeof assetFindingSchema>;

export const listFindingsQuery = z.strictObject({
  ...pageQuery,
  assetId: idSchema.optional(),
  environmentId: idSchema.optional(),
  severity: severitySchema.optional(),
  rule: z
    .string()
    .max(64)
    .regex(/^[a-z0-9]+(-[a-z0-9]+)*$/)
    .optional(),
  state: findingStateSchema.optional().meta({ description: 'Default: all' }),
});

export const acceptFindingBody = z.strictObject({
  reason: reasonSchema,
  days: z.number().int().min(1).max(366).meta({ description: 'After so many days the finding is open again' }),
});

/** Scans made elsewhere (`qv scan tls --save`). */
export const importTlsBody = z.strictObject({
  results: z.array(tlsScanResultSchema).min(1).max(256),
  environmentId: idSchema.optional(),
  ...classification,
});

/** Certificates found elsewhere (`qv scan certificates --save`). */
export const importCertificatesBody = z.strictObject({
  certificates: z
    .array(
      z
        .string()
        .min(16)
        .max(200_000)
        .regex(/^[A-Za-z0-9+/]+={0,2}$/)
        .meta({ examples: ['MIIBszCCAVmgAwIBAgIUAA=='] }),
    )
    .min(1)
    .max(128)
    .meta({ description: 'DER in base64' }),
  environmentId: idSchema.optional(),
  ...classification,
});

export const applyPolicyBody = z.strictObject({
  policyId: idSchema,
  simulate: z.boolean().default(false).meta({ description: 'true: only say what would change' }),
  priority: z.number().int().min(-100).max(100).default(0),
});

/** INV-8: what applying the policy would change, before it is applied. */
export const simulationSchema = z.strictObject({
  changes: z.array(z.strictObject({ role: cryptoUseSchema.shape.role, from: z.string().nullable(), to: z.string() })),
  unchanged: z.array(cryptoUseSchema),
  riskBefore: riskSchema,
  riskAfter: riskSchema,
  keys: z.array(z.string()).meta({ description: 'Algorithms of the keys that would be made' }),
});

/** A data key that a later protection replaced is still asked for by the artefact that holds it. */
export const dataKeyQuery = z.strictObject({
  artifactId: idSchema.optional().meta({ description: 'Default: the newest' }),
});

/** What a data store's protection made; the data key itself only leaves through `unwrapDataKey`. */
export const dataKeySchema = z.strictObject({
  artifactId: idSchema,
  suite: z.string(),
  recipientPublicKey: z.base64(),
  enc: z.base64(),
  wrappedDataKey: z.base64(),
  info: z.base64(),
  aad: z.base64(),
});
export const unwrappedDataKeySchema = z.strictObject({
  artifactId: idSchema,
  algorithm: z.literal('AES-256'),
  dataKey: z.base64(),
});

const certificateFields = {
  artifactId: idSchema,
  keyAlgorithm: z.string(),
  certificatePem: z
    .string()
    .meta({ description: 'The issued chain, or the self-signed certificate until there is one' }),
  isIssued: z.boolean(),
  csrPem: z.string(),
  privateKeyPem: z.string(),
};

export const certificateBundleSchema = z.strictObject(certificateFields);

export const issuedCertificateBody = z.strictObject({
  chainPem: z
    .string()
    .min(1)
    .max(100_000)
    .meta({ description: 'Certificates in PEM, the own one first, each signed by the next' }),
});

export const issuedCertificateSchema = z.strictObject({
  artifactId: idSchema,
  sha256: z.string(),
  notBefore: instantSchema,
  notAfter: instantSchema,
});

export const tlsBundleSchema = z.strictObject({
  ...certificateFields,
  serverConfig: z
    .strictObject({ nginx: z.string(), apache: z.string(), haproxy: z.string() })
    .nullable()
    .meta({ description: 'Text to include; null for bundles of releases that did not keep the endpoint' }),
  nodeTlsOptions: z.strictObject({
    minVersion: z.string(),
    maxVersion: z.string(),
    ecdhCurve: z.string(),
    honorCipherOrder: z.boolean(),
    ciphers: z.string(),
  }),
});
