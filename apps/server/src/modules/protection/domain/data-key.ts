import {
  encodeContext,
  generateRecipient,
  type HpkeSuiteId,
  hpkeOpen,
  hpkeSeal,
  hpkeSuite,
  SecretBytes,
  secretAccess,
} from '@quantumvault/crypto';
import type { TenantId } from '../../../kernel/ids.ts';

/** The names that a wrapped data key is bound to; none of them can be exchanged for another's. */
export interface DataKeyBinding {
  readonly tenantId: TenantId;
  readonly assetId: string;
  readonly recipientKeyId: string;
  readonly dataKeyId: string;
  readonly keyVersion: number;
}

/** A data key under a hybrid recipient: public, useless without the recipient's private key. */
export interface WrappedDataKey {
  readonly suite: string;
  readonly enc: Uint8Array;
  readonly ciphertext: Uint8Array;
}

export const encBytes = 1120;
const dataKeyBytes = 32;

/** ENV-4: each wrap binds recipient type, key id and version, beside tenant and asset; the suite is part of the encoding. */
export function dataKeyBytesBound(binding: DataKeyBinding): { info: Uint8Array; aad: Uint8Array } {
  const common = {
    tenant: binding.tenantId,
    asset: binding.assetId,
    recipientType: 'X-Wing',
    recipientKey: binding.recipientKeyId,
    keyVersion: String(binding.keyVersion),
  };
  return {
    info: encodeContext(hpkeSuite, { ...common, purpose: 'data-key-recipient' }),
    aad: encodeContext(hpkeSuite, { ...common, purpose: 'data-key', dataKey: binding.dataKeyId }),
  };
}

/** What the recipient's seed is bound to under the tenant's KEK. */
export const recipientWrapContext = (binding: Pick<DataKeyBinding, 'assetId' | 'recipientKeyId' | 'keyVersion'>) => ({
  purpose: 'asset-recipient',
  asset: binding.assetId,
  key: binding.recipientKeyId,
  keyVersion: String(binding.keyVersion),
  algorithm: 'X-Wing',
});

/** Makes a hybrid recipient and a 32-byte data key wrapped to it. The caller disposes of `recipientSeed`. */
export function makeDataKey(binding: DataKeyBinding): {
  readonly publicKey: Uint8Array;
  readonly recipientSeed: SecretBytes;
  readonly wrapped: WrappedDataKey & { readonly suite: HpkeSuiteId };
} {
  const recipient = generateRecipient();
  using dataKey = SecretBytes.random(dataKeyBytes);
  const wrapped = dataKey.open(secretAccess, (plaintext) =>
    hpkeSeal({ suite: recipient.suite, publicKey: recipient.publicKey, ...dataKeyBytesBound(binding), plaintext }),
  );
  return { publicKey: recipient.publicKey, recipientSeed: recipient.privateKey, wrapped };
}

/** Opens what `makeDataKey` wrapped; throws `CRYPTO_AUTHENTICATION_FAILED` when any of its names was exchanged. */
export function openDataKey(binding: DataKeyBinding, wrapped: WrappedDataKey, recipientSeed: SecretBytes): SecretBytes {
  const { suite, enc, ciphertext } = wrapped;
  return SecretBytes.take(
    hpkeOpen({ suite, privateKey: recipientSeed, enc, ciphertext, ...dataKeyBytesBound(binding) }),
  );
}
