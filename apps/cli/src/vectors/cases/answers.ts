import { CryptoError } from '@quantumvault/crypto';
import { Refused } from '../source.ts';

/** Whether an error says that the input was refused. Any other error says nothing about the case. */
export const isRefusal = (error: unknown): boolean => error instanceof CryptoError || error instanceof Refused;

/** The answer of an attempt, where a refusal is a no: cases that must be refused may be refused either way. */
export async function succeeds(attempt: () => boolean | Promise<boolean>): Promise<boolean> {
  try {
    return await attempt();
  } catch (error) {
    if (isRefusal(error)) return false;
    throw error;
  }
}
