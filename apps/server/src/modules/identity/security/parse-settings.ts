import { defaultSecuritySettings, type SecuritySettings, securitySettingsDocument } from '@quantumvault/api';

/**
 * A stored document, with the defaults for what a former release did not know. What does not fit at all stops whoever
 * asks: a policy that cannot be read must not become a weaker one.
 */
export function parseSecuritySettings(document: unknown): SecuritySettings {
  if (document === null || document === undefined) return defaultSecuritySettings;
  const given = document as Readonly<Record<keyof SecuritySettings, object | undefined>>;
  return securitySettingsDocument.parse({
    password: { ...defaultSecuritySettings.password, ...given.password },
    session: { ...defaultSecuritySettings.session, ...given.session },
    lockout: { ...defaultSecuritySettings.lockout, ...given.lockout },
    mfa: { ...defaultSecuritySettings.mfa, ...given.mfa },
    invitation: { ...defaultSecuritySettings.invitation, ...given.invitation },
    apiKey: { ...defaultSecuritySettings.apiKey, ...given.apiKey },
  });
}
