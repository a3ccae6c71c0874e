import { z } from 'zod';
import { roles } from '../permissions.ts';

const whole = (min: number, max: number) => z.number().int().min(min).max(max);

/** Each part on its own, so that one can be changed without knowing the others. */
const passwordPart = z.strictObject({
  lengthMin: whole(8, 128).meta({ description: 'Characters' }),
  strengthMin: whole(0, 4).meta({ description: 'Least score of zxcvbn: 3 withstands about 10^8 guesses, 4 10^10' }),
  refusesBreached: z.boolean().meta({ description: 'Refuse what is on lists of passwords that were stolen' }),
  historyCount: whole(0, 24).meta({ description: 'Former passwords that may not come back' }),
  ageDaysMax: whole(1, 3650)
    .nullable()
    .meta({ description: 'Null: age alone forces no change, as NIST SP 800-63B advises' }),
});
const sessionPart = z.strictObject({
  idleMinutesMax: whole(1, 10_080),
  hoursMax: whole(1, 720).meta({ description: 'From sign-in to the end, whatever happens' }),
  concurrentMax: whole(1, 100).meta({ description: 'Of one user; one more ends the oldest' }),
});
const lockoutPart = z.strictObject({
  failuresMax: whole(3, 100).meta({
    description: 'Failed sign-ins until the identity is locked; ten times as many for an address',
  }),
  lockSeconds: whole(1, 3600).meta({ description: 'The first lock; each further one is twice as long' }),
  lockSecondsMax: whole(1, 86_400),
});
const invitationPart = z.strictObject({
  hours: whole(1, 720).meta({ description: 'How long an invitation is good' }),
});
const apiKeyPart = z.strictObject({
  daysMax: whole(1, 3650)
    .nullable()
    .meta({ description: 'Longest life of a new API key; null: one may be made that does not expire' }),
});
const mfaPart = z.strictObject({
  requiredFor: z.union([z.enum(['everyone', 'nobody']), z.array(z.enum(roles)).min(1).max(roles.length)]),
  stepUpMaxAgeSeconds: whole(30, 86_400).meta({ description: 'How old a second factor may be for a step-up' }),
});

export const securitySettingsDocument = z.strictObject({
  password: passwordPart,
  session: sessionPart,
  lockout: lockoutPart,
  mfa: mfaPart,
  invitation: invitationPart,
  apiKey: apiKeyPart,
});
export type SecuritySettings = z.infer<typeof securitySettingsDocument>;

/** What holds where an organization has said nothing. */
export const defaultSecuritySettings: SecuritySettings = {
  password: { lengthMin: 12, strengthMin: 3, refusesBreached: true, historyCount: 5, ageDaysMax: null },
  session: { idleMinutesMax: 60, hoursMax: 12, concurrentMax: 10 },
  lockout: { failuresMax: 5, lockSeconds: 30, lockSecondsMax: 3600 },
  mfa: { requiredFor: 'nobody', stepUpMaxAgeSeconds: 600 },
  // Long enough for a weekend, short enough that a forgotten message opens nothing.
  invitation: { hours: 72 },
  apiKey: { daysMax: null },
};

export const securitySettingsSchema = z.strictObject({
  ...securitySettingsDocument.shape,
  version: z.number().int().meta({ description: '0: the defaults' }),
});
export const updateSecuritySettingsBody = z.strictObject({
  password: passwordPart.partial().optional(),
  session: sessionPart.partial().optional(),
  lockout: lockoutPart.partial().optional(),
  mfa: mfaPart.partial().optional(),
  invitation: invitationPart.partial().optional(),
  apiKey: apiKeyPart.partial().optional(),
});
