/** What is found for an address and an organization; all null and false when there is no such account, or not just one. */
export interface FoundSignIn {
  readonly tenantId: string | null;
  readonly subjectId: string | null;
  readonly passwordHash: string | null;
  /** The account is active. */
  readonly usable: boolean;
  /** The identity or the address had too many failures a short time ago. */
  readonly isLocked: boolean;
}

/** Names by which failures are counted: keyed hashes, so that the count holds no address of anybody. */
export interface SignInNames {
  readonly identity: Uint8Array;
  readonly address: Uint8Array;
}

export interface DueLockNotice {
  readonly key: Uint8Array;
  readonly tenantId: string;
  readonly subjectId: string;
  readonly locks: number;
  readonly lockedUntil: Date | null;
}

/** What sign-in asks of the database before an organization is known; one call each, whatever is found (ACC-11). */
export interface SignInDirectory {
  find(wanted: SignInNames & { readonly email: string; readonly organizationId: string | null }): Promise<FoundSignIn>;
  note(
    outcome: SignInNames & {
      readonly succeeded: boolean;
      readonly tenantId: string | null;
      readonly subjectId: string | null;
    },
  ): Promise<void>;
  /** Forgets the failures of an account; whether it was locked. */
  unlock(account: {
    readonly identity: Uint8Array;
    readonly tenantId: string;
    readonly subjectId: string;
  }): Promise<boolean>;
  /** Locks of which their organization has not been told. */
  dueLockNotices(): Promise<readonly DueLockNotice[]>;
  lockNoticeGiven(key: Uint8Array): Promise<void>;
  /** Removes what is over. */
  prune(): Promise<void>;
}
