import { constantTimeEqual, hkdfSha384, hmacSha384, SecretBytes } from '@quantumvault/crypto';
import { need } from './errors.ts';
import type { EnvelopeHeader } from './header/header.ts';

// ENV-2: each object has a data key of its own, and body and recipients have keys of their own derived from it. The
// core's hash is the salt, so a data key that was moved under another core derives other keys.

const utf8 = new TextEncoder();
const infos = { body: utf8.encode('QV1 body'), recipients: utf8.encode('QV1 recipients') } as const;
export const dataKeyBytes = 32;

export function newDataKey(): SecretBytes {
  return SecretBytes.random(dataKeyBytes);
}

export function bodyKey(dataKey: SecretBytes, coreHash: Uint8Array): SecretBytes {
  return hkdfSha384({ ikm: dataKey, salt: coreHash, info: infos.body, length: 32 });
}

export function recipientsTag(dataKey: SecretBytes, coreHash: Uint8Array, recipientsBytes: Uint8Array): Uint8Array {
  using key = hkdfSha384({ ikm: dataKey, salt: coreHash, info: infos.recipients, length: 48 });
  return hmacSha384(key, recipientsBytes);
}

/** ENV-5: whoever changed the recipients without the data key fails here. */
export function needRecipientsTag(dataKey: SecretBytes, header: EnvelopeHeader): void {
  const expected = recipientsTag(dataKey, header.coreHash, header.recipientsBytes);
  const isGenuine = constantTimeEqual(expected, header.recipientsTag);
  need(isGenuine, 'ENVELOPE_AUTHENTICATION_FAILED', 'the recipients were changed, or the key is another');
}
