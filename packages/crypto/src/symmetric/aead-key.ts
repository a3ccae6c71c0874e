import { nativeAeadOpen, nativeAeadSealAt } from '#native/aead-suites';
import { CryptoError, need } from '../errors.ts';
import { type SecretBytes, secretAccess } from '../secret-bytes.ts';
import { type AeadSuite, aeadSizes, aeadSuite } from './aead-suites.ts';
import { nextNonce } from './nonce-pool.ts';

const { nonce: nonceBytes, tag: tagBytes, plaintextMax, aadMax } = aeadSizes;
const overhead = nonceBytes + tagBytes;

/**
 * A key for many small values: suite and key are checked once, and each value costs little beside the cipher itself. A
 * sealed value is nonce, ciphertext and tag, 28 bytes over the plaintext, at a place in memory of the caller's. The secret stays
 * the caller's to dispose of. Under one key fewer than 2^32 values are sealed.
 */
export class AeadKey {
  readonly suite: AeadSuite;
  readonly #key: SecretBytes;

  /** Throws CRYPTO_SUITE_UNSUPPORTED and CRYPTO_KEY_INVALID. */
  constructor(suite: AeadSuite, key: SecretBytes) {
    this.suite = aeadSuite(suite);
    need(key.length === aeadSizes.key, 'CRYPTO_KEY_INVALID', `${suite} takes a key of ${aeadSizes.key} bytes`);
    this.#key = key;
  }

  /** Seals `plaintext` into `out`, from `at` to its end, under a random nonce. Throws CRYPTO_LIMIT and CRYPTO_MALFORMED. */
  sealInto(
    out: Uint8Array,
    at: number,
    { aad, plaintext }: { readonly aad: Uint8Array; readonly plaintext: Uint8Array },
  ) {
    needAad(aad);
    const { length } = plaintext;
    need(length <= plaintextMax, 'CRYPTO_LIMIT', `one sealed value holds at most ${plaintextMax} bytes`);
    const fits = at >= 0 && out.length - at === length + overhead;
    need(fits, 'CRYPTO_MALFORMED', 'the room for a sealed value is 28 bytes more than the plaintext');
    const nonce = nextNonce(nonceBytes);
    out.set(nonce, at);
    this.#key.open(secretAccess, (raw) =>
      nativeAeadSealAt({ name: this.suite, key: raw, nonce, aad }, plaintext, out, at + nonceBytes),
    );
  }

  /** Opens what stands in `sealed` from `at` on. Throws CRYPTO_MALFORMED, CRYPTO_LIMIT and CRYPTO_AUTHENTICATION_FAILED. */
  openFrom(sealed: Uint8Array, at: number, aad: Uint8Array): Uint8Array {
    needAad(aad);
    const length = sealed.length - at - overhead;
    need(length >= 0, 'CRYPTO_MALFORMED', 'the sealed value is too short');
    need(length <= plaintextMax, 'CRYPTO_LIMIT', `one value holds at most ${plaintextMax} bytes`);
    const [nonce, rest] = [sealed.subarray(at, at + nonceBytes), sealed.subarray(at + nonceBytes)];
    const plaintext = this.#key.open(secretAccess, (raw) => nativeAeadOpen(this.suite, raw, nonce, aad, rest));
    if (plaintext !== undefined) return plaintext;
    throw new CryptoError('CRYPTO_AUTHENTICATION_FAILED', 'the value does not open with this key, nonce and data');
  }
}

function needAad(aad: Uint8Array): void {
  // The type has it; a caller without types could leave it out, and the cipher would then bind nothing.
  need(aad instanceof Uint8Array, 'CRYPTO_OPTION_UNSUPPORTED', 'additional data is mandatory');
  need(aad.length <= aadMax, 'CRYPTO_LIMIT', `additional data holds at most ${aadMax} bytes`);
}
