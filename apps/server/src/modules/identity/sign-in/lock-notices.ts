import type { TenantId } from '../../../kernel/ids.ts';
import { systemActor } from '../../../kernel/system-actor.ts';
import type { UnitOfWork } from '../../../kernel/unit-of-work.ts';
import type { SignInDirectory } from './sign-in-directory.ts';

/**
 * Tells organizations of their accounts that were locked, by an event and a message of the outbox. Not in the request: the
 * answer to a failed sign-in must take the same time whether or not there is somebody to tell. At least once each.
 */
export class LockNotices {
  readonly #directory: Pick<SignInDirectory, 'dueLockNotices' | 'lockNoticeGiven'>;
  readonly #uow: UnitOfWork;
  constructor(options: { directory: Pick<SignInDirectory, 'dueLockNotices' | 'lockNoticeGiven'>; uow: UnitOfWork }) {
    this.#directory = options.directory;
    this.#uow = options.uow;
  }

  /** How many were told. */
  async give(): Promise<number> {
    const due = await this.#directory.dueLockNotices();
    for (const { key, tenantId, subjectId, locks, lockedUntil } of due) {
      await this.#uow.write(systemActor(tenantId as TenantId), async (tx) => {
        await tx.audit({
          action: 'sign-in.locked',
          resource: { type: 'user', id: subjectId },
          reason: { code: 'TOO_MANY_FAILURES' },
          details: { locks, lockedUntil: lockedUntil?.toISOString() ?? null },
        });
        await tx.publish('identity.sign-in-locked', { subjectId, locks });
      });
      await this.#directory.lockNoticeGiven(key);
    }
    return due.length;
  }
}
