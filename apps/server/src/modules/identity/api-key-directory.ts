/**
 * A key as the lookup function of the database gives it: `usable` is decided there, by the database's clock. It comes
 * whatever was asked for, so that the database and whoever reads it do the same work (ACC-11); of a prefix that is
 * nobody's, unusable and with nothing of a key in it.
 */
export interface FoundApiKey {
  readonly id: string;
  readonly tenantId: string;
  readonly subjectId: string;
  readonly subjectKind: 'user' | 'service-account' | 'device';
  readonly secretHash: Uint8Array;
  readonly usable: boolean;
  /** Of the organization's access, as of this lookup. */
  readonly accessVersion: bigint;
}

export interface ApiKeyDirectory {
  /** Null when there is no key at all. */
  find(prefix: string): Promise<FoundApiKey | null>;
  /** Remembers that a key was used; written in batches, never in the request. */
  noteUse(id: string): void;
}
