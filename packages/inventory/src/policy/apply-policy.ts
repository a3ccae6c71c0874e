import type { AlgorithmRegistry } from '../algorithm-facts.ts';
import type { Asset, AssetType } from '../asset/asset.ts';
import type { CryptoRole, CryptoUse } from '../asset/encryption-profile.ts';
import { assessRisk, type RiskAssessment } from '../risk/assess-risk.ts';
import type { Agility, RiskSettings } from '../risk/risk-tables.ts';
import type { ProtectionPolicyRules } from './protection-policy.ts';

export type PolicyFit = { readonly fits: true } | { readonly fits: false; readonly reason: string };

/** What a protection job needs of a policy for each type of asset; types without a row cannot be protected by a job. */
const rolesByType: Readonly<Partial<Record<AssetType, readonly CryptoRole[]>>> = {
  'tls-endpoint': ['key-establishment', 'signature', 'encryption'],
  certificate: ['signature'],
  'data-store': ['key-establishment', 'encryption'],
  'key-material': ['key-establishment', 'encryption'],
  'api-endpoint': ['signature'],
  'token-issuer': ['signature'],
  'ssh-endpoint': ['key-establishment', 'signature', 'encryption'],
};

// IANA names of the TLS groups that do what a KEM of the registry does; a name that is a group itself stands for itself.
const tlsGroupByKem: Readonly<Record<string, string>> = {
  'X-Wing': 'X25519MLKEM768',
  'MLKEM768-P256': 'SecP256r1MLKEM768',
  'MLKEM1024-P384': 'SecP384r1MLKEM1024',
  'ML-KEM-512': 'MLKEM512',
  'ML-KEM-768': 'MLKEM768',
  'ML-KEM-1024': 'MLKEM1024',
};

const tlsGroupNames: ReadonlySet<string> = new Set([
  ...Object.values(tlsGroupByKem),
  ...['x25519', 'x448', 'secp256r1', 'secp384r1', 'secp521r1'],
]);

/** The TLS groups of a policy, in its order of preference: what a server or client configuration should list. */
export function tlsGroupsOfPolicy(policy: Pick<ProtectionPolicyRules, 'kem'>): readonly string[] {
  const groups = policy.kem.map((id) => tlsGroupByKem[id] ?? id).filter((name) => tlsGroupNames.has(name));
  return [...new Set(groups)];
}

/** Whether a policy can be applied to assets of a type at all; applying one that does not fit is refused (INV-8). */
export function fitsAssetType(policy: ProtectionPolicyRules, type: AssetType): PolicyFit {
  if (policy.assetTypes.length > 0 && !policy.assetTypes.includes(type)) {
    return {
      fits: false,
      reason: `The policy "${policy.name}" is made for ${policy.assetTypes.join(', ')}, not for ${type}.`,
    };
  }
  const roles = rolesByType[type];
  if (roles === undefined) {
    return { fits: false, reason: `A ${type} is changed by its developers; no job can protect it.` };
  }
  if (type === 'tls-endpoint' && tlsGroupsOfPolicy(policy).length === 0) {
    return { fits: false, reason: `No key-establishment choice of "${policy.name}" exists as a TLS group.` };
  }
  const missing = roles.find((role) => choicesFor(policy, role).length === 0);
  return missing === undefined
    ? { fits: true }
    : { fits: false, reason: `The policy "${policy.name}" chooses no ${missing}.` };
}

export interface PolicySimulation {
  readonly fit: PolicyFit;
  /** What would be replaced; `from` is null when nothing is known of the present. */
  readonly changes: readonly { readonly role: CryptoRole; readonly from: string | null; readonly to: string }[];
  readonly unchanged: readonly CryptoUse[];
  readonly riskBefore: RiskAssessment;
  /** With the changes made and today's weaknesses gone; equal to the present where the policy does not fit. */
  readonly riskAfter: RiskAssessment;
}

export interface SimulationContext {
  readonly registry: AlgorithmRegistry;
  readonly settings: RiskSettings;
  readonly agility: Agility;
}

/** What applying the policy would change; nothing is changed by asking. */
export function simulatePolicy(
  asset: Pick<Asset, 'type' | 'sensitivity' | 'exposure' | 'dataLifetimeYears' | 'encryptionProfile'>,
  policy: ProtectionPolicyRules,
  { registry, settings, agility }: SimulationContext,
): PolicySimulation {
  const fit = fitsAssetType(policy, asset.type);
  const present = asset.encryptionProfile?.uses ?? [];
  const weaknesses = asset.encryptionProfile?.weaknesses ?? [];
  const riskOf = (uses: readonly CryptoUse[], isFixed: boolean) =>
    assessRisk({ ...asset, uses, weaknesses: isFixed ? [] : weaknesses, agility }, settings, registry);
  const riskBefore = riskOf(present, false);
  if (!fit.fits) return { fit, changes: [], unchanged: present, riskBefore, riskAfter: riskBefore };

  const roles = rolesByType[asset.type] ?? [];
  const changes: { role: CryptoRole; from: string | null; to: string }[] = [];
  for (const role of roles) {
    const choices = choicesFor(policy, role, asset.type);
    const current = present.filter((use) => use.role === role);
    const complies =
      current.length > 0 && current.every((use) => choices.some((choice) => isSatisfiedBy(choice, use.algorithm)));
    const [to] = choices;
    if (!complies && to !== undefined) changes.push({ role, from: current[0]?.algorithm ?? null, to });
  }
  const unchanged = present.filter((use) => !changes.some(({ role }) => role === use.role));
  const after = [...unchanged, ...changes.map(({ role, to }): CryptoUse => ({ role, algorithm: to }))];
  return { fit, changes, unchanged, riskBefore, riskAfter: riskOf(after, changes.length > 0) };
}

function choicesFor(policy: ProtectionPolicyRules, role: CryptoRole, type?: AssetType): readonly string[] {
  switch (role) {
    case 'key-establishment':
      return type === 'tls-endpoint' ? tlsGroupsOfPolicy(policy) : policy.kem;
    case 'signature':
      // No TLS client verifies composite certificates today, so an endpoint takes the first plain choice when there is one.
      return type === 'tls-endpoint' ? preferPlain(policy.signature) : policy.signature;
    case 'encryption':
      return policy.aead;
  }
}

// A scan sees the key of a certificate, a policy names the signature that such a key makes.
const keyOfSignature: Readonly<Record<string, string>> = {
  'ECDSA-P256-SHA256': 'EC-P256',
  'ECDSA-P384-SHA384': 'EC-P384',
  'ECDSA-P521-SHA512': 'EC-P521',
};

function isSatisfiedBy(choice: string, algorithm: string): boolean {
  return choice === algorithm || keyOfSignature[choice] === algorithm;
}

function preferPlain(signatures: readonly string[]): readonly string[] {
  const plain = signatures.filter((id) => !id.startsWith('MLDSA'));
  return plain.length > 0 ? plain : signatures;
}
