import {
  CryptoError,
  CryptoPool,
  decoyPasswordHash,
  hashPassword,
  type PasswordLevel,
  passwordNeedsRehash,
  SecretBytes,
  verifyPassword,
} from '@quantumvault/crypto';
import { identityErrors } from '../errors.ts';

/** CRY-5: about 100 ms of one core of a present machine. */
export const passwordLevel: PasswordLevel = 'high';

/** So many may wait: at 100 ms each and two at once, nobody waits longer than some three seconds. */
const waitingMax = 64;
const busyRetrySeconds = 2;

/** The form that every password is hashed in: what two keyboards write for one letter is one password (NIST SP 800-63B). */
export function passwordSecret(password: string): SecretBytes {
  return SecretBytes.fromUtf8(password.normalize('NFKC'));
}

/**
 * Checks and makes password hashes with bounded concurrency (ACC-11). A check does the work of one Argon2id whether there
 * is a hash to compare with or not; beyond those that may wait, everybody is told to come again, known or unknown.
 */
export class PasswordVerifier {
  readonly #pool: CryptoPool;
  readonly #decoy: string;

  /** Tests and the timing bench bring a decoy of another cost. */
  constructor(options: { pool?: CryptoPool; decoy?: string } = {}) {
    this.#pool = options.pool ?? new CryptoPool({ argon2Concurrency: 2, queueMax: waitingMax });
    this.#decoy = options.decoy ?? decoyPasswordHash(passwordLevel);
  }

  /** Whether `password` belongs to `stored`; never when there is none, after the same work. */
  async verify(password: string, stored: string | null): Promise<boolean> {
    // A hash that cannot be read is no hash: the account has no password that anybody could know.
    const isHash = stored !== null && /^\$(argon2id|scrypt|pbkdf2-sha(256|512))\$/.test(stored);
    using secret = passwordSecret(password);
    const matches = await this.#bounded(() => verifyPassword(secret, isHash ? stored : this.#decoy, this.#pool));
    return matches && isHash;
  }

  async hash(password: string): Promise<string> {
    using secret = passwordSecret(password);
    return await this.hashSecret(secret);
  }

  /** The same for a password that `passwordSecret` has made. */
  hashSecret(secret: SecretBytes): Promise<string> {
    return this.#bounded(() => hashPassword(secret, passwordLevel, this.#pool));
  }

  needsRehash(stored: string): boolean {
    return passwordNeedsRehash(stored, passwordLevel);
  }

  async #bounded<T>(work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } catch (error) {
      if (error instanceof CryptoError && error.code === 'CRYPTO_POOL_FULL')
        throw identityErrors.IDENTITY_SIGN_IN_BUSY({ retryAfterSeconds: busyRetrySeconds, cause: error });
      throw error;
    }
  }
}
