import { createPrivateKey, type KeyObject } from 'node:crypto';
import {
  generateSigningKey,
  generateSigningKeyAsync,
  importSigningKey,
  privateKeyPkcs8,
  type SignatureAlgorithm,
  secretAccess,
} from '@quantumvault/crypto';
import { MemorySigner } from '@quantumvault/ports';

/** Those that the runtime's OpenSSL knows, so that it can check what is made with them. */
export const nativeAlgorithms = [
  'Ed25519',
  'ML-DSA-44',
  'ML-DSA-65',
  'ML-DSA-87',
  'ECDSA-P256-SHA256',
  'ECDSA-P384-SHA384',
] as const satisfies readonly SignatureAlgorithm[];

export interface TestSigner {
  readonly signer: MemorySigner;
  readonly privateKey: KeyObject;
}

/** A fresh key, as a signer of ours and as a key of the runtime. */
export function makeSigner(algorithm: (typeof nativeAlgorithms)[number]): TestSigner {
  const pair = generateSigningKey(algorithm);
  using pkcs8 = privateKeyPkcs8(algorithm, pair.privateKey);
  const privateKey = pkcs8.open(secretAccess, (der) =>
    createPrivateKey({ key: Buffer.from(der), format: 'der', type: 'pkcs8' }),
  );
  return { signer: new MemorySigner(importSigningKey(pair)), privateKey };
}

/** The same for any algorithm, also where the runtime knows no key of it. */
export async function makeAnySigner(algorithm: SignatureAlgorithm): Promise<MemorySigner> {
  const pair = await generateSigningKeyAsync(algorithm, algorithm.startsWith('RSA') ? { modulusBits: 2048 } : {});
  return new MemorySigner(importSigningKey(pair));
}
