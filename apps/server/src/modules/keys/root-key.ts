import {
  type EncryptionContext,
  type Sealed,
  type SecretBytes,
  seal,
  secretAccess,
  unsealSecret,
} from '@quantumvault/crypto';
import { keyErrors } from './errors.ts';

/** The root key while it is in memory. Everything below it is wrapped, and each wrap names its suite (CRY-9). */
export class RootKey {
  #key: SecretBytes | null = null;

  get isUnsealed(): boolean {
    return this.#key !== null;
  }

  unseal(key: SecretBytes): void {
    this.#key?.dispose();
    this.#key = key;
  }

  seal(): void {
    this.#key?.dispose();
    this.#key = null;
  }

  wrap(context: EncryptionContext, secret: SecretBytes): Sealed {
    const key = this.#required();
    return secret.open(secretAccess, (plaintext) => seal({ key, context, plaintext }));
  }

  unwrap(context: EncryptionContext, wrapped: { suite: string; bytes: Uint8Array }): SecretBytes {
    return unsealSecret({ key: this.#required(), context, sealed: wrapped });
  }

  #required(): SecretBytes {
    if (this.#key === null) throw keyErrors.KEYS_SEALED();
    return this.#key;
  }
}
