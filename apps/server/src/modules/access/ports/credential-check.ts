import type { Credential } from '../../../kernel/actor.ts';
import type { Transaction } from '../../../kernel/unit-of-work.ts';

/** Whether what somebody came in with is still good; the identity module knows. */
export interface CredentialCheck {
  isValid(tx: Transaction, credential: Credential): Promise<boolean>;
}
