import * as slhDsa from '@noble/post-quantum/slh-dsa.js';

/*
 * SLH-DSA private keys from their seeds (FIPS 205 section 9.1). OpenSSL imports whole private keys alone, whose root takes
 * computing, so a key that is known by its seeds is completed here, once, on the thread of vetted-worker.ts.
 */

const sets = {
  'SLH-DSA-SHA2-128s': slhDsa.slh_dsa_sha2_128s,
  'SLH-DSA-SHA2-128f': slhDsa.slh_dsa_sha2_128f,
  'SLH-DSA-SHA2-192s': slhDsa.slh_dsa_sha2_192s,
  'SLH-DSA-SHA2-192f': slhDsa.slh_dsa_sha2_192f,
  'SLH-DSA-SHA2-256s': slhDsa.slh_dsa_sha2_256s,
  'SLH-DSA-SHA2-256f': slhDsa.slh_dsa_sha2_256f,
  'SLH-DSA-SHAKE-128s': slhDsa.slh_dsa_shake_128s,
  'SLH-DSA-SHAKE-128f': slhDsa.slh_dsa_shake_128f,
  'SLH-DSA-SHAKE-192s': slhDsa.slh_dsa_shake_192s,
  'SLH-DSA-SHAKE-192f': slhDsa.slh_dsa_shake_192f,
  'SLH-DSA-SHAKE-256s': slhDsa.slh_dsa_shake_256s,
  'SLH-DSA-SHAKE-256f': slhDsa.slh_dsa_shake_256f,
} as const;
export type SlhDsaSet = keyof typeof sets;

/** The private key of SK.seed, SK.prf and PK.seed, one after the other. */
export function slhDsaKeyFromSeed(set: SlhDsaSet, seed: Uint8Array): Uint8Array {
  return sets[set].keygen(seed).secretKey;
}
