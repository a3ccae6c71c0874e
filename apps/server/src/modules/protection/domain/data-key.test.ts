import { secretAccess } from '@quantumvault/crypto';
import { describe, expect, it } from 'vitest';
import { idFrom, type TenantId } from '../../../kernel/ids.ts';
import { type DataKeyBinding, dataKeyBytesBound, makeDataKey, openDataKey } from './data-key.ts';

const id = (digit: string) => `00000000-0000-7000-8000-${digit.repeat(12)}`;
const binding: DataKeyBinding = {
  tenantId: idFrom<TenantId>(id('1')),
  assetId: id('2'),
  recipientKeyId: id('3'),
  dataKeyId: id('4'),
  keyVersion: 1,
};

describe('ENV-4: data keys of data stores', () => {
  it('ENV-4: opens to 32 bytes with its own names', () => {
    const { recipientSeed, wrapped } = makeDataKey(binding);
    using key = openDataKey(binding, wrapped, recipientSeed);
    expect(key.length).toBe(32);
    expect(wrapped.enc).toHaveLength(1120);
    expect(wrapped.ciphertext).toHaveLength(48);
  });

  it('ENV-4: no name can be exchanged for another', () => {
    const { recipientSeed, wrapped } = makeDataKey(binding);
    const others: Partial<DataKeyBinding>[] = [
      { tenantId: idFrom<TenantId>(id('9')) },
      { assetId: id('9') },
      { recipientKeyId: id('9') },
      { dataKeyId: id('9') },
      { keyVersion: 2 },
    ];
    for (const other of others)
      expect(() => openDataKey({ ...binding, ...other }, wrapped, recipientSeed)).toThrow(
        expect.objectContaining({ code: 'CRYPTO_AUTHENTICATION_FAILED' }),
      );
    expect(() => openDataKey(binding, { ...wrapped, suite: 'HPKE-OTHER' }, recipientSeed)).toThrow(
      expect.objectContaining({ code: 'CRYPTO_SUITE_UNSUPPORTED' }),
    );
  });

  it('ENV-4: two data keys of one asset differ, and so do info and additional data', () => {
    const keys = [makeDataKey(binding), makeDataKey(binding)].map(({ wrapped, recipientSeed }) =>
      openDataKey(binding, wrapped, recipientSeed).open(secretAccess, (bytes) => Buffer.from(bytes).toString('hex')),
    );
    expect(keys[0]).not.toBe(keys[1]);
    const { info, aad } = dataKeyBytesBound(binding);
    expect(Buffer.from(info).equals(aad)).toBe(false);
  });
});
