import { secretAccess } from '@quantumvault/crypto';
import { identityErrors } from '../errors.ts';
import type { PasswordRules } from './password-rules.ts';

/** NIST SP 800-63B asks for 15 characters where the password stands alone. */
const lengthMin = 15;

/** The rule that holds everywhere: length, and not the person's own address or name. */
export const lengthRules: PasswordRules = {
  check: async ({ password, about }) => {
    const text = password.open(secretAccess, (bytes) => Buffer.from(bytes).toString('utf8'));
    if ([...text].length < lengthMin)
      throw identityErrors.IDENTITY_PASSWORD_REFUSED({ detail: `A password has at least ${lengthMin} characters.` });
    if (about.some((known) => known.toLowerCase() === text.toLowerCase()))
      throw identityErrors.IDENTITY_PASSWORD_REFUSED({ detail: 'A password is neither the address nor the name.' });
  },
};
