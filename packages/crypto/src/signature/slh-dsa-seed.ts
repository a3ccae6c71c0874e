import { runVetted } from '#native/vetted-thread';
import { CryptoError, need } from '../errors.ts';
import { type CryptoPool, cryptoPool } from '../pool.ts';
import { algorithm as registered } from '../registry/registry.ts';
import { SecretBytes, secretAccess } from '../secret-bytes.ts';
import { slhDsaAlgorithms } from '../signature-schemes.ts';

/**
 * The private key of `SigningKeyPair` from the three seeds of an SLH-DSA key (SK.seed, SK.prf and PK.seed of FIPS 205, one after
 * the other). It takes up to seconds, on a thread: keep the result. The caller disposes of both. Throws
 * CRYPTO_ALGORITHM_UNKNOWN and CRYPTO_KEY_INVALID.
 */
export async function slhDsaPrivateKeyFromSeed(
  algorithm: (typeof slhDsaAlgorithms)[number],
  seed: SecretBytes,
  pool: CryptoPool = cryptoPool,
): Promise<SecretBytes> {
  const set = slhDsaAlgorithms.find((known) => known === algorithm);
  need(set !== undefined, 'CRYPTO_ALGORITHM_UNKNOWN', 'this is no parameter set of SLH-DSA');
  const bytes = registered(set).sizes.seed;
  need(seed.length === bytes, 'CRYPTO_KEY_INVALID', `the seeds of ${set} have ${bytes} bytes`);
  return pool.run('worker', async () => {
    const secret = seed.open(secretAccess, (own) => own.slice());
    const key = await runVetted({ kind: 'slh-dsa-key', set, secret });
    if (key instanceof Uint8Array) return SecretBytes.take(key);
    throw new CryptoError('CRYPTO_KEY_INVALID', 'no key was made');
  });
}
