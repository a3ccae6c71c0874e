import { type SecretBytes, secretAccess } from '@quantumvault/crypto';
import { cipherSuitesByAead, opensslGroups, type ProtectionPlan } from './plan.ts';

export type TlsPlan = Extract<ProtectionPlan, { kind: 'tls-bundle' }>;

/** Options for `tls.createServer` of Node; the group list is what makes the key exchange hybrid. */
export interface NodeTlsOptions {
  readonly minVersion: string;
  readonly maxVersion: string;
  readonly ecdhCurve: string;
  readonly honorCipherOrder: boolean;
  readonly ciphers: string;
}

export interface TlsBundle {
  readonly publicKey: Uint8Array;
  /** PKCS#8 DER; the caller disposes of it. */
  readonly privateKey: SecretBytes;
  readonly certificatePem: string;
  readonly csrPem: string;
  readonly nodeTlsOptions: NodeTlsOptions;
}

export function nodeTlsOptions(plan: Pick<TlsPlan, 'groups' | 'aead' | 'minVersion'>): NodeTlsOptions {
  const suites = plan.aead.flatMap((id) => (cipherSuitesByAead[id] === undefined ? [] : [cipherSuitesByAead[id]]));
  const tls12 = plan.minVersion === 'TLSv1.2' ? suites.map(([, name]) => name) : [];
  return {
    minVersion: plan.minVersion,
    maxVersion: 'TLSv1.3',
    ecdhCurve: plan.groups.map((group) => opensslGroups[group] ?? group).join(':'),
    honorCipherOrder: true,
    ciphers: [...suites.map(([name]) => name), ...tls12].join(':'),
  };
}

/** What the private key is bound to under the tenant's KEK. */
export const tlsKeyWrapContext = (binding: { assetId: string; keyId: string; algorithm: string }) => ({
  purpose: 'tls-server-key',
  asset: binding.assetId,
  key: binding.keyId,
  algorithm: binding.algorithm,
});

/** RFC 7468. */
export function privateKeyPem(privateKey: SecretBytes): string {
  return privateKey.open(secretAccess, (der) => {
    const lines =
      Buffer.from(der)
        .toString('base64')
        .match(/.{1,64}/g) ?? [];
    return `-----BEGIN PRIVATE KEY-----\n${lines.join('\n')}\n-----END PRIVATE KEY-----\n`;
  });
}
