import { secretAccess } from '@quantumvault/crypto';
import type { UnitOfWork } from '../../../kernel/unit-of-work.ts';
import type { PasswordRules } from '../invitations/password-rules.ts';
import type { SecuritySettingsStore } from '../security/settings-store.ts';
import type { PasswordPolicy } from './password-policy.ts';

/** The organization's policy for the first password of somebody who joins it. */
export function joiningRules(options: {
  readonly uow: UnitOfWork;
  readonly settings: SecuritySettingsStore;
  readonly policy: PasswordPolicy;
}): PasswordRules {
  const { uow, settings, policy } = options;
  return {
    check: async ({ tenantId, password, about }) => {
      const rules = await uow.read(tenantId, async (tx) => (await settings.read(tx)).settings.password);
      const text = password.open(secretAccess, (bytes) => Buffer.from(bytes).toString('utf8'));
      await policy.need({ password: text, policy: rules, about, former: [], field: 'body.password' });
    },
  };
}
