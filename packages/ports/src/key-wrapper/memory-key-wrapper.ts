import { AeadKey, CryptoError, SecretBytes, secretAccess } from '@quantumvault/crypto';
import { type KeyWrapper, KeyWrapperError, type KeyWrapperState, type WrapTarget } from './key-wrapper.ts';

interface HeldKey {
  readonly secret: SecretBytes;
  state: KeyWrapperState | 'enabled';
}

const limits = { dataKey: 32, binding: 1024, wrapped: 4096 } as const;
const overhead = 28;

/** A key wrapper in memory: for tests, and for installations whose root key opens their key-encryption keys. */
export class MemoryKeyWrapper implements KeyWrapper, Disposable {
  readonly #keys = new Map<string, HeldKey>();

  /** Takes a key of 32 bytes; a random one without `secret`. */
  add(keyId: string, keyVersion: number, secret: SecretBytes = SecretBytes.random(32)): void {
    this.#keys.set(nameOf({ keyId, keyVersion }), { secret, state: 'enabled' });
  }

  /** Destroying erases the key; every other state can be left again. Throws KEY_WRAPPER_NOT_FOUND. */
  setState(keyId: string, keyVersion: number, state: KeyWrapperState | 'enabled'): void {
    const held = this.#find({ keyId, keyVersion });
    if (held.state === 'destroyed') return;
    if (state === 'destroyed') held.secret.dispose();
    held.state = state;
  }

  async wrap(dataKey: SecretBytes, target: WrapTarget): Promise<Uint8Array> {
    const key = this.#usable(target);
    if (dataKey.length !== limits.dataKey) {
      throw new KeyWrapperError('KEY_WRAPPER_LIMIT', `a data key has ${limits.dataKey} bytes`);
    }
    const wrapped = new Uint8Array(limits.dataKey + overhead);
    dataKey.open(secretAccess, (plaintext) => key.sealInto(wrapped, 0, { aad: target.binding, plaintext }));
    return wrapped;
  }

  async unwrap(wrapped: Uint8Array, target: WrapTarget): Promise<SecretBytes> {
    const key = this.#usable(target);
    if (wrapped.length > limits.wrapped) {
      throw new KeyWrapperError('KEY_WRAPPER_LIMIT', `a wrapped key has at most ${limits.wrapped} bytes`);
    }
    try {
      return SecretBytes.take(key.openFrom(wrapped, 0, target.binding));
    } catch (cause) {
      if (!(cause instanceof CryptoError)) throw cause;
      throw new KeyWrapperError('KEY_WRAPPER_UNAUTHENTIC', 'the wrapped key does not open', { cause });
    }
  }

  [Symbol.dispose](): void {
    for (const { secret } of this.#keys.values()) secret.dispose();
    this.#keys.clear();
  }

  #find(target: Pick<WrapTarget, 'keyId' | 'keyVersion'>): HeldKey {
    const held = this.#keys.get(nameOf(target));
    if (held === undefined) throw new KeyWrapperError('KEY_WRAPPER_NOT_FOUND', 'there is no such key');
    return held;
  }

  #usable(target: WrapTarget): AeadKey {
    const { length } = target.binding;
    if (length === 0 || length > limits.binding) {
      throw new KeyWrapperError('KEY_WRAPPER_LIMIT', `a binding has 1 to ${limits.binding} bytes`);
    }
    const { secret, state } = this.#find(target);
    if (state !== 'enabled') throw new KeyWrapperError('KEY_WRAPPER_STATE', `the key is ${state}`, { state });
    // Wraps of one key may be many, and a repeated nonce then only shows equal data keys, which there are none of (CRY-1).
    return new AeadKey('AES-256-GCM-SIV', secret);
  }
}

const nameOf = ({ keyId, keyVersion }: Pick<WrapTarget, 'keyId' | 'keyVersion'>): string => `${keyVersion} ${keyId}`;
