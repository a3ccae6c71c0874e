import { algorithm, hpkeSuite, type SyncSignatureAlgorithm, syncSignatureAlgorithms } from '@quantumvault/crypto';
import {
  type AssetType,
  expirySoonDays,
  fitsAssetType,
  InventoryError,
  natureOf,
  type ProtectionPolicyRules,
  parseScanTarget,
  tlsGroupsOfPolicy,
  tokenSignaturesOfPolicy,
} from '@quantumvault/inventory';
import { cipherSuitesByAead, opensslGroups } from '@quantumvault/pki';
import { z } from 'zod';
import { protectionErrors } from './errors.ts';

const signatureSchema = z.enum(syncSignatureAlgorithms);

/**
 * What a protection job will do, decided when it is asked for: what cannot be done is refused then, and a job does what
 * was simulated, whatever becomes of the policy meanwhile. Stored as the job's input and parsed again when it runs.
 */
export const protectionPlanSchema = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('data-key'),
    kem: z.literal('X-Wing'),
    suite: z.literal(hpkeSuite),
    aead: z.literal('AES-256-GCM'),
  }),
  z.strictObject({
    kind: z.literal('tls-bundle'),
    signature: signatureSchema,
    /** IANA names; the policy's own groups, then classical ones for clients that know no other (hybrid mode). */
    groups: z.array(z.string()).min(1),
    aead: z.array(z.string()).min(1),
    minVersion: z.enum(['TLSv1.2', 'TLSv1.3']),
    endpoint: z.string(),
    validityDays: z.number().int().min(1).max(397),
  }),
  z.strictObject({
    kind: z.literal('certificate'),
    signature: signatureSchema,
    /** DNS name or IP address. */
    host: z.string().min(1).max(253),
    validityDays: z.number().int().min(1).max(397),
  }),
  z.strictObject({
    kind: z.literal('token-keys'),
    /** One key each; the first signs unless the caller asks for another. */
    signatures: z.array(signatureSchema).min(1).max(2),
    /** How long the keys that these replace stay in the JWK Set. */
    overlapDays: z.number().int().min(1).max(31),
  }),
]);
export type ProtectionPlan = z.infer<typeof protectionPlanSchema>;
/** The plans that end in a certificate. */
export type CertificatePlan = Extract<ProtectionPlan, { kind: 'tls-bundle' | 'certificate' }>;

// Clients without a post-quantum group still connect; the server's order and theirs decide for the hybrid one.
const classicalFallback = ['x25519', 'secp256r1'] as const;
// CA/Browser Forum's longest lifetime is 398 days; one is spent on clocks that run behind.
const validityDaysMax = 397;
// The next rotation comes before the first warning that the certificate is about to end.
const validityReserveDays = expirySoonDays + 1;
/** A week for caches of the JWK Set; longer than any token lives, so that each is verifiable to its end. */
export const tokenKeyOverlapDays = 7;

/** The policy's choices that this release can make, in its order; throws `PROTECTION_NOT_OFFERED` naming them all when there is none. */
function offered(what: string, choices: readonly string[], isOffered: (choice: string) => boolean): string[] {
  const possible = choices.filter(isOffered);
  if (possible.length > 0) return possible;
  throw protectionErrors.PROTECTION_NOT_OFFERED({
    detail: `This release does not offer ${choices.join(', ')} as ${what}.`.slice(0, 500),
  });
}

const only = (choice: string) => (candidate: string) => candidate === choice;

function offeredSignatures(
  what: string,
  choices: readonly string[],
): [SyncSignatureAlgorithm, ...SyncSignatureAlgorithm[]] {
  const isOffered = (choice: string): choice is SyncSignatureAlgorithm =>
    (syncSignatureAlgorithms as readonly string[]).includes(choice);
  const [first, ...rest] = offered(what, choices, isOffered).filter(isOffered);
  if (first === undefined) throw new Error('offered() returned nothing');
  return [first, ...rest];
}

/**
 * Decides how to protect an asset under a policy (INV-9). Throws `PROTECTION_POLICY_UNFIT` when the policy is not for
 * this type, and `PROTECTION_NOT_OFFERED` naming what this release cannot do yet.
 */
export function planProtection(
  rules: ProtectionPolicyRules,
  asset: { readonly type: AssetType; readonly endpoint: string; readonly name?: string },
): ProtectionPlan {
  const fit = fitsAssetType(rules, asset.type);
  if (!fit.fits) throw protectionErrors.PROTECTION_POLICY_UNFIT({ detail: fit.reason.slice(0, 500) });
  switch (asset.type) {
    case 'data-store':
      offered('key encapsulation for data stores', rules.kem, only('X-Wing'));
      offered('cipher of a data key', rules.aead, only('AES-256-GCM'));
      return { kind: 'data-key', kem: 'X-Wing', suite: hpkeSuite, aead: 'AES-256-GCM' };
    case 'tls-endpoint':
      return planTlsEndpoint(rules, asset.endpoint);
    case 'certificate':
      // One that was found in a file has its fingerprint as endpoint, and its first DNS name as name.
      return planCertificate(rules, asset.endpoint.startsWith('sha256:') ? (asset.name ?? '') : asset.endpoint);
    case 'api-endpoint':
    case 'token-issuer':
      return planTokenKeys(rules);
    default:
      throw protectionErrors.PROTECTION_NOT_OFFERED({
        detail: `This release protects data stores, TLS endpoints, certificates, APIs and token issuers; ${asset.type} is not offered.`,
      });
  }
}

function planTlsEndpoint(rules: ProtectionPolicyRules, endpoint: string): ProtectionPlan {
  const groups = offered('TLS group', tlsGroupsOfPolicy(rules), (group) => Object.hasOwn(opensslGroups, group));
  const [signature] = offeredSignatures('signature of a TLS certificate', rules.signature);
  const aead = offered('cipher of TLS', rules.aead, (id) => Object.hasOwn(cipherSuitesByAead, id));
  return {
    kind: 'tls-bundle',
    signature,
    groups: rules.mode === 'hybrid' ? [...new Set([...groups, ...classicalFallback])] : groups,
    aead,
    // Post-quantum groups exist in TLS 1.3 alone.
    minVersion: rules.mode === 'classical' ? 'TLSv1.2' : 'TLSv1.3',
    endpoint,
    validityDays: validityDaysOf(rules),
  };
}

const validityDaysOf = ({ rotationDays }: ProtectionPolicyRules): number =>
  Math.min(rotationDays + validityReserveDays, validityDaysMax);

/** A certificate is for the name that it is recorded under: `shop.example.org`, or an address; a port is left out. */
function planCertificate(rules: ProtectionPolicyRules, endpoint: string): ProtectionPlan {
  const [signature] = offeredSignatures('signature of a certificate', rules.signature);
  return { kind: 'certificate', signature, host: hostOfCertificate(endpoint), validityDays: validityDaysOf(rules) };
}

function hostOfCertificate(endpoint: string): string {
  for (const text of [`${endpoint}:443`, `[${endpoint}]:443`, endpoint]) {
    try {
      return parseScanTarget(text).host;
    } catch (error) {
      if (!(error instanceof InventoryError)) throw error;
    }
  }
  throw protectionErrors.PROTECTION_NOT_OFFERED({
    detail: 'A certificate is issued for a DNS name or an IP address; the endpoint of this asset is neither.',
  });
}

/** In hybrid mode a post-quantum and a classical key, each for the verifiers that know it; else the first choice. */
function planTokenKeys(rules: ProtectionPolicyRules): ProtectionPlan {
  const choices = offeredSignatures('signature of tokens', tokenSignaturesOfPolicy(rules));
  const ofNature = (nature: 'classical' | 'pqc') => choices.find((id) => natureOf(algorithm(id)) === nature);
  const halves = [ofNature('pqc'), ofNature('classical')].filter((id) => id !== undefined);
  if (rules.mode === 'hybrid' && halves.length < 2) {
    throw protectionErrors.PROTECTION_NOT_OFFERED({
      detail: `Hybrid tokens need a post-quantum and a classical signature; of ${rules.signature.join(', ')} this release offers only one half.`,
    });
  }
  return {
    kind: 'token-keys',
    signatures: rules.mode === 'hybrid' ? choices.filter((id) => halves.includes(id)) : [choices[0]],
    overlapDays: tokenKeyOverlapDays,
  };
}

/** Algorithms of the keys that a job with this plan makes. */
export function keysOf(plan: ProtectionPlan): string[] {
  switch (plan.kind) {
    case 'data-key':
      return [plan.kem, plan.aead];
    case 'tls-bundle':
    case 'certificate':
      return [plan.signature];
    case 'token-keys':
      return plan.signatures;
  }
}
