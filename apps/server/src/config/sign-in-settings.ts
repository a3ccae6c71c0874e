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
  firstApiKey: setting({
    env: 'QV_FIRST_API_KEY',
    reader: 'server',
    schema: z
      .string()
      .regex(/^qv_[a-z0-9]{12}_[A-Za-z0-9_-]{43}$/, 'not a key: qv_, 12 small letters or digits, _, 43 of base64url')
      .refine((text) => new Set(text.slice(16)).size >= 16, 'not random: it has fewer than 16 different characters'),
    unit: 'API key',
    default: null,
    limit: 'qv_<prefix>_<secret>, made at random',
    sentence:
      "The first administrator's API key, better by QV_FIRST_API_KEY_FILE. Used by the first start alone; kept as a hash, and reported until the key is replaced.",
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
