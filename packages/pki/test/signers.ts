import { createPrivateKey, createPublicKey, type KeyObject } from 'node:crypto';
import {
  generateSigningKey,
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

/** A fresh key, as a signer of ours and as a key of the runtime, which also writes its SubjectPublicKeyInfo. */
export function makeSigner(algorithm: (typeof nativeAlgorithms)[number]): TestSigner {
  const pair = generateSigningKey(algorithm);
  using pkcs8 = privateKeyPkcs8(algorithm, pair.privateKey);
  const privateKey = pkcs8.open(secretAccess, (der) =>
    createPrivateKey({ key: Buffer.from(der), format: 'der', type: 'pkcs8' }),
  );
  const publicKey = new Uint8Array(createPublicKey(privateKey).export({ format: 'der', type: 'spki' }));
  return { signer: new MemorySigner({ key: importSigningKey(pair), publicKey }), privateKey };
}
