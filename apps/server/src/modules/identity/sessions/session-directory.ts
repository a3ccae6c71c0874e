import type { MustChange, Transport } from './session.ts';

/** A session as the lookup function gives it: `usable` is decided there, by the database's clock. */
export interface FoundSession {
  readonly tenantId: string;
  readonly subjectId: string;
  readonly subjectKind: 'user' | 'service-account' | 'device';
  readonly usable: boolean;
  readonly accessVersion: bigint;
  readonly transport: Transport;
  readonly authenticatedAt: Date;
  readonly mfaAt: Date | null;
  readonly csrfHash: Uint8Array | null;
  readonly mustChange: MustChange | null;
}

export interface FoundRefreshToken {
  readonly tenantId: string;
  readonly subjectId: string;
  readonly sessionId: string;
  readonly transport: Transport;
  readonly csrfHash: Uint8Array | null;
  readonly isCurrent: boolean;
  readonly usable: boolean;
}

export interface FoundTicket {
  readonly tenantId: string;
  readonly subjectId: string;
  readonly transport: Transport;
  readonly authenticatedAt: Date;
  readonly mustChange: MustChange | null;
  readonly usable: boolean;
}

/** What is looked up before an organization is known, as a role that can call functions and read no table. */
export interface SessionDirectory {
  find(sessionId: string): Promise<FoundSession | null>;
  findRefreshToken(hash: Uint8Array): Promise<FoundRefreshToken | null>;
  findTicket(hash: Uint8Array): Promise<FoundTicket | null>;
  /** Remembers that a session was used; written in batches, never in the request. */
  noteUse(sessionId: string): void;
}
