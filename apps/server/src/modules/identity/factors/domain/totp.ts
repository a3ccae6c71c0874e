import { constantTimeEqual, oneTimeCode, type SecretBytes, secretAccess } from '@quantumvault/crypto';
import { encodeBase32 } from './base32.ts';

// What the apps that people have understand, all of them: nothing else is offered.
export const totpForm = { hash: 'SHA-1', digits: 6, periodSeconds: 30, secretBytes: 20 } as const;

/** Steps before and after the present one that are accepted: clocks of telephones differ by seconds, not by minutes. */
const windowSteps = 1n;

/** The time step of RFC 6238 at an instant. */
export const totpStepAt = (instant: Date): bigint =>
  BigInt(Math.floor(instant.getTime() / 1000 / totpForm.periodSeconds));

/**
 * The step whose code was given, or null. A step that is not after `lastStep` is no match (RFC 6238 section 5.2: a code
 * is good once); the repository refuses it again in its UPDATE, where two requests race. Every step of the window is
 * computed and compared, whichever fits.
 */
export function matchTotp(input: {
  readonly secret: SecretBytes;
  readonly code: string;
  readonly now: Date;
  readonly lastStep: bigint;
}): bigint | null {
  const present = totpStepAt(input.now);
  const given = Buffer.from(input.code, 'utf8');
  let matched: bigint | null = null;
  for (let step = present - windowSteps; step <= present + windowSteps; step += 1n) {
    const code = oneTimeCode({
      secret: input.secret,
      counter: step,
      hash: totpForm.hash,
      digits: totpForm.digits,
    });
    const isEqual = constantTimeEqual(Buffer.from(code, 'utf8'), given);
    if (isEqual && step > input.lastStep) matched = step;
  }
  return matched;
}

/** The secret as people type it, and as a URI for a QR code. Shown once, when it is made. */
export function totpEnrolment(input: {
  readonly secret: SecretBytes;
  readonly issuer: string;
  readonly account: string;
}): { readonly secret: string; readonly uri: string } {
  const secret = input.secret.open(secretAccess, encodeBase32);
  // A colon would end the issuer within the label.
  const issuer = encodeURIComponent(input.issuer.replaceAll(':', ' '));
  const account = encodeURIComponent(input.account.replaceAll(':', ' '));
  const { digits, periodSeconds } = totpForm;
  const parameters = `secret=${secret}&issuer=${issuer}&algorithm=SHA1&digits=${digits}&period=${periodSeconds}`;
  return { secret, uri: `otpauth://totp/${issuer}:${account}?${parameters}` };
}
