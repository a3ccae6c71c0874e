import { randomBytes, sha256 } from '@quantumvault/crypto';
import { encodeBase32 } from './base32.ts';

export const recoveryCodeCount = 10;
const secretBytes = 10;
const groups = /.{4}/g;
const form = /^[A-Z2-7]{16}$/;

/** ACC-2: ten codes of 80 random bits, `XXXX-XXXX-XXXX-XXXX`. Shown once; only hashes are kept. */
export function generateRecoveryCodes(): readonly string[] {
  return Array.from({ length: recoveryCodeCount }, () =>
    (encodeBase32(randomBytes(secretBytes)).match(groups) ?? []).join('-'),
  );
}

/**
 * What is stored of a code. A fast hash is enough: 80 random bits cannot be guessed, online or from a stolen table. It is
 * bound to the user, so that one guess is a guess at one user's codes and a row copied to another user opens nothing.
 * Letters may come in any case and with any blanks and dashes; another form gives a hash that no code has.
 */
export function recoveryCodeHash(owner: { tenantId: string; subjectId: string }, code: string): Uint8Array {
  const plain = code.toUpperCase().replaceAll(/[\s-]/g, '');
  const canonical = form.test(plain) ? plain : '';
  return sha256(Buffer.from(['recovery-code', owner.tenantId, owner.subjectId, canonical].join('\n'), 'utf8'));
}
