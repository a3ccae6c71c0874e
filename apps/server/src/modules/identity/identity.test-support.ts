// People and machines in a database of their own, with the real unit of work, keys and access; for the tests of this module.

import { secretAccess } from '@quantumvault/crypto';
import { accessOfRoles } from '../../kernel/access.test-support.ts';
import { type Actor, internalRequest, type RequestFacts } from '../../kernel/actor.ts';
import type { ApprovalGate } from '../../kernel/approvals.ts';
import { type Clock, systemClock } from '../../kernel/clock.ts';
import type { Role } from '../../kernel/permissions.ts';
import { someAdministrators } from '../access/access.module.ts';
import { PostgresAccessDirectory } from '../access/adapters/postgres-access-directory.ts';
import { PostgresHierarchy } from '../access/adapters/postgres-hierarchy.ts';
import { createAuthorize, createMay, type May, PlaceRegistry } from '../access/index.ts';
import { createWorld, newId, userActor, type World } from '../jobs/world.test-support.ts';
import { StoredKeyLimits } from './api-keys/key-limit-reader.ts';
import { PostgresApiKeyRepository } from './api-keys/postgres-api-key-repository.ts';
import { ApiKeyAuthenticator } from './authenticate-api-key.ts';
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
import { PostgresServiceAccountRepository } from './service-accounts/postgres-service-account-repository.ts';

export const password = 'correct horse battery staple';

export interface IdentityWorld extends World {
  readonly deps: InvitingDeps & {
    readonly offboardings: PostgresOffboardingRepository;
    readonly approvals: ApprovalGate;
    readonly revocations: typeof postgresRevocations;
    readonly settings: PostgresSecuritySettingsStore;
    readonly keys: PostgresApiKeyRepository;
    readonly accounts: PostgresServiceAccountRepository;
    readonly places: PlaceRegistry;
    readonly clock: Clock;
  };
  readonly may: May;
  readonly authenticator: ApiKeyAuthenticator;
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
  const places = new PlaceRegistry({ uow: world.uow, sources: [new PostgresHierarchy()] });
  const access = new PostgresAccessDirectory({ uow: world.uow });
  const apiKeys = new PostgresApiKeyDirectory({ db: auth });
  const keys = new PostgresApiKeyRepository();
  const deps = {
    authorize: createAuthorize({ uow: world.uow, clock: systemClock, places }),
    uow: world.uow,
    approvals: world.approvals,
    people,
    invitations,
    settings,
    tenantKeys: world.tenantKeys,
    newId,
    offboardings: new PostgresOffboardingRepository(),
    revocations: postgresRevocations,
    keys,
    accounts: new PostgresServiceAccountRepository(),
    places,
    clock: systemClock,
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
    access,
    apiKeys,
    may: createMay({ clock: systemClock }),
    authenticator: new ApiKeyAuthenticator({
      directory: apiKeys,
      access,
      limits: new StoredKeyLimits({ uow: world.uow, keys, places }),
      countRefusal: (address) => refused.push(address),
    }),
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
