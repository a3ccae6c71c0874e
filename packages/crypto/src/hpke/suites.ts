import { CryptoError } from '../errors.ts';
import type { Kem } from './kem.ts';
import type { HpkeIds } from './key-schedule.ts';
import { mlkem1024, mlkem1024P384 } from './mlkem.ts';
import { xwingKem } from './xwing.ts';

/** The default: both halves are needed to open, and it is the fastest. */
export const hpkeSuite = 'HPKE-X-WING-HKDF-SHA256-AES-256-GCM';
/** Everything in it is on the list of CNSA 2.0. */
export const hpkeSuiteCnsa = 'HPKE-ML-KEM-1024-HKDF-SHA384-AES-256-GCM';
/** Hybrid of category 5. */
export const hpkeSuiteCategory5 = 'HPKE-MLKEM1024-P384-HKDF-SHA384-AES-256-GCM';

/** Every stored wrap carries one of these names, and an unknown name is refused (CRY-9). */
export const hpkeSuites = [hpkeSuite, hpkeSuiteCnsa, hpkeSuiteCategory5] as const;
export type HpkeSuiteId = (typeof hpkeSuites)[number];

interface HpkeSuite {
  readonly id: HpkeSuiteId;
  readonly ids: HpkeIds;
  readonly kem: Kem;
}

const known: readonly HpkeSuite[] = [
  { id: hpkeSuite, ids: { kem: 0x647a, kdf: 0x0001, aead: 0x0002 }, kem: xwingKem },
  { id: hpkeSuiteCnsa, ids: { kem: 0x0042, kdf: 0x0002, aead: 0x0002 }, kem: mlkem1024 },
  { id: hpkeSuiteCategory5, ids: { kem: 0x0051, kdf: 0x0002, aead: 0x0002 }, kem: mlkem1024P384 },
];

/** Throws CRYPTO_SUITE_UNSUPPORTED for any other name. */
export function hpkeSuiteOf(name: string): HpkeSuite {
  const suite = known.find(({ id }) => id === name);
  if (suite === undefined) throw new CryptoError('CRYPTO_SUITE_UNSUPPORTED', 'the HPKE suite is not offered');
  return suite;
}
