import { CryptoError } from '../../../../packages/crypto/src/errors.ts';
import { formatStored, parseStored } from '../../../../packages/crypto/src/stored-password.ts';
import type { FuzzTarget } from '../../engine/fuzz-loop.ts';
import { promise, unlessRefused } from '../outcome.ts';

const latin1 = new TextDecoder('latin1');
const tail = `${'A'.repeat(43)}$${'B'.repeat(42)}A`;

export function makeTarget(): FuzzTarget {
  const texts = [
    `$argon2id$v=19$m=19456,t=2,p=1$${tail}`,
    `$scrypt$ln=15,r=8,p=1$${tail}`,
    `$pbkdf2-sha256$i=600000$${tail}`,
    `$pbkdf2-sha512$i=600000$${tail}`,
  ];
  return {
    bytesMax: 512,
    samples: texts.map((text) => new TextEncoder().encode(text)),
    run(bytes) {
      const text = latin1.decode(bytes);
      const stored = unlessRefused(CryptoError, () => parseStored(text));
      promise(stored === undefined || formatStored(stored) === text, 'a password hash has a second spelling');
    },
  };
}
