import { systemActor } from '../../kernel/system-actor.ts';
import type { UnitOfWork, WriteTransaction } from '../../kernel/unit-of-work.ts';
import { type ApprovalRequest, statusAt } from './domain/approval.ts';
import type { ApprovalRepository, ExpiredRequests } from './ports/approval-repository.ts';

const batchMax = 200;

/** Writes down that a request has run out; false when it is not open any more. */
export async function expire(
  tx: WriteTransaction,
  repository: Pick<ApprovalRepository, 'move'>,
  request: ApprovalRequest,
): Promise<boolean> {
  if (request.status !== 'pending' && request.status !== 'approved') return false;
  if (!(await repository.move(tx, request, { from: request.status, to: 'expired', by: null }))) return false;
  await tx.audit({ action: 'approval.expired', resource: { type: 'approval', id: request.id } });
  await tx.publish('approval.expired', { approvalId: request.id, operation: request.operation });
  return true;
}

/** Rolls back a transaction that has nothing to state. */
class NothingNew extends Error {}

/**
 * Ends requests whose time is over: from where people asked and voted is deleted then, and who follows requests learns of it.
 * They had run out without this: every decision looks at the time and not at the record.
 */
export class ApprovalExpiry {
  readonly #uow: UnitOfWork;
  readonly #repository: ApprovalRepository;
  readonly #expired: ExpiredRequests;
  constructor(options: { uow: UnitOfWork; repository: ApprovalRepository; expired: ExpiredRequests }) {
    this.#uow = options.uow;
    this.#repository = options.repository;
    this.#expired = options.expired;
  }

  /** How many were ended. */
  async end(): Promise<number> {
    let count = 0;
    for (const { id, tenantId } of await this.#expired.list(batchMax)) {
      try {
        await this.#uow.write(systemActor(tenantId), async (tx) => {
          const request = await this.#repository.findForUpdate(tx, id);
          const isOver = request !== null && statusAt(request, await this.#repository.now(tx)) === 'expired';
          if (request === null || !isOver || !(await expire(tx, this.#repository, request))) throw new NothingNew();
        });
        count += 1;
      } catch (error) {
        if (!(error instanceof NothingNew)) throw error;
      }
    }
    return count;
  }
}
