import { z } from 'zod';
import { setting } from './setting.ts';

/** ACC-2, ACC-4: what an operator decides of sign-in for all organizations; the rest is each organization's own. */
export const signInSettings = {
  sessionAlgorithm: setting({
    env: 'QV_SESSION_ALGORITHM',
    reader: 'server',
    schema: z.enum(['Ed25519', 'ML-DSA-65']),
    unit: 'name',
    default: 'Ed25519',
    limit: 'Ed25519, ML-DSA-65',
    sentence:
      'What access tokens are signed with. ML-DSA-65 withstands quantum computers and makes tokens of 4.9 kB; a change takes ten minutes.',
  }),
  breachedPasswordsFile: setting({
    env: 'QV_BREACHED_PASSWORDS_FILE',
    reader: 'server',
    schema: z.string().min(1).max(1000),
    unit: 'path',
    default: null,
    limit: 'SHA-1 in hexadecimal, sorted, one on a line',
    sentence: 'Passwords that others have stolen, refused beside the common ones; as Have I Been Pwned gives them out.',
  }),
};
