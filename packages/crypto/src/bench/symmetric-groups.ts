import { bareAead, bareDigest, bareHkdf, bareHmac } from '#native/bare-calls';
import { floeSuite } from '../floe/core.ts';
import { floeOpen, floeSeal } from '../floe/stream.ts';
import {
  hkdfSha256,
  hkdfSha384,
  hmacSha256,
  hmacSha384,
  randomBytes,
  sha3_256,
  sha256,
  sha384Concat,
} from '../hash.ts';
import { SecretBytes } from '../secret-bytes.ts';
import { combineShares, splitSecret } from '../sharing/secret-sharing.ts';
import { aeadOpen, aeadSeal, aeadSuites } from '../symmetric/aead-suites.ts';
import { formatPreservingDecrypt, formatPreservingEncrypt } from '../symmetric/format-preserving.ts';
import { hkdfSha512, hmacSha512, kmac256 } from '../symmetric/key-derivation.ts';
import { unwrapKey, wrapKey } from '../symmetric/key-wrap.ts';
import { deterministicOpen, deterministicSeal, generateDeterministicKey } from '../symmetric/searchable.ts';
import { type BenchGroup, rates } from './case.ts';

/** A field, a token, a small record. */
const smallBytes = 1024;
const small = randomBytes(smallBytes);
const aad = randomBytes(48);
const context = { purpose: 'bench', tenant: 'bench' };

const aeads: readonly BenchGroup[] = aeadSuites.map((suite) => ({
  algorithm: suite,
  prepare: async () => {
    const key = SecretBytes.random(32);
    const { nonce, sealed } = aeadSeal({ suite, key, aad, plaintext: small });
    const calls = {
      seal: () => aeadSeal({ suite, key, aad, plaintext: small }),
      open: () => aeadOpen({ suite, key, nonce, aad, sealed }),
    };
    return rates(calls, bareAead(suite, small, aad));
  },
}));

async function collect(pieces: AsyncIterable<Uint8Array>): Promise<Uint8Array[]> {
  const all: Uint8Array[] = [];
  for await (const piece of pieces) all.push(piece);
  return all;
}

const floe: BenchGroup = {
  algorithm: floeSuite,
  prepare: async () => {
    const key = SecretBytes.random(32);
    const plaintext = randomBytes(1024 * 1024);
    const how = { key, aad, segmentBytes: 1024 * 1024 };
    const sealed = await collect(floeSeal(how, [plaintext]));
    return rates(
      { 'seal 1 MiB': () => collect(floeSeal(how, [plaintext])), 'open 1 MiB': () => collect(floeOpen(how, sealed)) },
      renamed(bareAead('AES-256-GCM', plaintext, aad), ' 1 MiB'),
    );
  },
};

function renamed(calls: Readonly<Record<string, () => unknown>>, suffix: string) {
  return Object.fromEntries(Object.entries(calls).map(([operation, call]) => [`${operation}${suffix}`, call]));
}

const wraps: readonly BenchGroup[] = (['AES-256-KW', 'AES-256-KWP'] as const).map((algorithm) => ({
  algorithm,
  prepare: async () => {
    const [kek, key] = [SecretBytes.random(32), SecretBytes.random(32)];
    const wrapped = wrapKey({ algorithm, kek, key });
    return rates({
      wrap: () => wrapKey({ algorithm, kek, key }),
      unwrap: () => unwrapKey({ algorithm, kek, wrapped }).dispose(),
    });
  },
}));

const searchable: readonly BenchGroup[] = [
  {
    algorithm: 'AES-256-SIV',
    prepare: async () => {
      const key = generateDeterministicKey();
      const sealed = deterministicSeal({ key, context, plaintext: small });
      return rates({
        seal: () => deterministicSeal({ key, context, plaintext: small }),
        open: () => deterministicOpen({ key, context, sealed }),
      });
    },
  },
  {
    algorithm: 'FF1',
    prepare: async () => {
      const how = { key: SecretBytes.random(32), tweak: aad, alphabet: '0123456789', text: '4111111111111111' };
      return rates({ encrypt: () => formatPreservingEncrypt(how), decrypt: () => formatPreservingDecrypt(how) });
    },
  },
  {
    algorithm: 'Shamir-GF256',
    prepare: async () => {
      const secret = SecretBytes.random(32);
      const { set, shares } = await splitSecret({ secret, shares: 5, threshold: 3 });
      return rates({
        'split 3 of 5': () => splitSecret({ secret, shares: 5, threshold: 3 }),
        'combine 3 of 5': () => combineShares(set, shares.slice(0, 3)),
      });
    },
  },
];

const hashes: readonly BenchGroup[] = (
  [
    ['SHA-256', 'sha256', sha256],
    ['SHA-384', 'sha384', (bytes: Uint8Array) => sha384Concat([bytes])],
    ['SHA3-256', 'sha3-256', sha3_256],
  ] as const
).map(([algorithm, name, hash]) => ({
  algorithm,
  prepare: async () => rates({ digest: () => hash(small) }, bareDigest(name, small)),
}));

const macs: readonly BenchGroup[] = (
  [
    ['HMAC-SHA256', 'sha256', hmacSha256],
    ['HMAC-SHA384', 'sha384', hmacSha384],
    ['HMAC-SHA512', 'sha512', hmacSha512],
  ] as const
).map(([algorithm, name, mac]) => ({
  algorithm,
  prepare: async () => {
    const key = SecretBytes.random(32);
    return rates({ authenticate: () => mac(key, small) }, bareHmac(name, small));
  },
}));

const kmac: BenchGroup = {
  algorithm: 'KMAC256',
  prepare: async () => {
    const how = { key: SecretBytes.random(32), bytes: small, customization: aad, length: 32 };
    return rates({ authenticate: () => kmac256(how) });
  },
};

const derivations: readonly BenchGroup[] = (
  [
    ['HKDF-SHA256', 'sha256', hkdfSha256],
    ['HKDF-SHA384', 'sha384', hkdfSha384],
    ['HKDF-SHA512', 'sha512', hkdfSha512],
  ] as const
).map(([algorithm, name, derive]) => ({
  algorithm,
  prepare: async () => {
    const how = { ikm: SecretBytes.random(32), salt: randomBytes(32), info: aad, length: 32 };
    return rates({ derive: () => derive(how).dispose() }, bareHkdf(name, aad));
  },
}));

export const symmetricGroups: readonly BenchGroup[] = [
  ...aeads,
  floe,
  ...wraps,
  ...searchable,
  ...hashes,
  ...macs,
  kmac,
  ...derivations,
];
