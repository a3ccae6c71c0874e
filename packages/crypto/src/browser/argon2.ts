import { argon2idAsync } from '@noble/hashes/argon2.js';
import { blockMs } from './pace.ts';

export interface Argon2Input {
  readonly message: Uint8Array;
  readonly salt: Uint8Array;
  readonly memoryKib: number;
  readonly passes: number;
  readonly parallelism: number;
  readonly tagLength: number;
  readonly secret?: Uint8Array;
  readonly associatedData?: Uint8Array;
}

/**
 * Argon2id, version 0x13 (RFC 9106), in slices between which the page lives on. Lanes run one after the other. The caller
 * checks limits first.
 */
export function nativeArgon2id(input: Argon2Input): Promise<Uint8Array> {
  return argon2idAsync(input.message, input.salt, {
    version: 0x13,
    m: input.memoryKib,
    t: input.passes,
    p: input.parallelism,
    dkLen: input.tagLength,
    asyncTick: blockMs,
    ...(input.secret === undefined ? {} : { key: input.secret }),
    ...(input.associatedData === undefined ? {} : { personalization: input.associatedData }),
  });
}
