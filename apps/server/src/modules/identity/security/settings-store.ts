import type { SecuritySettings } from '@quantumvault/api';
import type { ActorId } from '../../../kernel/ids.ts';
import type { Transaction } from '../../../kernel/unit-of-work.ts';

/** `version` 0: the organization has said nothing, the defaults hold. */
export interface StoredSecuritySettings {
  readonly settings: SecuritySettings;
  readonly version: number;
}

export interface SecuritySettingsStore {
  read(tx: Transaction): Promise<StoredSecuritySettings>;
  /** False when the stored version is another one. */
  write(
    tx: Transaction,
    change: { readonly settings: SecuritySettings; readonly expectedVersion: number; readonly by: ActorId },
  ): Promise<boolean>;
}
