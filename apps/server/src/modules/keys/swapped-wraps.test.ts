import { SecretBytes, secretAccess } from '@quantumvault/crypto';
import { describe, expect, it } from 'vitest';
import { idFrom, type TenantId } from '../../kernel/ids.ts';
import type { Transaction } from '../../kernel/unit-of-work.ts';
import { sealRootKey, unsealRootKey } from './key-file-seal.ts';
import type { KeyStore, StoredTenantKey } from './key-store.ts';
import { RootKey } from './root-key.ts';
import { TenantKeys } from './tenant-keys.ts';

// Attack 9, RES-1: whoever can write to the database moves wrapped keys about. Every wrap opens in its own place alone.

const alice = idFrom<TenantId>('019a0000-0000-7000-8000-00000000000a');
const bob = idFrom<TenantId>('019a0000-0000-7000-8000-00000000000b');
const forged = expect.objectContaining({ code: 'CRYPTO_AUTHENTICATION_FAILED' });

/** The rows of `tenant_key`, where a test can swap them. */
class Rows implements KeyStore {
  readonly tenantKeys = new Map<TenantId, StoredTenantKey[]>();

  async insertTenantKey(tx: Transaction, key: StoredTenantKey): Promise<void> {
    this.tenantKeys.set(tx.tenantId, [...(this.tenantKeys.get(tx.tenantId) ?? []), key]);
  }

  async newestTenantKeyVersion(tx: Transaction): Promise<number | null> {
    return this.tenantKeys.get(tx.tenantId)?.at(-1)?.version ?? null;
  }

  async findTenantKey(tx: Transaction, version: number): Promise<StoredTenantKey | null> {
    return this.tenantKeys.get(tx.tenantId)?.find((key) => key.version === version) ?? null;
  }

  findLiveSubjectKey = unused;
  findSubjectKey = unused;
  insertSubjectKey = unused;
}

async function unused(): Promise<never> {
  throw new Error('not part of this test');
}

async function installation() {
  const [root, store] = [new RootKey(), new Rows()];
  root.unseal(SecretBytes.random(32));
  /** As a process that was just started: nothing is in its cache. */
  const fresh = () => new TenantKeys({ root, store });
  for (const tenantId of [alice, bob]) await fresh().create({ tenantId });
  return { root, store, fresh };
}

const hex = (secret: SecretBytes): string => secret.open(secretAccess, (bytes) => Buffer.from(bytes).toString('hex'));

describe('attack 9: a wrapped secret', () => {
  it('opens for its tenant, purpose, record and version of the KEK, and nowhere else', async () => {
    const { fresh } = await installation();
    const secret = SecretBytes.random(32);
    const context = { purpose: 'asset-key', asset: '1', version: '1' };
    const wrapped = await fresh().wrap({ tenantId: alice }, context, secret);
    expect(hex(await fresh().unwrap({ tenantId: alice }, context, wrapped))).toBe(hex(secret));
    for (const other of [
      { ...context, asset: '2' },
      { ...context, version: '2' },
      { ...context, purpose: 'subject-key' },
      { purpose: 'asset-key', asset: '1' },
      { ...context, more: '' },
    ]) {
      await expect(fresh().unwrap({ tenantId: alice }, other, wrapped)).rejects.toThrow(forged);
    }
    await expect(fresh().unwrap({ tenantId: bob }, context, wrapped)).rejects.toThrow(forged);
  });

  it('every changed bit of it is refused', async () => {
    const { fresh } = await installation();
    const context = { purpose: 'asset-key', asset: '1' };
    const { bytes, ...rest } = await fresh().wrap({ tenantId: alice }, context, SecretBytes.random(32));
    for (let bit = 0; bit < bytes.length * 8; bit += 1) {
      const changed = bytes.with(bit >> 3, (bytes[bit >> 3] ?? 0) ^ (1 << (bit & 7)));
      await expect(fresh().unwrap({ tenantId: alice }, context, { ...rest, bytes: changed })).rejects.toThrow(forged);
    }
  });
});

describe('attack 9: a KEK', () => {
  it('in the row of another tenant, or under another version, does not open', async () => {
    const { store, fresh } = await installation();
    const context = { purpose: 'asset-key', asset: '1' };
    const wrapped = await fresh().wrap({ tenantId: alice }, context, SecretBytes.random(32));
    const [ofAlice, ofBob] = [store.tenantKeys.get(alice) ?? [], store.tenantKeys.get(bob) ?? []];

    store.tenantKeys.set(alice, ofBob);
    await expect(fresh().unwrap({ tenantId: alice }, context, wrapped)).rejects.toThrow(forged);
    store.tenantKeys.set(
      alice,
      ofAlice.map((key) => ({ ...key, version: 2 })),
    );
    await expect(fresh().wrap({ tenantId: alice }, context, SecretBytes.random(32))).rejects.toThrow(forged);
    store.tenantKeys.set(alice, ofAlice);
    await expect(fresh().unwrap({ tenantId: alice }, context, wrapped)).resolves.toBeInstanceOf(SecretBytes);
  });
});

describe('RES-2: the seal of the root key', () => {
  it('opens for its installation and with its key file alone', () => {
    const [rootKey, sealKey] = [SecretBytes.random(32), SecretBytes.random(32)];
    const installationId = alice;
    const sealed = sealRootKey({ rootKey, sealKey, installationId });
    expect(hex(unsealRootKey({ sealed, sealKey, installationId }))).toBe(hex(rootKey));
    const failed = expect.objectContaining({ code: 'KEYS_UNSEAL_FAILED' });
    expect(() => unsealRootKey({ sealed, sealKey, installationId: bob })).toThrow(failed);
    expect(() => unsealRootKey({ sealed, sealKey: SecretBytes.random(32), installationId })).toThrow(failed);
    const bytes = sealed.bytes.with(20, (sealed.bytes[20] ?? 0) ^ 1);
    expect(() => unsealRootKey({ sealed: { ...sealed, bytes }, sealKey, installationId })).toThrow(failed);
  });

  it('sealing lets go of the root key', async () => {
    const { root, fresh } = await installation();
    root.seal();
    await expect(fresh().wrap({ tenantId: alice }, { purpose: 'a' }, SecretBytes.random(32))).rejects.toThrow(
      expect.objectContaining({ code: 'KEYS_SEALED' }),
    );
  });
});
