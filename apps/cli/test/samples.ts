import type {
  ApprovalView,
  AssetView,
  AuditEventView,
  JobView,
  PolicyView,
  RouteOutput,
  Routes,
  ScheduleView,
} from '@quantumvault/api';
import { findAlgorithm, findPublicKeyAlgorithm } from '@quantumvault/crypto';
import { assessRisk, type CryptoUse, defaultRiskSettings } from '@quantumvault/inventory';

// Objects as the server gives them; risks come from the real arithmetic.

export const idOf = (number: number): string => `01920000-0000-7000-8000-${String(number).padStart(12, '0')}`;
const instant = '2026-11-24T11:59:58.123Z';

const classical: readonly CryptoUse[] = [
  { role: 'key-establishment', algorithm: 'x25519' },
  { role: 'signature', algorithm: 'ECDSA-P256-SHA256' },
  { role: 'encryption', algorithm: 'AES-256-GCM' },
];
const hybrid: readonly CryptoUse[] = [
  { role: 'key-establishment', algorithm: 'X25519MLKEM768' },
  { role: 'signature', algorithm: 'ECDSA-P256-SHA256' },
  { role: 'encryption', algorithm: 'AES-256-GCM' },
];

export function riskOf(
  uses: readonly CryptoUse[],
  agility: 'configurable' | 'automated' = 'configurable',
): AssetView['risk'] {
  const risk = assessRisk(
    { sensitivity: 'confidential', exposure: 'internet', dataLifetimeYears: 10, uses, weaknesses: [], agility },
    defaultRiskSettings,
    { findAlgorithm, findPublicKeyAlgorithm },
  );
  return {
    ...risk,
    weaknesses: [{ id: 'tls-suite-cbc', severity: 'medium', message: 'CBC suites are accepted.' }],
    explanation: risk.explanation.map((line) => ({ ...line })),
  };
}

export function sampleAsset(changes: Partial<AssetView> = {}): AssetView {
  return {
    id: idOf(1),
    name: 'shop.example.org:443',
    type: 'tls-endpoint',
    endpoint: 'shop.example.org:443',
    owner: 'Web team',
    environmentId: idOf(90),
    sensitivity: 'confidential',
    exposure: 'internet',
    dataLifetimeYears: 10,
    tags: ['shop', 'web'],
    encryptionProfile: {
      source: 'scan',
      observedAt: instant,
      uses: classical.map((use) => ({ ...use })),
      weaknesses: [],
    },
    risk: riskOf(classical),
    evidence: null,
    firstSeenAt: instant,
    lastSeenAt: instant,
    archivedAt: null,
    goneSince: null,
    state: 'active',
    mergedInto: null,
    endReason: null,
    proof: null,
    version: 3,
    ...changes,
  };
}

export function protectedAsset(): AssetView {
  return sampleAsset({
    encryptionProfile: {
      source: 'protection',
      observedAt: instant,
      uses: hybrid.map((use) => ({ ...use })),
      weaknesses: [],
      appliedPolicy: { policyId: idOf(20), policyVersion: 1, jobId: idOf(30) },
    },
    risk: riskOf(hybrid, 'automated'),
  });
}

export function samplePolicy(changes: Partial<PolicyView> = {}): PolicyView {
  return {
    id: idOf(20),
    name: 'hybrid-default',
    builtIn: true,
    version: 1,
    spec: {
      mode: 'hybrid',
      kem: ['X-Wing', 'X25519MLKEM768'],
      signature: ['MLDSA65-Ed25519-SHA512', 'ECDSA-P256-SHA256'],
      aead: ['AES-256-GCM', 'ChaCha20-Poly1305'],
      rotationDays: 90,
      targetLevel: 3,
      assetTypes: [],
      deadline: null,
    },
    createdAt: instant,
    updatedAt: instant,
    ...changes,
  };
}

export function sampleJob(changes: Partial<JobView> = {}): JobView {
  return {
    id: idOf(30),
    kind: 'protect-asset',
    status: 'pending',
    assetId: idOf(1),
    policyId: idOf(20),
    policyVersion: 1,
    requestedBy: idOf(7),
    priority: 0,
    attempts: 0,
    attemptsMax: 5,
    progress: 0,
    cancelRequested: false,
    runAt: instant,
    result: null,
    error: null,
    createdAt: instant,
    startedAt: null,
    finishedAt: null,
    ...changes,
  };
}

/** A job as it goes: waiting, at work, done. Each call shows the next step and then stays at the last. */
export function jobSteps(last: Partial<JobView> = {}): () => JobView {
  const steps = [
    sampleJob(),
    sampleJob({ status: 'running', attempts: 1, progress: 40, startedAt: instant }),
    sampleJob({
      status: 'succeeded',
      attempts: 1,
      progress: 100,
      startedAt: instant,
      finishedAt: instant,
      result: { artifactId: idOf(40), artifactKind: 'tls-bundle' },
      ...last,
    }),
  ];
  let at = 0;
  return () => {
    const step = steps[Math.min(at, steps.length - 1)] ?? sampleJob();
    at += 1;
    return step;
  };
}

export function sampleAuditEvent(number: number, changes: Partial<AuditEventView> = {}): AuditEventView {
  return {
    id: idOf(500 + number),
    time: `2026-11-24T11:${String(number).padStart(2, '0')}:00.000Z`,
    action: 'asset.created',
    outcome: 'success',
    actor: { kind: 'user', id: idOf(7) },
    resource: { type: 'asset', id: idOf(1) },
    requestId: null,
    source: null,
    reason: null,
    riskScore: 10,
    details: {},
    logIndex: number,
    tenantSequence: number + 1,
    ...changes,
  };
}

export function sampleStatus(): RouteOutput<Routes['getStatus']> {
  return {
    version: '0.1.0',
    installationId: idOf(99),
    role: 'both',
    startedAt: instant,
    health: {
      status: 'degraded',
      parts: {
        database: { status: 'ok', message: 'ok' },
        audit: { status: 'degraded', message: '12 events wait for a checkpoint' },
      },
    },
    database: { version: '18.4', embedded: true },
    audit: { logSize: 120, pending: 12, publishedSize: 108, chainValid: true },
    jobs: { pending: 2, running: 1 },
    memory: { serverBytes: 120_000_000, launcherBytes: 60_000_000, databaseBytes: null },
  };
}

export const page = <T>(items: readonly T[]): { items: readonly T[]; nextCursor: null } => ({
  items,
  nextCursor: null,
});

export function sampleSchedule(changes: Partial<ScheduleView> = {}): ScheduleView {
  return {
    id: idOf(40),
    name: 'Every night',
    work: {
      kind: 'scan-tls',
      targets: ['shop.example.org:443', 'mail.example.org:443'],
      sensitivity: 'internal',
      exposure: 'internal',
      dataLifetimeYears: 5,
    },
    cron: '0 3 * * *',
    timeZone: 'Europe/Berlin',
    priority: 0,
    enabled: true,
    disabledReason: null,
    nextRunAt: '2026-11-25T02:00:00.000Z',
    lastRunAt: '2026-11-24T02:00:00.412Z',
    lastJobId: idOf(31),
    createdBy: idOf(70),
    createdAt: instant,
    updatedAt: instant,
    version: 1,
    ...changes,
  };
}

export function sampleApproval(changes: Partial<ApprovalView> = {}): ApprovalView {
  return {
    id: idOf(60),
    operation: 'asset.archive',
    resource: { type: 'asset', id: idOf(1) },
    status: 'pending',
    // Of this plan in the organization idOf(90).
    planHash: '0'.repeat(64),
    requester: { kind: 'user', id: idOf(70), name: 'alice@example.org' },
    reason: null,
    createdAt: instant,
    expiresAt: '2026-11-25T12:00:00.000Z',
    approvedAt: null,
    endedAt: null,
    changedAt: instant,
    summary: 'Archive the asset Shop (shop.example.org:443)',
    plan: { assetId: idOf(1), name: 'Shop', type: 'tls-endpoint', endpoint: 'shop.example.org:443' },
    lines: [`assetId: ${idOf(1)}`, 'name: Shop', 'type: tls-endpoint', 'endpoint: shop.example.org:443'],
    demands: {
      thresholds: [{ quorum: 2, approverRole: null, counted: 0 }],
      signatureRequired: false,
      reasonRequired: true,
    },
    votes: [],
    missing: ['2 approvals by different people'],
    mayDecide: true,
    whyNot: null,
    resultId: null,
    ...changes,
  };
}
