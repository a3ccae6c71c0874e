import type { Actor } from '../../../kernel/actor.ts';
import type { Authorize } from '../../../kernel/authorize.ts';
import type { Transaction } from '../../../kernel/unit-of-work.ts';
import { identityErrors } from '../errors.ts';
import type { PeopleRepository } from './people-repository.ts';
import type { User } from './user.ts';

/** Nobody takes away his own access by mistake, nor under pressure to look innocent. */
export function needAnother(actor: Actor, id: string): void {
  if (actor.id === id) throw identityErrors.IDENTITY_OWN_ACCOUNT();
}

/** Who administers the installation is touched only by somebody with rights over organizations. */
export async function needRightsOver(authorize: Authorize, actor: Actor, user: User): Promise<void> {
  if (user.roles.includes('platform-admin')) {
    await authorize(actor, 'organization.suspend', { type: 'user', id: user.id });
  }
}

/** ACC-12: an organization without an active administrator could be helped by nobody. */
export async function needAdministratorLeft(people: PeopleRepository, tx: Transaction, user: User): Promise<void> {
  if (await people.isLastAdministrator(tx, user.id)) throw identityErrors.IDENTITY_LAST_ADMINISTRATOR();
}
