import type { Transaction } from '../../../kernel/unit-of-work.ts';

export interface IdentitySettings {
  /** Longest life of a new API key; null: for ever. */
  readonly apiKeyDaysMax: number | null;
  readonly invitationHours: number;
  readonly version: number;
}

/** Three days: long enough for a weekend, short enough that a forgotten message opens nothing. */
export const defaultIdentitySettings: IdentitySettings = { apiKeyDaysMax: null, invitationHours: 72, version: 0 };

export interface IdentitySettingsRepository {
  get(tx: Transaction): Promise<IdentitySettings>;
  /** Null when the version is not the expected one any more. */
  put(
    tx: Transaction,
    settings: Omit<IdentitySettings, 'version'>,
    expectedVersion: number,
  ): Promise<IdentitySettings | null>;
}
