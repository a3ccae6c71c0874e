import type { DeviceView } from '@quantumvault/api';
import type { Transaction } from '../../../kernel/unit-of-work.ts';

export interface StoredDevice {
  readonly id: string;
  readonly name: string;
  readonly status: DeviceView['status'];
  readonly algorithm: DeviceView['algorithm'];
  readonly publicKey: Uint8Array;
  readonly permissions: readonly string[];
  readonly macAddresses: readonly string[];
  readonly enrolledBy: string;
  readonly enrolledAt: Date;
  readonly lastSeenAt: Date | null;
}

export interface NewEnrollment {
  readonly id: string;
  readonly name: string;
  readonly permissions: readonly string[];
  readonly prefix: string;
  readonly tokenHash: Uint8Array;
  readonly createdBy: string;
  readonly hours: number;
}

/** What was put down when the token was made. */
export interface TakenEnrollment {
  readonly name: string;
  readonly permissions: readonly string[];
  readonly createdBy: string;
}

export interface NewDevice {
  readonly id: string;
  readonly name: string;
  readonly algorithm: DeviceView['algorithm'];
  readonly publicKey: Uint8Array;
  readonly permissions: readonly string[];
  readonly enrolledBy: string;
}

export interface NewDeviceSession {
  readonly id: string;
  readonly deviceId: string;
  readonly prefix: string;
  readonly secretHash: Uint8Array;
  readonly assertionHash: Uint8Array;
  readonly macAddresses: readonly string[];
  readonly seconds: number;
}

/** Devices of the transaction's organization. */
export interface DeviceRepository {
  list(
    tx: Transaction,
    query: { readonly after: string | null; readonly limit: number; readonly includeRevoked: boolean },
  ): Promise<readonly StoredDevice[]>;
  /** A device that is not revoked; nobody else changes it before this transaction ends. */
  hold(tx: Transaction, id: string): Promise<StoredDevice | null>;
  /** Devices and open tokens, counted one after another within an organization. */
  count(tx: Transaction): Promise<number>;
  insertEnrollment(tx: Transaction, enrollment: NewEnrollment): Promise<Date>;
  /** False when it is not open any more. */
  cancelEnrollment(tx: Transaction, id: string): Promise<boolean>;
  /** Takes the token, which is good once; null when somebody was quicker or it has ended meanwhile. */
  takeEnrollment(tx: Transaction, id: string): Promise<TakenEnrollment | null>;
  /** False when a device of the organization has the key. */
  insert(tx: Transaction, device: NewDevice): Promise<boolean>;
  revoke(tx: Transaction, id: string): Promise<void>;
  /** Null when the assertion has made a token before. */
  insertSession(tx: Transaction, session: NewDeviceSession): Promise<Date | null>;
}

export interface FoundEnrollment {
  readonly id: string;
  readonly tenantId: string;
  readonly secretHash: Uint8Array;
  readonly usable: boolean;
}
export interface FoundDevice {
  readonly tenantId: string;
  readonly algorithm: DeviceView['algorithm'];
  readonly publicKey: Uint8Array;
  readonly usable: boolean;
}
export interface FoundDeviceSession {
  readonly id: string;
  readonly tenantId: string;
  readonly deviceId: string;
  readonly secretHash: Uint8Array;
  readonly usable: boolean;
  readonly accessVersion: bigint;
  readonly permissions: readonly string[];
  readonly macAddresses: readonly string[];
  readonly createdAt: Date;
}

/** Looks devices up before an organization is known; whether they may be used is decided by the database's clock. */
export interface DeviceDirectory {
  enrollment(prefix: string): Promise<FoundEnrollment | null>;
  device(id: string): Promise<FoundDevice | null>;
  session(prefix: string): Promise<FoundDeviceSession | null>;
}
