import { need } from './errors.ts';
import { SecretBytes, secretAccess } from './secret-bytes.ts';
import type { SignatureAlgorithm } from './signature-schemes.ts';

// What stands before a seed of 32 bytes in PKCS#8: RFC 8410 for Ed25519, RFC 9881 for ML-DSA (the seed alone, tag [0]).
const mlDsa = (set: number): string => `3034020100300b06096086480165030403${set.toString(16)}04228020`;
const prefixes: Readonly<Partial<Record<SignatureAlgorithm, string>>> = {
  Ed25519: '302e020100300506032b657004220420',
  'ML-DSA-44': mlDsa(17),
  'ML-DSA-65': mlDsa(18),
  'ML-DSA-87': mlDsa(19),
};

/** A private key of `generateSigningKey` as PKCS#8 DER, for PEM files and other libraries. The caller disposes of both. */
export function privateKeyPkcs8(algorithm: SignatureAlgorithm, privateKey: SecretBytes): SecretBytes {
  const prefix = prefixes[algorithm];
  return privateKey.open(secretAccess, (bytes) => {
    if (prefix === undefined) return SecretBytes.take(bytes.slice());
    need(bytes.length === 32, 'CRYPTO_KEY_INVALID', 'the private key is a seed of 32 bytes');
    const head = prefix.match(/../g)?.map((pair) => Number.parseInt(pair, 16)) ?? [];
    const der = new Uint8Array(head.length + bytes.length);
    der.set(head);
    der.set(bytes, head.length);
    return SecretBytes.take(der);
  });
}
