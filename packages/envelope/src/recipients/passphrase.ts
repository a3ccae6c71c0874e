import { encodeCbor } from '@quantumvault/cbor';
import {
  derivePasswordKey,
  gcmOpen,
  gcmSeal,
  type PasswordLevel,
  passwordKeyCost,
  randomBytes,
  SecretBytes,
  secretAccess,
} from '@quantumvault/crypto';
import { asEnvelopeError, EnvelopeError, need } from '../errors.ts';
import type { PassphraseRecipientInfo } from '../header/recipients.ts';

const suites = { kdf: 'Argon2id', aead: 'AES-256-GCM' } as const;
const saltBytes = 32;

type Facts = Omit<PassphraseRecipientInfo, 'type' | 'nonce' | 'wrapped'>;

function wrapData(coreHash: Uint8Array, { kdf, aead, salt, memoryKib, passes, lanes }: Facts): Uint8Array {
  return encodeCbor(['QV1 wrap', coreHash, 'passphrase', kdf, aead, salt, memoryKib, passes, lanes]);
}

/**
 * Wraps a data key under a passphrase. AES-GCM alone would let one wrap open under many passphrases; here the
 * recipients' tag, which comes from the data key, holds for one of them only, and both failures look alike.
 */
export async function wrapWithPassphrase(
  dataKey: SecretBytes,
  coreHash: Uint8Array,
  { passphrase, level }: { readonly passphrase: SecretBytes; readonly level: PasswordLevel },
): Promise<PassphraseRecipientInfo> {
  const cost = passwordKeyCost(level);
  const salt = randomBytes(saltBytes);
  const facts = { ...suites, salt, memoryKib: cost.memoryKib, passes: cost.passes, lanes: cost.parallelism };
  using key = await derivePasswordKey(passphrase, { salt, cost });
  const aad = wrapData(coreHash, facts);
  const { nonce, sealed: wrapped } = dataKey.open(secretAccess, (plaintext) => gcmSeal({ key, aad, plaintext }));
  return { type: 'passphrase', ...facts, nonce, wrapped };
}

export async function unwrapWithPassphrase(
  recipient: PassphraseRecipientInfo,
  coreHash: Uint8Array,
  passphrase: SecretBytes,
): Promise<SecretBytes> {
  const isKnown = recipient.kdf === suites.kdf && recipient.aead === suites.aead;
  need(isKnown, 'ENVELOPE_UNSUPPORTED', 'the suite of the passphrase is not offered');
  const { salt, memoryKib, passes, lanes, nonce, wrapped } = recipient;
  try {
    const cost = { memoryKib, passes, parallelism: lanes };
    using key = await derivePasswordKey(passphrase, { salt, cost });
    return SecretBytes.take(gcmOpen({ key, nonce, aad: wrapData(coreHash, recipient), sealed: wrapped }));
  } catch (error) {
    const mapped = asEnvelopeError(error);
    if (!(mapped instanceof EnvelopeError) || mapped.code === 'ENVELOPE_LIMIT') throw mapped;
    throw new EnvelopeError('ENVELOPE_AUTHENTICATION_FAILED', 'the passphrase is wrong, or the envelope was changed', {
      cause: error,
    });
  }
}
