import type { SecuritySettings } from '@quantumvault/api';
import { AppError, type FieldProblem } from '../../../kernel/app-error.ts';
import { identityErrors } from '../errors.ts';
import type { BreachedPasswords } from './password-records.ts';
import { passwordEstimator } from './password-strength.ts';
import type { PasswordVerifier } from './password-verifier.ts';

export interface ProposedPassword {
  readonly password: string;
  readonly policy: SecuritySettings['password'];
  /** What somebody who knows the user would try first: address, name. */
  readonly about: readonly string[];
  /** Hashes of the password that is in use and of former ones, as many as the policy asks for. */
  readonly former: readonly string[];
  /** Where in the request it stands. */
  readonly field: string;
}

/** ACC-2: whether a password may be set: length, strength, not stolen, not used before. */
export class PasswordPolicy {
  readonly #verifier: PasswordVerifier;
  readonly #breached: BreachedPasswords;
  constructor(options: { verifier: PasswordVerifier; breached: BreachedPasswords }) {
    this.#verifier = options.verifier;
    this.#breached = options.breached;
  }

  /** Throws `IDENTITY_PASSWORD_WEAK` with all that is wrong. Former passwords cost work each, so they are compared last. */
  async need(proposed: ProposedPassword): Promise<void> {
    const { password, policy, former, field } = proposed;
    const problems: FieldProblem[] = [];
    const refuse = (message: string) => problems.push({ path: field, message });
    if ([...password.normalize('NFKC')].length < policy.lengthMin)
      refuse(`needs at least ${policy.lengthMin} characters`);
    const { score, warning } = (await passwordEstimator()).score(password, wordsAbout(proposed.about));
    if (score < policy.strengthMin)
      refuse(
        `is easy to guess: strength ${score} of 4, needed ${policy.strengthMin}${warning === null ? '' : `. ${warning}`}`,
      );
    if (policy.refusesBreached && (await this.#breached.has(password)))
      refuse('is on a list of passwords that were stolen elsewhere');
    if (problems.length === 0) {
      for (const hash of former) {
        if (!(await this.#verifier.verify(password, hash))) continue;
        refuse(`was used before; the last ${policy.historyCount} and the present one may not come back`);
        break;
      }
    }
    if (problems.length > 0) throw identityErrors.IDENTITY_PASSWORD_WEAK({ fields: problems });
  }
}

/** Has a refusal by the rules recorded before its answer (AUD-1); the rules that were broken are not, for they tell of the password. */
export async function recordingWeakness(check: () => Promise<void>, record: () => Promise<unknown>): Promise<void> {
  try {
    await check();
  } catch (error) {
    if (error instanceof AppError && error.code === 'IDENTITY_PASSWORD_WEAK') await record();
    throw error;
  }
}

/** An address as its parts too: `jane.doe@example.org` must not be `jane.doe1`. */
const wordsAbout = (texts: readonly string[]): string[] =>
  texts.flatMap((text) => [text, ...text.split(/[^\p{L}\p{N}]+/u)]).filter((word) => word.length > 2);
