/** QUA-1: KEMs through our API against the runtime's calls that no implementation can do without. */
import * as native from 'node:crypto';
import { generateKemKey, type KemName, kemEncapsulateTo } from '@quantumvault/crypto';
import { type Bench, compare } from '../bench.ts';

type MlKem = 'ml-kem-512' | 'ml-kem-768' | 'ml-kem-1024';

/** What one KEM costs when the runtime is called directly, with keys that come and go as bytes. */
interface Bare {
  generate(): void;
  encapsulate(): void;
  decapsulate(): void;
}

const raw = (key: native.KeyObject): Buffer => key.export({ format: 'raw-public' });

function generateMlKem(type: MlKem): { publicKey: native.KeyObject; privateKey: native.KeyObject } {
  if (type === 'ml-kem-512') return native.generateKeyPairSync('ml-kem-512');
  return type === 'ml-kem-768' ? native.generateKeyPairSync('ml-kem-768') : native.generateKeyPairSync('ml-kem-1024');
}

function bareMlKem(type: MlKem): Bare {
  const { publicKey, privateKey } = generateMlKem(type);
  const bytes = raw(publicKey);
  const { ciphertext } = native.encapsulate(publicKey);
  return {
    // Both halves as bytes: a key that cannot be kept is of no use.
    generate: () => {
      const pair = generateMlKem(type);
      raw(pair.publicKey);
      pair.privateKey.export({ format: 'raw-seed' });
    },
    encapsulate: () => {
      native.encapsulate(native.createPublicKey({ key: bytes, format: 'raw-public', asymmetricKeyType: type }));
    },
    decapsulate: () => {
      native.decapsulate(privateKey, ciphertext);
    },
  };
}

type Curve = 'x25519' | 'P-256' | 'P-384';

function generateCurve(curve: Curve): { publicKey: native.KeyObject; privateKey: native.KeyObject } {
  return curve === 'x25519'
    ? native.generateKeyPairSync('x25519')
    : native.generateKeyPairSync('ec', { namedCurve: curve });
}

function importCurve(curve: Curve, key: Buffer): native.KeyObject {
  return curve === 'x25519'
    ? native.createPublicKey({ key, format: 'raw-public', asymmetricKeyType: curve })
    : native.createPublicKey({ key, format: 'raw-public', asymmetricKeyType: 'ec', namedCurve: curve });
}

const importSeed = (type: MlKem, key: Buffer): native.KeyObject =>
  native.createPrivateKey({ key, format: 'raw-seed', asymmetricKeyType: type });

function importScalar(curve: Curve, key: Buffer): native.KeyObject {
  return curve === 'x25519'
    ? native.createPrivateKey({ key, format: 'raw-private', asymmetricKeyType: curve })
    : native.createPrivateKey({ key, format: 'raw-private', asymmetricKeyType: 'ec', namedCurve: curve });
}

/** ML-KEM, one Diffie-Hellman and the hash that joins them. */
function bareHybrid(type: MlKem, curve: Curve): Bare {
  const kem = bareMlKem(type);
  const { publicKey, privateKey } = generateCurve(curve);
  const bytes = raw(publicKey);
  const sent = raw(generateCurve(curve).publicKey);
  const scalarBytes = curve === 'P-384' ? 48 : 32;
  const join = (secret: Buffer): void => {
    native.createHash('sha3-256').update(secret).update(secret).update(sent).update(bytes).digest();
  };
  return {
    // The key of a hybrid is a seed that expands to both halves, so both are imported.
    generate: () => {
      const halves = native
        .createHash('shake256', { outputLength: 64 + scalarBytes })
        .update(native.randomBytes(32))
        .digest();
      raw(native.createPublicKey(importSeed(type, halves.subarray(0, 64))));
      raw(native.createPublicKey(importScalar(curve, halves.subarray(64))));
    },
    encapsulate: () => {
      kem.encapsulate();
      const ephemeral = generateCurve(curve);
      raw(ephemeral.publicKey);
      join(native.diffieHellman({ privateKey: ephemeral.privateKey, publicKey: importCurve(curve, bytes) }));
    },
    decapsulate: () => {
      kem.decapsulate();
      join(native.diffieHellman({ privateKey, publicKey: importCurve(curve, sent) }));
    },
  };
}

function kemBenches(name: KemName, bare: Bare, target: Bench['target']): Bench[] {
  const { key } = generateKemKey(name);
  const { enc } = kemEncapsulateTo(name, key.publicKey);
  const steps = {
    generate: () => compare(() => void generateKemKey(name), bare.generate),
    encapsulate: () => compare(() => void kemEncapsulateTo(name, key.publicKey), bare.encapsulate),
    decapsulate: () => compare(() => void key.decapsulate(enc), bare.decapsulate),
  };
  return Object.entries(steps).map(([step, run]) => ({
    id: `crypto.kem.${name.toLowerCase()}.${step}`,
    name: `${name} ${step}`,
    unit: 'ops/s',
    target,
    run,
  }));
}

const promised = { ratio: 0.9 };

export const benches: readonly Bench[] = [
  ...kemBenches('ML-KEM-512', bareMlKem('ml-kem-512'), promised),
  ...kemBenches('ML-KEM-768', bareMlKem('ml-kem-768'), promised),
  ...kemBenches('ML-KEM-1024', bareMlKem('ml-kem-1024'), promised),
  ...kemBenches('X-Wing', bareHybrid('ml-kem-768', 'x25519'), promised),
  ...kemBenches('MLKEM768-P256', bareHybrid('ml-kem-768', 'P-256'), null),
  ...kemBenches('MLKEM1024-P384', bareHybrid('ml-kem-1024', 'P-384'), null),
];
