import type { AssetType } from '../asset/asset.ts';
import type { CryptoRole } from '../asset/encryption-profile.ts';
import type { ProtectionPolicyRules } from './protection-policy.ts';

/** What satisfies a policy in one role: any of these, as a scan or a protection job names them. */
export interface Expectation {
  readonly role: CryptoRole;
  readonly algorithms: readonly string[];
}

/** What a protection job needs of a policy for each type of asset; types without a row cannot be protected by a job. */
export const rolesByType: Readonly<Partial<Record<AssetType, readonly CryptoRole[]>>> = {
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

// A scan sees the key of a certificate, a policy names the signature that such a key makes.
const keyOfSignature: Readonly<Record<string, string>> = {
  'ECDSA-P256-SHA256': 'EC-P256',
  'ECDSA-P384-SHA384': 'EC-P384',
  'ECDSA-P521-SHA512': 'EC-P521',
};

/** The key behind a signature algorithm, as a certificate shows it; most algorithms are named like their keys. */
export const keyAlgorithmOf = (signature: string): string => keyOfSignature[signature] ?? signature;

// The halves of a composite signature: as JOSE knows no composites yet, an issuer of tokens has one key for each.
const halvesOf = (signature: string): readonly string[] => {
  const match = /^MLDSA(44|65|87)-(Ed25519|ECDSA-P256|ECDSA-P384)-/.exec(signature);
  const classical = { Ed25519: 'Ed25519', 'ECDSA-P256': 'ECDSA-P256-SHA256', 'ECDSA-P384': 'ECDSA-P384-SHA384' };
  if (match?.[1] === undefined) return [];
  return [`ML-DSA-${match[1]}`, classical[match[2] as keyof typeof classical]];
};

/** Signatures for tokens that a policy asks for, in its order: composites as the keys that they consist of. */
export function tokenSignaturesOfPolicy(policy: Pick<ProtectionPolicyRules, 'signature'>): readonly string[] {
  return [...new Set(policy.signature.flatMap((id) => (id.startsWith('MLDSA') ? halvesOf(id) : [id])))];
}

/** What the policy asks for in a role of such an asset, in its order of preference. */
export function choicesFor(policy: ProtectionPolicyRules, role: CryptoRole, type?: AssetType): readonly string[] {
  switch (role) {
    case 'key-establishment':
      return type === 'tls-endpoint' ? tlsGroupsOfPolicy(policy) : policy.kem;
    case 'signature':
      if (type === 'api-endpoint' || type === 'token-issuer') return tokenSignaturesOfPolicy(policy);
      // No TLS client verifies composite certificates today, so an endpoint takes the first plain choice when there is one.
      return type === 'tls-endpoint' || type === 'certificate' ? preferPlain(policy.signature) : policy.signature;
    case 'encryption':
      return policy.aead;
  }
}

function preferPlain(signatures: readonly string[]): readonly string[] {
  const plain = signatures.filter((id) => !id.startsWith('MLDSA'));
  return plain.length > 0 ? plain : signatures;
}

/** Per role, all that would satisfy the policy on such an asset; stored beside what a job applied, so that a scan can prove it. */
export function expectationsOf(policy: ProtectionPolicyRules, type: AssetType): readonly Expectation[] {
  return (rolesByType[type] ?? []).map((role) => ({
    role,
    algorithms: [...new Set(choicesFor(policy, role, type).flatMap((choice) => [choice, keyAlgorithmOf(choice)]))],
  }));
}
