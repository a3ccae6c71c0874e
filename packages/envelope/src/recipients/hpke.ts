import { encodeCbor } from '@quantumvault/cbor';
import { hpkeSeal, hpkeSuites, type RecipientKey, SecretBytes, secretAccess } from '@quantumvault/crypto';
import { asEnvelopeError, EnvelopeError, need } from '../errors.ts';
import type { HpkeRecipientInfo } from '../header/recipients.ts';
import type { PublicRecipient } from '../text/key-text.ts';

/** A private key that can open what was sealed to its public half. */
export interface HpkeOpeningKey {
  readonly type: 'hpke';
  readonly keyId: string;
  readonly keyVersion: number;
  readonly key: RecipientKey;
}

interface WrapFacts {
  readonly suite: string;
  readonly keyId: string;
  readonly keyVersion: number;
}

/** QV1-41: a wrap is bound to the core, its type, suite, key and version, so it opens in its own place alone. */
function wrapInfo(coreHash: Uint8Array, { suite, keyId, keyVersion }: WrapFacts): Uint8Array {
  return encodeCbor(['QV1 wrap', coreHash, 'hpke', suite, keyId, keyVersion]);
}

export function wrapToRecipient(
  dataKey: SecretBytes,
  coreHash: Uint8Array,
  { suite, publicKey, keyId, keyVersion }: PublicRecipient,
): HpkeRecipientInfo {
  const info = wrapInfo(coreHash, { suite, keyId, keyVersion });
  const { enc, ciphertext: wrapped } = dataKey.open(secretAccess, (plaintext) =>
    hpkeSeal({ suite, publicKey, info, aad: coreHash, plaintext }),
  );
  return { type: 'hpke', suite, keyId, keyVersion, enc, wrapped };
}

export function unwrapFromRecipient(
  recipient: HpkeRecipientInfo,
  coreHash: Uint8Array,
  { key }: HpkeOpeningKey,
): SecretBytes {
  const { suite, enc, wrapped } = recipient;
  const isKnown = hpkeSuites.some((known) => known === suite);
  need(isKnown, 'ENVELOPE_UNSUPPORTED', 'the suite of the recipient is not offered');
  try {
    const info = wrapInfo(coreHash, recipient);
    return SecretBytes.take(key.open({ suite, enc, info, aad: coreHash, ciphertext: wrapped }));
  } catch (error) {
    // A wrong length of `enc` is as much a forgery as a wrong byte in it.
    const mapped = asEnvelopeError(error);
    throw mapped instanceof EnvelopeError
      ? new EnvelopeError('ENVELOPE_AUTHENTICATION_FAILED', 'the data key does not unwrap with this key', {
          cause: error,
        })
      : mapped;
  }
}
