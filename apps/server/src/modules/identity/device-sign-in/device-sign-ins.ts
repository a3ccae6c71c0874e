import { randomBytes } from '@quantumvault/crypto';
import type { ActorId, TenantId } from '../../../kernel/ids.ts';
import { hashOfSecret } from '../sessions/secrets.ts';

export const deviceSignInSeconds = 600;
/** RFC 8628 section 3.2. */
export const pollIntervalSeconds = 5;

export type PolledDevice =
  | { readonly status: 'pending' | 'slow-down' | 'denied' }
  | {
      readonly status: 'approved';
      readonly tenantId: TenantId;
      readonly subjectId: ActorId;
      readonly authenticatedAt: Date;
      readonly mfaAt: Date | null;
    };

/** Devices that wait to be signed in; hashes of both codes are stored, and the database's clock ends them. */
export interface DeviceSignIns {
  /** Returns when it expires; null when too many wait. */
  start(device: { deviceHash: Uint8Array; userHash: Uint8Array; clientName: string }): Promise<Date | null>;
  /** What a device that waits calls itself; null when none does under this code. */
  find(userHash: Uint8Array): Promise<string | null>;
  /** False when none waits under this code. */
  decide(decision: {
    readonly userHash: Uint8Array;
    readonly isApproved: boolean;
    readonly tenantId: TenantId;
    readonly subjectId: ActorId;
    readonly sessionId: string;
    readonly authenticatedAt: Date;
    readonly mfaAt: Date | null;
  }): Promise<boolean>;
  /** Null: no such code. What was decided is told once; an approval whose session has ended meanwhile, as a denial. */
  poll(deviceHash: Uint8Array): Promise<PolledDevice | null>;
}

// Consonants: no words come out, and none looks like a digit. 20^8 codes are 34 bits, for ten minutes; and a code that is
// guessed gives whoever guesses it nothing but the sign-in of a stranger's device as himself.
const letters = 'BCDFGHJKLMNPQRSTVWXZ';

export function newUserCode(): string {
  let code = '';
  while (code.length < 8) {
    for (const byte of randomBytes(16)) {
      // 240 is the largest multiple of 20 in a byte: what is above would make some letters more likely.
      if (byte < 240 && code.length < 8) code += letters.charAt(byte % letters.length);
    }
  }
  return `${code.slice(0, 4)}-${code.slice(4)}`;
}

export const hashOfUserCode = (code: string): Uint8Array => hashOfSecret(`user-code ${code}`);
