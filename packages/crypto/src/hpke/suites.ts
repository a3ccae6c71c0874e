import type { NativeAead } from '#native/aead-suites';
import { CryptoError } from '../errors.ts';
import type { HpkeKem } from './kem.ts';
import { hpkeKems } from './kems.ts';
import type { HpkeIds } from './key-schedule.ts';

/** The default: both halves are needed to open, and it is the fastest. */
export const hpkeSuite = 'HPKE-X-WING-HKDF-SHA256-AES-256-GCM';
/** Everything in it is on the list of CNSA 2.0. */
export const hpkeSuiteCnsa = 'HPKE-ML-KEM-1024-HKDF-SHA384-AES-256-GCM';
/** Hybrid of category 5. */
export const hpkeSuiteCategory5 = 'HPKE-MLKEM1024-P384-HKDF-SHA384-AES-256-GCM';
/** The first and the last with ChaCha20-Poly1305, where a policy asks for it (ENV-4). CNSA 2.0 has AES alone. */
export const hpkeSuiteChacha = 'HPKE-X-WING-HKDF-SHA256-CHACHA20-POLY1305';
export const hpkeSuiteCategory5Chacha = 'HPKE-MLKEM1024-P384-HKDF-SHA384-CHACHA20-POLY1305';

/** Suites for recipients of our own. Every stored wrap carries one of these names, and an unknown name is refused (CRY-9). */
export const hpkeSuites = [
  hpkeSuite,
  hpkeSuiteCnsa,
  hpkeSuiteCategory5,
  hpkeSuiteChacha,
  hpkeSuiteCategory5Chacha,
] as const;
export type HpkeSuiteId = (typeof hpkeSuites)[number];

interface HpkeSuite {
  readonly id: string;
  readonly ids: HpkeIds;
  readonly kem: HpkeKem;
  /** Registry id. */
  readonly aead: NativeAead;
}

interface Part<T> {
  readonly name: string;
  readonly id: number;
  readonly part: T;
}

/*
 * What others write is opened in every combination of these parts; what is stored here is one of `hpkeSuites`. Only AEADs
 * with 256-bit keys are parts (CRY-1), and a name is the names of its parts.
 */
const kems: readonly Part<HpkeKem>[] = [
  { name: 'X-WING', id: 0x647a, part: hpkeKems['X-Wing'] },
  { name: 'ML-KEM-512', id: 0x0040, part: hpkeKems['ML-KEM-512'] },
  { name: 'ML-KEM-768', id: 0x0041, part: hpkeKems['ML-KEM-768'] },
  { name: 'ML-KEM-1024', id: 0x0042, part: hpkeKems['ML-KEM-1024'] },
  { name: 'MLKEM768-P256', id: 0x0050, part: hpkeKems['MLKEM768-P256'] },
  { name: 'MLKEM1024-P384', id: 0x0051, part: hpkeKems['MLKEM1024-P384'] },
  { name: 'DHKEM-P256', id: 0x0010, part: hpkeKems['DHKEM-P256-HKDF-SHA256'] },
  { name: 'DHKEM-P384', id: 0x0011, part: hpkeKems['DHKEM-P384-HKDF-SHA384'] },
  { name: 'DHKEM-P521', id: 0x0012, part: hpkeKems['DHKEM-P521-HKDF-SHA512'] },
  { name: 'DHKEM-X25519', id: 0x0020, part: hpkeKems['DHKEM-X25519-HKDF-SHA256'] },
  { name: 'DHKEM-X448', id: 0x0021, part: hpkeKems['DHKEM-X448-HKDF-SHA512'] },
];
const kdfs = [
  { name: 'HKDF-SHA256', id: 0x0001 },
  { name: 'HKDF-SHA384', id: 0x0002 },
  { name: 'HKDF-SHA512', id: 0x0003 },
  { name: 'SHAKE128', id: 0x0010 },
  { name: 'SHAKE256', id: 0x0011 },
  { name: 'TURBOSHAKE128', id: 0x0012 },
  { name: 'TURBOSHAKE256', id: 0x0013 },
];
const aeads: readonly Part<NativeAead>[] = [
  { name: 'AES-256-GCM', id: 0x0002, part: 'AES-256-GCM' },
  { name: 'CHACHA20-POLY1305', id: 0x0003, part: 'ChaCha20-Poly1305' },
];

const known: ReadonlyMap<string, HpkeSuite> = new Map(
  kems.flatMap((kem) =>
    kdfs.flatMap((kdf) =>
      aeads.map((aead): [string, HpkeSuite] => {
        const id = `HPKE-${kem.name}-${kdf.name}-${aead.name}`;
        return [id, { id, ids: { kem: kem.id, kdf: kdf.id, aead: aead.id }, kem: kem.part, aead: aead.part }];
      }),
    ),
  ),
);

/** Throws CRYPTO_SUITE_UNSUPPORTED for any other name. */
export function hpkeSuiteOf(name: string): HpkeSuite {
  const suite = known.get(name);
  if (suite === undefined) throw new CryptoError('CRYPTO_SUITE_UNSUPPORTED', 'the HPKE suite is not offered');
  return suite;
}

/** The name of a suite by its numbers in the IANA registry, or undefined when a part is not offered. */
export function findHpkeSuite(ids: HpkeIds): string | undefined {
  for (const { id, ids: own } of known.values()) {
    if (own.kem === ids.kem && own.kdf === ids.kdf && own.aead === ids.aead) return id;
  }
  return undefined;
}
