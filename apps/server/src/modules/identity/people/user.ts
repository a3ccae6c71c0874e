import type { UserView } from '@quantumvault/api';
import { isoInstant } from '../../../kernel/clock.ts';

export type SubjectStatus = UserView['status'];

export interface User {
  readonly id: string;
  readonly email: string;
  readonly displayName: string;
  readonly status: SubjectStatus;
  /** Held now, in the whole organization. */
  readonly roles: readonly string[];
  readonly hasPassword: boolean;
  readonly invitation: { readonly invitedBy: string; readonly createdAt: Date; readonly expiresAt: Date } | null;
  readonly createdAt: Date;
  readonly version: number;
}

export const userView = (user: User): UserView => ({
  ...user,
  roles: [...user.roles],
  invitation:
    user.invitation === null
      ? null
      : {
          invitedBy: user.invitation.invitedBy,
          createdAt: isoInstant(user.invitation.createdAt),
          expiresAt: isoInstant(user.invitation.expiresAt),
        },
  createdAt: isoInstant(user.createdAt),
});
