/*
 * Recipients that are keys of a key backend (ENV-4, QV1-48): the backend wraps and unwraps, and the key never leaves it. What
 * it is asked names core, type, key and version, so a wrap opens in its own place alone.
 */
import { encodeCbor } from '@quantumvault/cbor';
import type { SecretBytes } from '@quantumvault/crypto';
import type { KeyWrapper } from '@quantumvault/ports';
import { EnvelopeError, type EnvelopeErrorCode } from '../errors.ts';
import type { KekRecipientInfo } from '../header/recipients.ts';

/** A key of a backend to seal to. */
export interface KekRecipient {
  readonly type: 'kek';
  readonly keyId: string;
  readonly keyVersion: number;
  readonly wrapper: KeyWrapper;
}

/** A backend to open with, and which of its keys this caller may use: an envelope can name any. */
export interface KekOpeningKeys {
  readonly type: 'kek';
  readonly wrapper: KeyWrapper;
  mayUse(keyId: string, keyVersion: number): boolean;
}

interface KeyName {
  readonly keyId: string;
  readonly keyVersion: number;
}

/** Codes of the port in our words. Errors are told by name: a backend may bring a class of its own. */
const codes: Readonly<Record<string, EnvelopeErrorCode>> = {
  KEY_WRAPPER_NOT_FOUND: 'ENVELOPE_KEY_NOT_FOUND',
  KEY_WRAPPER_STATE: 'ENVELOPE_KEY_STATE',
  KEY_WRAPPER_UNAUTHENTIC: 'ENVELOPE_AUTHENTICATION_FAILED',
  KEY_WRAPPER_LIMIT: 'ENVELOPE_BACKEND',
  KEY_WRAPPER_UNAVAILABLE: 'ENVELOPE_BACKEND',
};
const messages: Readonly<Partial<Record<EnvelopeErrorCode, string>>> = {
  ENVELOPE_KEY_NOT_FOUND: 'the key backend has no such key',
  ENVELOPE_AUTHENTICATION_FAILED: 'the data key does not unwrap with this key',
};

function bindingOf(coreHash: Uint8Array, { keyId, keyVersion }: KeyName): Uint8Array {
  return encodeCbor(['QV1 wrap', coreHash, 'kek', keyId, keyVersion]);
}

/** Whatever a backend throws is one of our kinds; its own error stays inside (ENV-9). */
function backendError(cause: unknown): EnvelopeError {
  const code = codes[textOf(cause, 'code')] ?? 'ENVELOPE_BACKEND';
  const state = textOf(cause, 'state');
  const reason = code === 'ENVELOPE_KEY_STATE' ? `the key is ${state === '' ? 'not usable' : state}` : undefined;
  return new EnvelopeError(code, reason ?? messages[code] ?? 'the key backend did not answer as it must', { cause });
}

function textOf(error: unknown, name: 'code' | 'state'): string {
  const value: unknown = error instanceof Error ? Reflect.get(error, name) : undefined;
  return typeof value === 'string' ? value : '';
}

/** Throws KEY_NOT_FOUND, KEY_STATE and BACKEND. */
export async function wrapWithKek(
  dataKey: SecretBytes,
  coreHash: Uint8Array,
  { keyId, keyVersion, wrapper }: KekRecipient,
): Promise<KekRecipientInfo> {
  try {
    const target = { keyId, keyVersion, binding: bindingOf(coreHash, { keyId, keyVersion }) };
    return { type: 'kek', keyId, keyVersion, wrapped: await wrapper.wrap(dataKey, target) };
  } catch (error) {
    throw backendError(error);
  }
}

/** Throws KEY_NOT_FOUND, KEY_STATE, BACKEND and AUTHENTICATION_FAILED. */
export async function unwrapWithKek(
  { keyId, keyVersion, wrapped }: KekRecipientInfo,
  coreHash: Uint8Array,
  { wrapper }: KekOpeningKeys,
): Promise<SecretBytes> {
  let dataKey: SecretBytes;
  try {
    dataKey = await wrapper.unwrap(wrapped, { keyId, keyVersion, binding: bindingOf(coreHash, { keyId, keyVersion }) });
  } catch (error) {
    throw backendError(error);
  }
  if (dataKey.length === 32) return dataKey;
  dataKey.dispose();
  throw new EnvelopeError('ENVELOPE_BACKEND', 'the key backend gave no data key');
}
