// People and machines in a database of their own, with the real unit of work, keys and access; for the tests of this module.

import { secretAccess } from '@quantumvault/crypto';
import { accessOfRoles } from '../../kernel/access.test-support.ts';
import { type Actor, internalRequest, type RequestFacts } from '../../kernel/actor.ts';
import type { ApprovalGate } from '../../kernel/approvals.ts';
import type { Role } from '../../kernel/permissions.ts';
import { someAdministrators } from '../access/access.module.ts';
import { PostgresAccessDirectory } from '../access/adapters/postgres-access-directory.ts';
import { createWorld, newId, userActor, type World } from '../jobs/world.test-support.ts';
import type { InvitingDeps } from './invitations/invite-user.ts';
import { InviteUser } from './invitations/invite-user.ts';
import { JoinOrganization } from './invitations/join-organization.ts';
import {
  PostgresInvitationDirectory,
  PostgresInvitationRepository,
} from './invitations/postgres-invitation-repository.ts';
import { PostgresOffboardingRepository } from './offboarding/postgres-offboarding-repository.ts';
import { postgresRevocations } from './offboarding/postgres-revocations.ts';
import { joiningRules } from './passwords/joining-rules.ts';
import { PasswordPolicy } from './passwords/password-policy.ts';
import { PasswordVerifier } from './passwords/password-verifier.ts';
import { PostgresPeopleRepository } from './people/postgres-people-repository.ts';
import { PostgresApiKeyDirectory } from './postgres-api-key-directory.ts';
import { PostgresSecuritySettingsStore } from './security/postgres-settings-store.ts';

export const password = 'correct horse battery staple';

export interface IdentityWorld extends World {
  readonly deps: InvitingDeps & {
    readonly offboardings: PostgresOffboardingRepository;
    readonly approvals: ApprovalGate;
    readonly revocations: typeof postgresRevocations;
    readonly settings: PostgresSecuritySettingsStore;
  };
  readonly joining: JoinOrganization;
  /** Refusals before authentication. */
  readonly refused: (string | null)[];
  readonly access: PostgresAccessDirectory;
  readonly apiKeys: PostgresApiKeyDirectory;
  /** Password hashes made so far. */
  hashed(): number;
  /** Invites and joins; the actor as the next request of that user would build it. */
  newUser(role: Role | null, by?: Actor): Promise<Actor & { readonly email: string }>;
}

export const requestFrom = (sourceAddress: string | null): RequestFacts => ({
  ...internalRequest(newId<string>()),
  sourceAddress,
});

export async function createIdentityWorld(): Promise<IdentityWorld> {
  const world = await createWorld();
  const { auth } = world.database.databases;
  const people = new PostgresPeopleRepository({ administrators: someAdministrators });
  const invitations = new PostgresInvitationRepository();
  const settings = new PostgresSecuritySettingsStore();
  // Lists of stolen passwords have tests of their own (tests/e2e/passwords.test.ts).
  const policy = new PasswordPolicy({ verifier: new PasswordVerifier(), breached: { has: async () => false } });
  const deps = {
    authorize: world.authorize,
    uow: world.uow,
    approvals: world.approvals,
    people,
    invitations,
    settings,
    tenantKeys: world.tenantKeys,
    newId,
    offboardings: new PostgresOffboardingRepository(),
    revocations: postgresRevocations,
  };
  const refused: (string | null)[] = [];
  let hashed = 0;
  const joining = new JoinOrganization({
    directory: new PostgresInvitationDirectory({ db: auth }),
    invitations,
    people,
    rules: joiningRules({ uow: world.uow, settings, policy }),
    uow: world.uow,
    countRefusal: (address) => refused.push(address),
    hash: async (secret) => {
      hashed += 1;
      return `$test$${secret.open(secretAccess, (bytes) => bytes.length)}`;
    },
  });
  let count = 0;
  return {
    ...world,
    deps,
    joining,
    refused,
    access: new PostgresAccessDirectory({ uow: world.uow }),
    apiKeys: new PostgresApiKeyDirectory({ db: auth }),
    hashed: () => hashed,
    newUser: async (role, by = world.actor) => {
      count += 1;
      const email = `user-${count}@example.org`;
      const roles = role === null ? [] : [role];
      const inviter: Actor = { ...by, access: accessOfRoles(['platform-admin']) };
      const { token, user } = await new InviteUser(deps).execute(inviter, { email, roles });
      await joining.join({ token, password, displayName: `User ${count}` }, requestFrom('192.0.2.1'));
      const access = accessOfRoles(roles);
      return { ...userActor(by.tenantId, { access }), id: user.id as Actor['id'], email };
    },
  };
}
