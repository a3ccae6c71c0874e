/** Our cryptography against the runtime's calls that it stands on (QUA-1). */
import * as native from 'node:crypto';
import {
  encodeContext,
  generateRecipient,
  generateSigningKey,
  hpkeSeal,
  importRecipient,
  importSigningKey,
  importVerifyKey,
  SecretBytes,
  seal,
  sha3_256,
} from '@quantumvault/crypto';
import { type Bench, compare } from '../bench.ts';

const context = { purpose: 'bench', tenant: '019a0000-0000-7000-8000-000000000000' };
const message = native.randomBytes(400);

/** AES-256-GCM as an application would call it directly: fresh nonce, additional data, one output. */
function nativeSeal(key: Uint8Array, aad: Uint8Array, plaintext: Uint8Array): Uint8Array {
  const nonce = native.randomBytes(12);
  const cipher = native.createCipheriv('aes-256-gcm', key, nonce);
  cipher.setAAD(aad);
  return Buffer.concat([nonce, cipher.update(plaintext), cipher.final(), cipher.getAuthTag()]);
}

function nativeOpen(key: Uint8Array, aad: Uint8Array, sealed: Uint8Array): Uint8Array {
  const decipher = native.createDecipheriv('aes-256-gcm', key, sealed.subarray(0, 12));
  decipher.setAAD(aad);
  decipher.setAuthTag(sealed.subarray(-16));
  return Buffer.concat([decipher.update(sealed.subarray(12, -16)), decipher.final()]);
}

function sealBench(id: string, size: string, bytes: number, ratio: number | null): Bench {
  const raw = native.randomBytes(32);
  const aad = encodeContext('AES-256-GCM', context);
  const key = SecretBytes.take(Uint8Array.from(raw));
  const plaintext = native.randomBytes(bytes);
  return {
    id: `crypto.aes-256-gcm.seal.${id}`,
    name: `AES-256-GCM seal, ${size}`,
    unit: 'ops/s',
    target: ratio === null ? null : { ratio },
    run: () =>
      compare(
        () => void seal({ key, context, plaintext }),
        () => void nativeSeal(raw, aad, plaintext),
      ),
  };
}

type SignatureName = 'ML-DSA-44' | 'ML-DSA-65' | 'ML-DSA-87' | 'Ed25519' | 'ECDSA-P256-SHA256';

function nativeKeys(algorithm: SignatureName): { publicKey: native.KeyObject; privateKey: native.KeyObject } {
  if (algorithm === 'ML-DSA-44') return native.generateKeyPairSync('ml-dsa-44');
  if (algorithm === 'ML-DSA-65') return native.generateKeyPairSync('ml-dsa-65');
  if (algorithm === 'ML-DSA-87') return native.generateKeyPairSync('ml-dsa-87');
  if (algorithm === 'Ed25519') return native.generateKeyPairSync('ed25519');
  return native.generateKeyPairSync('ec', { namedCurve: 'P-256' });
}

function signatureBenches(algorithm: SignatureName): Bench[] {
  const digest = algorithm === 'ECDSA-P256-SHA256' ? 'sha256' : null;
  const pair = nativeKeys(algorithm);
  const nativeSignature = native.sign(digest, message, pair.privateKey);
  const generated = generateSigningKey(algorithm);
  const signer = importSigningKey({ algorithm, privateKey: generated.privateKey });
  const verifier = importVerifyKey({ algorithm, publicKey: generated.publicKey });
  const signature = signer.sign(message);
  if (!verifier.verify({ message, signature })) throw new Error(`${algorithm} does not verify what it signed`);
  const id = `crypto.${algorithm.toLowerCase()}`;
  // Only the post-quantum algorithms have a promise; the others are printed beside them.
  const target = algorithm.startsWith('ML-DSA-') ? { ratio: 0.9 } : null;
  const sign = () =>
    compare(
      () => void signer.sign(message),
      () => void native.sign(digest, message, pair.privateKey),
    );
  const verify = () =>
    compare(
      () => void verifier.verify({ message, signature }),
      () => void native.verify(digest, message, pair.publicKey, nativeSignature),
    );
  return [
    { id: `${id}.sign`, name: `${algorithm} sign, 400 bytes`, unit: 'ops/s', target, run: sign },
    { id: `${id}.verify`, name: `${algorithm} verify, 400 bytes`, unit: 'ops/s', target, run: verify },
  ];
}

const raw = (key: native.KeyObject): Buffer => key.export({ format: 'raw-public' });
const importRaw = (bytes: Buffer, asymmetricKeyType: 'ml-kem-768' | 'x25519'): native.KeyObject =>
  native.createPublicKey({ key: bytes, format: 'raw-public', asymmetricKeyType });

/**
 * HPKE with X-Wing against the native calls that no implementation can do without: importing the public keys from
 * bytes, ML-KEM-768, X25519, SHA3-256 over both secrets, the four HMACs of the key schedule, and the AEAD. A sender
 * meets a recipient as bytes; a receiver keeps its private keys imported.
 */
function hpkeBenches(): Bench[] {
  const info = Buffer.from('bench');
  const aad = Buffer.from('aad');
  const plaintext = native.randomBytes(1024);
  const { suite, publicKey, privateKey } = generateRecipient();
  const recipient = importRecipient(privateKey);
  const sealed = hpkeSeal({ suite, publicKey, info, aad, plaintext });

  const kem = native.generateKeyPairSync('ml-kem-768');
  const curve = native.generateKeyPairSync('x25519');
  const ephemeral = native.generateKeyPairSync('x25519');
  const rawKem = raw(kem.publicKey);
  const rawCurve = raw(curve.publicKey);
  const rawEphemeral = raw(ephemeral.publicKey);
  const { ciphertext } = native.encapsulate(kem.publicKey);

  const schedule = (pq: Uint8Array, classical: Uint8Array, sent: Buffer): Buffer => {
    let key = native.createHash('sha3-256').update(pq).update(classical).update(sent).update(rawCurve).digest();
    for (let step = 0; step < 4; step += 1) key = native.createHmac('sha256', key).update(info).digest();
    return key;
  };
  const nativeSend = (): void => {
    const { sharedKey } = native.encapsulate(importRaw(rawKem, 'ml-kem-768'));
    const fresh = native.generateKeyPairSync('x25519');
    const shared = native.diffieHellman({ privateKey: fresh.privateKey, publicKey: importRaw(rawCurve, 'x25519') });
    nativeSeal(schedule(sharedKey, shared, raw(fresh.publicKey)), aad, plaintext);
  };
  const receivedKey = (): Buffer =>
    schedule(
      native.decapsulate(kem.privateKey, ciphertext),
      native.diffieHellman({ privateKey: curve.privateKey, publicKey: importRaw(rawEphemeral, 'x25519') }),
      rawEphemeral,
    );
  const nativeSealed = nativeSeal(receivedKey(), aad, plaintext);
  const nativeReceive = (): void => void nativeOpen(receivedKey(), aad, nativeSealed);

  const send = () => compare(() => void hpkeSeal({ suite, publicKey, info, aad, plaintext }), nativeSend);
  const receive = () =>
    compare(
      () => void recipient.open({ suite, enc: sealed.enc, info, aad, ciphertext: sealed.ciphertext }),
      nativeReceive,
    );
  const target = { ratio: 0.9 };
  return [
    { id: 'crypto.hpke-x-wing.seal', name: 'HPKE X-Wing seal, 1 KiB', unit: 'ops/s', target, run: send },
    { id: 'crypto.hpke-x-wing.open', name: 'HPKE X-Wing open, 1 KiB', unit: 'ops/s', target, run: receive },
  ];
}

const digestBench: Bench = {
  id: 'crypto.sha3-256.leaf',
  name: 'SHA3-256 of a 400-byte event',
  unit: 'ops/s',
  // QUA-5 verifies 100,000 events a second; hashing alone must leave room for the rest.
  target: { value: 200_000 },
  run: () =>
    compare(
      () => void sha3_256(message),
      () => void native.createHash('sha3-256').update(message).digest(),
    ),
};

export const benches: readonly Bench[] = [
  sealBench('1k', '1 KiB', 1024, null),
  sealBench('1m', '1 MiB', 1024 * 1024, 0.7),
  ...signatureBenches('ML-DSA-44'),
  ...signatureBenches('ML-DSA-65'),
  ...signatureBenches('ML-DSA-87'),
  ...signatureBenches('Ed25519'),
  ...signatureBenches('ECDSA-P256-SHA256'),
  ...hpkeBenches(),
  digestBench,
];
