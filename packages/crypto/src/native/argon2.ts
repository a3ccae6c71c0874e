import { argon2 } from 'node:crypto';

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

/** Argon2id, version 0x13 (RFC 9106), on a thread of the runtime's pool. The caller checks limits first. */
export function nativeArgon2id(input: Argon2Input): Promise<Uint8Array> {
  return new Promise((resolve, reject) => {
    argon2(
      'argon2id',
      {
        message: input.message,
        nonce: input.salt,
        memory: input.memoryKib,
        passes: input.passes,
        parallelism: input.parallelism,
        tagLength: input.tagLength,
        ...(input.secret === undefined ? {} : { secret: input.secret }),
        ...(input.associatedData === undefined ? {} : { associatedData: input.associatedData }),
      },
      (error, tag) => {
        if (error) reject(error);
        else resolve(new Uint8Array(tag.buffer, tag.byteOffset, tag.byteLength));
      },
    );
  });
}
