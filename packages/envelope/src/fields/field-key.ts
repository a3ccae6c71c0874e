import { SecretBytes } from '@quantumvault/crypto';
import { need } from '../errors.ts';

const keyBytes = 32;

function own(secret: SecretBytes): SecretBytes {
  need(secret.length === keyBytes, 'ENVELOPE_MALFORMED', 'a field key has 32 bytes');
  return secret;
}

/**
 * A field key that this system made and that nobody outside holds or has chosen. Compact values take no other, because
 * AES-256-GCM-SIV does not commit to its key: whoever chooses two keys can make one value that opens under both (ENV-3).
 */
export class OwnFieldKey implements Disposable {
  readonly #secret: SecretBytes;

  private constructor(secret: SecretBytes) {
    this.#secret = own(secret);
  }

  /** A new random key. */
  static generate(): OwnFieldKey {
    return new OwnFieldKey(SecretBytes.random(keyBytes));
  }

  /** A key that {@link generate} made and our own key backend kept. Never one that a customer brought or was given. */
  static kept(secret: SecretBytes): OwnFieldKey {
    return new OwnFieldKey(secret);
  }

  get secret(): SecretBytes {
    return this.#secret;
  }

  [Symbol.dispose](): void {
    this.#secret.dispose();
  }
}

/** A field key that somebody outside holds, has brought, or was given. Values under it are FLOE, which commits to its key. */
export class OutsideFieldKey implements Disposable {
  readonly #secret: SecretBytes;

  constructor(secret: SecretBytes) {
    this.#secret = own(secret);
  }

  get secret(): SecretBytes {
    return this.#secret;
  }

  [Symbol.dispose](): void {
    this.#secret.dispose();
  }
}
