import type { AssetView } from '@quantumvault/api';

/** What the console calls the kinds of assets, and the questions that people ask of an inventory. */
export const typeWords: Readonly<Record<AssetView['type'], string>> = {
  'tls-endpoint': 'TLS server',
  certificate: 'Certificate',
  'data-store': 'Data store',
  'key-material': 'Key',
  'api-endpoint': 'API',
  'ssh-endpoint': 'SSH server',
  library: 'Library',
  'source-usage': 'Use in source code',
  'token-issuer': 'Token issuer',
};

type Choice = readonly (readonly [value: string, text: string])[];

export const bandKinds = { low: 'success', moderate: 'info', high: 'warning', critical: 'danger' } as const;
/** What a quantum computer would do to an asset; the worst first. */
export const readinessChoice = [
  ['vulnerable', 'Vulnerable'],
  ['partial', 'Safe but for signatures'],
  ['safe', 'Quantum-safe'],
  ['unknown', 'Not known'],
] as const satisfies Choice;
export const readinessKinds = { vulnerable: 'danger', partial: 'warning', safe: 'success', unknown: 'plain' } as const;

export const severityKinds = {
  info: 'plain',
  low: 'info',
  medium: 'info',
  high: 'warning',
  critical: 'danger',
} as const;

/** Whether a scan has proven what a protection promised. */
export const proofWords = { proven: 'proven', 'not-yet': 'not seen yet', failed: 'not kept' } as const;
export const proofKinds = { proven: 'success', 'not-yet': 'info', failed: 'danger' } as const;

export const keyExchangeChoice: Choice = [
  ['RSA', 'RSA key exchange'],
  ['x25519', 'X25519'],
  ['secp256r1', 'P-256'],
  ['secp384r1', 'P-384'],
  ['ffdhe2048', 'Finite field, 2048 bits'],
  ['X25519MLKEM768', 'X25519 with ML-KEM-768 (hybrid)'],
  ['SecP384r1MLKEM1024', 'P-384 with ML-KEM-1024 (hybrid)'],
  ['unknown', 'Unknown'],
  ['none', 'None'],
];

export const signatureChoice: Choice = [
  ['RSA', 'RSA, any size'],
  ['RSA-1024', 'RSA-1024'],
  ['RSA-2048', 'RSA-2048'],
  ['RSA-4096', 'RSA-4096'],
  ['ECDSA', 'ECDSA, any curve'],
  ['Ed25519', 'Ed25519'],
  ['ML-DSA', 'ML-DSA'],
  ['SLH-DSA', 'SLH-DSA'],
];

/** Rules of the scanner that are worth a list of their own. */
export const findingChoice: Choice = [
  ['tls-no-pq-group', 'No post-quantum key exchange'],
  ['tls-classical-preferred', 'Classical key exchange preferred'],
  ['tls-suite-static-key', 'Static key exchange accepted'],
  ['tls-no-forward-secrecy', 'No forward secrecy'],
  ['tls-no-tls13', 'No TLS 1.3'],
  ['tls-old-version', 'TLS 1.0 or 1.1'],
  ['tls-sslv3', 'SSLv3'],
  ['tls-dhe-weak', 'Weak finite field'],
  ['tls-suite-broken', 'Broken cipher suites'],
  ['tls-suite-64bit-block', '64-bit block ciphers'],
  ['certificate-quantum-vulnerable', 'Certificate a quantum computer breaks'],
  ['certificate-expired', 'Certificate expired'],
  ['certificate-expires-soon', 'Certificate expires soon'],
  ['certificate-weak-key', 'Certificate with a weak key'],
  ['certificate-weak-signature', 'Certificate with a weak signature'],
  ['certificate-self-signed', 'Self-signed certificate'],
  ['certificate-name-mismatch', 'Certificate for another name'],
];

export const sensitivityChoice: Choice = ['public', 'internal', 'confidential', 'restricted', 'top-secret'].map(
  (name) => [name, name] as const,
);
export const exposureChoice: Choice = ['internal', 'partner', 'internet'].map((name) => [name, name] as const);
export const bands = ['critical', 'high', 'moderate', 'low'] as const;
export const bandChoice: Choice = bands.map((name) => [name, name] as const);
export const typeChoice: Choice = Object.entries(typeWords);

/** What an asset uses for a role, for a line of a list; `null`: nobody has looked. */
export function usedFor(
  asset: Pick<AssetView, 'encryptionProfile'>,
  role: 'key-establishment' | 'signature' | 'encryption',
) {
  const profile = asset.encryptionProfile;
  if (profile === null) return null;
  const used = profile.uses.filter((use) => use.role === role).map(({ algorithm }) => algorithm);
  return used.length === 0 ? null : used.join(', ');
}
