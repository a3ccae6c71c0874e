import type { SecretBytes } from '@quantumvault/crypto';
import type { TenantId } from '../../../kernel/ids.ts';

/** What an organization demands of a password, asked before one is set. */
export interface PasswordRules {
  /** Throws a refusal that says what is wrong, and never the password. */
  check(ask: {
    readonly tenantId: TenantId;
    readonly password: SecretBytes;
    /** What the password must not be made of: address and name. */
    readonly about: readonly string[];
  }): Promise<void>;
}
