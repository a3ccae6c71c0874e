import { tlsBundleSchema } from '@quantumvault/api';
import { type SecretBytes, secretAccess } from '@quantumvault/crypto';
import { cipherSuitesByAead, nodeTlsOptions as nodeTlsOptionsOf } from '@quantumvault/pki';
import { z } from 'zod';
import type { ProtectionPlan } from './plan.ts';

export type TlsPlan = Extract<ProtectionPlan, { kind: 'tls-bundle' }>;

/** Options for `tls.createServer` of Node; the group list is what makes the key exchange hybrid. */
const nodeTlsOptionsSchema = tlsBundleSchema.shape.nodeTlsOptions;
export type NodeTlsOptions = z.infer<typeof nodeTlsOptionsSchema>;

export function nodeTlsOptions(plan: Pick<TlsPlan, 'groups' | 'aead' | 'minVersion'>): NodeTlsOptions {
  const suites = plan.aead.flatMap((id) => (cipherSuitesByAead[id] === undefined ? [] : [cipherSuitesByAead[id]]));
  const tls12 = plan.minVersion === 'TLSv1.2' ? suites.map(([, name]) => name) : [];
  const { minVersion, groups } = plan;
  return nodeTlsOptionsOf({ minVersion, groups, suites: [...suites.map(([name]) => name), ...tls12] });
}

/** The public part of what a certificate job made, as the artefact holds it. */
export const certificateContentSchema = z.strictObject({
  keyId: z.string(),
  certificatePem: z.string(),
  csrPem: z.string(),
  /** A TLS endpoint's; absent for a certificate alone. */
  nodeTlsOptions: nodeTlsOptionsSchema.optional(),
  /** What it was made for; absent in artefacts of releases that did not keep it. */
  host: z.string().optional(),
  port: z.number().int().optional(),
});
export type CertificateContent = z.infer<typeof certificateContentSchema>;

/** What the private key is bound to under the tenant's KEK. */
export const certificateKeyWrapContext = (
  kind: 'tls-bundle' | 'certificate',
  binding: { assetId: string; keyId: string; algorithm: string },
) => ({
  purpose: kind === 'tls-bundle' ? 'tls-server-key' : 'certificate-key',
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
