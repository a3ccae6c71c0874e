import { SecretBytes } from '@quantumvault/crypto';
import type { NewId } from '../../../kernel/ids.ts';
import type { WriteTransaction } from '../../../kernel/unit-of-work.ts';
import type { TenantKeys } from '../../keys/index.ts';
import { generateToken } from '../secret-token.ts';
import type { SecuritySettingsStore } from '../security/settings-store.ts';
import type { InvitationRepository } from './invitation-repository.ts';

export interface InvitationIssuer {
  readonly invitations: InvitationRepository;
  readonly settings: SecuritySettingsStore;
  readonly tenantKeys: TenantKeys;
  readonly newId: NewId;
}

/** What a mailer unwraps the token with; it is bound to its invitation. */
export const invitationContext = (invitationId: string) => ({ purpose: 'invitation-token', invitation: invitationId });

/**
 * Makes the token of an invitation, which is shown to the inviter once, and puts it into the outbox for a mailer. There it
 * is ciphertext under the organization's key: a message waits in a table, and the default sink prints it to the log.
 */
export async function issueInvitation(
  { invitations, settings, tenantKeys, newId }: InvitationIssuer,
  tx: WriteTransaction,
  { subjectId, invitedBy }: { readonly subjectId: string; readonly invitedBy: string },
): Promise<{ invitationId: string; token: string; expiresAt: Date }> {
  const invitationId = newId<string>();
  const { text, prefix, secretHash } = generateToken('qvi');
  const { invitation } = (await settings.read(tx)).settings;
  await invitations.cancel(tx, subjectId);
  const expiresAt = await invitations.insert(tx, {
    id: invitationId,
    subjectId,
    prefix,
    tokenHash: secretHash,
    invitedBy,
    hours: invitation.hours,
  });
  using token = SecretBytes.fromUtf8(text);
  const { suite, bytes, kekVersion } = await tenantKeys.wrap(tx, invitationContext(invitationId), token);
  await tx.publish('user.invited', {
    userId: subjectId,
    invitationId,
    expiresAt: expiresAt.toISOString(),
    token: { suite, kekVersion, wrapped: Buffer.from(bytes).toString('base64') },
  });
  return { invitationId, token: text, expiresAt };
}
