// One share of a split key, and the public record of its set (CRY-6).

import { sha256 } from '../hash.ts';
import { type SecretBytes, secretAccess } from '../secret-bytes.ts';

export const shareSizes = Object.freeze({ keyLength: 32, setId: 16, value: 33, salt: 16, commitment: 32 } as const);
export const sharesMax = 255;
export const epochMax = 0xffff_ffff;

const domain = new TextEncoder().encode('QuantumVault share commitment 1');

/** What one holder keeps. `value` and `salt` together open the commitment, so both are for the holder alone. */
export interface SecretShare {
  /** 16 random bytes, the same for all shares and epochs of one key. */
  readonly setId: Uint8Array;
  /** From 1; the place of the share's commitment in the set. */
  readonly index: number;
  /** How many shares are needed. The set says so too; a share that disagrees is refused. */
  readonly threshold: number;
  /** From 1; a refresh makes the next one, and shares of two epochs never fit together. */
  readonly epoch: number;
  /** 32 bytes and the coordinate at which they were taken. */
  readonly value: SecretBytes;
  readonly salt: Uint8Array;
}

/**
 * The public record that a combiner checks shares against. It is not secret, but whoever could exchange it could have other
 * shares accepted: keep it where the audit log or a signature guards it.
 */
export interface ShareSet {
  readonly setId: Uint8Array;
  readonly epoch: number;
  readonly threshold: number;
  /** SHA-256(domain, set, index, epoch, share, salt) of the shares, in the order of their index. */
  readonly commitments: readonly Uint8Array[];
}

/** All parts but the domain have one length, and the domain is followed by no other text, so no two inputs share bytes. */
export function commitmentOf({ setId, index, epoch, value, salt }: Omit<SecretShare, 'threshold'>): Uint8Array {
  const numbers = new Uint8Array(5);
  const view = new DataView(numbers.buffer);
  view.setUint8(0, index);
  view.setUint32(1, epoch);
  const input = new Uint8Array(domain.length + setId.length + numbers.length + value.length + salt.length);
  input.set(domain, 0);
  input.set(setId, domain.length);
  input.set(numbers, domain.length + setId.length);
  const at = domain.length + setId.length + numbers.length;
  value.open(secretAccess, (bytes) => input.set(bytes, at));
  input.set(salt, at + value.length);
  const commitment = sha256(input);
  input.fill(0);
  return commitment;
}
