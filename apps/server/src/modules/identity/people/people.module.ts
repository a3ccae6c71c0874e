import { Module, type Provider } from '@nestjs/common';
import type { ApprovalGate } from '../../../kernel/approvals.ts';
import type { Authorize } from '../../../kernel/authorize.ts';
import type { NewId } from '../../../kernel/ids.ts';
import type { UnitOfWork } from '../../../kernel/unit-of-work.ts';
import { carriesOut } from '../../../platform/approved-runner.ts';
import type { Databases } from '../../../platform/postgres/databases.ts';
import { APPROVALS, AUTHORIZE, COUNT_REFUSAL, DATABASES, NEW_ID, UNIT_OF_WORK } from '../../../platform/tokens.ts';
import { someAdministrators } from '../../access/access.module.ts';
import { requestRevocation } from '../../approvals/index.ts';
import { TenantKeys } from '../../keys/index.ts';
import type { CountRefusal } from '../authenticate-api-key.ts';
import { CancelInvitation } from '../invitations/cancel-invitation.ts';
import { InvitationsController } from '../invitations/invitations.controller.ts';
import { InviteUser } from '../invitations/invite-user.ts';
import { JoinOrganization } from '../invitations/join-organization.ts';
import {
  PostgresInvitationDirectory,
  PostgresInvitationRepository,
} from '../invitations/postgres-invitation-repository.ts';
import { RenewInvitation } from '../invitations/renew-invitation.ts';
import { GetOffboarding } from '../offboarding/get-offboarding.ts';
import { OffboardUser } from '../offboarding/offboard-user.ts';
import { PostgresOffboardingRepository } from '../offboarding/postgres-offboarding-repository.ts';
import { postgresRevocations } from '../offboarding/postgres-revocations.ts';
import { joiningRules } from '../passwords/joining-rules.ts';
import { PasswordPolicy } from '../passwords/password-policy.ts';
import { PasswordVerifier } from '../passwords/password-verifier.ts';
import { PasswordsModule } from '../passwords/passwords.module.ts';
import { PostgresSecuritySettingsStore } from '../security/postgres-settings-store.ts';
import { GetUser } from './get-user.ts';
import { ListUsers } from './list-users.ts';
import { OffboardingController, PeopleController } from './people.controller.ts';
import { PostgresPeopleRepository } from './postgres-people-repository.ts';
import { RenameSelf } from './rename-self.ts';
import { ResumeUser } from './resume-user.ts';
import { SuspendUser } from './suspend-user.ts';

const people = new PostgresPeopleRepository({ administrators: someAdministrators });
const invitations = new PostgresInvitationRepository();
const offboardings = new PostgresOffboardingRepository();
const settings = new PostgresSecuritySettingsStore();

interface Deps {
  readonly authorize: Authorize;
  readonly uow: UnitOfWork;
  readonly approvals: ApprovalGate;
  readonly newId: NewId;
  readonly tenantKeys: TenantKeys;
}

/** A use case over the repositories of people; each takes of these what it needs. */
const useCase = <T>(type: new (deps: Deps & typeof repositories) => T): Provider => ({
  provide: type,
  inject: [AUTHORIZE, UNIT_OF_WORK, APPROVALS, NEW_ID, TenantKeys],
  useFactory: (authorize: Authorize, uow: UnitOfWork, approvals: ApprovalGate, newId: NewId, tenantKeys: TenantKeys) =>
    new type({ authorize, uow, approvals, newId, tenantKeys, ...repositories }),
});
// The module of approvals keeps what a person has asked for, and says how it is taken away.
const revocations = [...postgresRevocations, requestRevocation];
const repositories = { people, invitations, offboardings, settings, revocations };

@Module({
  imports: [PasswordsModule],
  controllers: [PeopleController, OffboardingController, InvitationsController],
  providers: [
    useCase(ListUsers),
    useCase(GetUser),
    useCase(SuspendUser),
    useCase(ResumeUser),
    useCase(RenameSelf),
    useCase(InviteUser),
    useCase(RenewInvitation),
    useCase(CancelInvitation),
    useCase(OffboardUser),
    carriesOut('user.offboard', OffboardUser, async (offboard, actor, { userId: id, reason }) => {
      return (await offboard.execute(actor, { id, reason: reason ?? undefined })).id;
    }),
    useCase(GetOffboarding),
    {
      provide: JoinOrganization,
      inject: [UNIT_OF_WORK, DATABASES, COUNT_REFUSAL, PasswordPolicy, PasswordVerifier],
      useFactory: (
        uow: UnitOfWork,
        databases: Databases,
        countRefusal: CountRefusal,
        policy: PasswordPolicy,
        verifier: PasswordVerifier,
      ) =>
        new JoinOrganization({
          directory: new PostgresInvitationDirectory({ db: databases.auth }),
          invitations,
          people,
          rules: joiningRules({ uow, settings, policy }),
          uow,
          countRefusal,
          hash: (password) => verifier.hashSecret(password),
        }),
    },
  ],
})
export class PeopleModule {}
