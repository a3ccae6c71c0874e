import type { RouteOutput, Routes } from '@quantumvault/api';
import { type PublicJwk, publicJwk, type SyncSignatureAlgorithm, syncSignatureAlgorithms } from '@quantumvault/crypto';
import { z } from 'zod';

const dayMs = 86_400_000;

/** How an artefact names its signing keys, in the order of the policy; the bytes are in `asset_key`. */
export const tokenKeysContentSchema = z.strictObject({
  keys: z
    .array(z.strictObject({ keyId: z.string(), kid: z.string(), algorithm: z.enum(syncSignatureAlgorithms) }))
    .min(1),
  overlapDays: z.number().int().min(1),
});
export type TokenKeysContent = z.infer<typeof tokenKeysContentSchema>;

/** What the private key is bound to under the tenant's KEK. */
export const tokenKeyWrapContext = (binding: {
  assetId: string;
  keyId: string;
  algorithm: SyncSignatureAlgorithm;
}) => ({
  purpose: 'token-signing-key',
  asset: binding.assetId,
  key: binding.keyId,
  algorithm: binding.algorithm,
});

/** One generation of signing keys, public part. */
export interface TokenKeyGeneration {
  readonly createdAt: Date;
  readonly overlapDays: number;
  readonly keys: readonly { readonly algorithm: SyncSignatureAlgorithm; readonly publicKey: Uint8Array }[];
}

/**
 * The JWK Set at a moment, from the generations of an asset, newest first. A generation leaves when the overlap that
 * its successor granted has passed; the newest stays. Tokens live shorter than the overlap, so none outlives its key.
 */
export function jwksAt(generations: readonly TokenKeyGeneration[], now: Date): RouteOutput<Routes['getJwks']> {
  const keys: PublicJwk[] = [];
  const lifetimes: { kid: string; notBefore: string; retiresAt: string | null }[] = [];
  for (const [index, generation] of generations.entries()) {
    const successor = index === 0 ? undefined : generations[index - 1];
    const retiresAt =
      successor === undefined ? null : new Date(successor.createdAt.getTime() + successor.overlapDays * dayMs);
    if (retiresAt !== null && retiresAt <= now) continue;
    for (const { algorithm, publicKey } of generation.keys) {
      const jwk = publicJwk(algorithm, publicKey);
      keys.push(jwk);
      lifetimes.push({
        kid: jwk.kid,
        notBefore: generation.createdAt.toISOString(),
        retiresAt: retiresAt?.toISOString() ?? null,
      });
    }
  }
  return { keys, lifetimes };
}
