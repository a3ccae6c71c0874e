import { sha256 } from '@quantumvault/crypto';

/**
 * Whose ceremony it is: the user who registers, the ticket of a second step, the session of a step-up. What was begun for
 * one is worth nothing to another.
 */
export const bindingOf = (purpose: 'register' | 'second-factor' | 'step-up', owner: string): Uint8Array =>
  sha256(Buffer.from(`passkey-ceremony\n${purpose}\n${owner}`, 'utf8'));

/** Of a sign-in by passkey: nobody is known. */
export const noBinding: Uint8Array = new Uint8Array(0);
