import type { AssetFindingView } from '@quantumvault/api';
import type { Actor } from '../../../kernel/actor.ts';
import type { Authorize } from '../../../kernel/authorize.ts';
import type { Clock } from '../../../kernel/clock.ts';
import type { UnitOfWork } from '../../../kernel/unit-of-work.ts';
import { inventoryErrors } from '../domain/errors.ts';
import { findingView } from '../domain/finding.ts';
import type { FindingRepository } from '../ports/finding-repository.ts';

/** INV-5: takes an acceptance back. Throws `INVENTORY_FINDING_NOT_FOUND` or `INVENTORY_FINDING_NOT_ACCEPTED`. */
export class UnacceptFinding {
  readonly #authorize: Authorize;
  readonly #uow: UnitOfWork;
  readonly #findings: FindingRepository;
  readonly #clock: Clock;
  constructor(options: { authorize: Authorize; uow: UnitOfWork; findings: FindingRepository; clock: Clock }) {
    this.#authorize = options.authorize;
    this.#uow = options.uow;
    this.#findings = options.findings;
    this.#clock = options.clock;
  }

  async execute(actor: Actor, id: string): Promise<AssetFindingView> {
    await this.#authorize(actor, 'finding.accept', { type: 'finding', id });
    return this.#uow.write(actor, async (tx) => {
      const finding = await this.#findings.findForUpdate(tx, id);
      if (finding === null) throw inventoryErrors.INVENTORY_FINDING_NOT_FOUND();
      if (finding.acceptance === null) throw inventoryErrors.INVENTORY_FINDING_NOT_ACCEPTED();
      const open = await this.#findings.unaccept(tx, id);
      await tx.audit({
        action: 'finding.unaccepted',
        resource: { type: 'finding', id },
        details: { assetId: finding.assetId, rule: finding.rule },
      });
      return findingView(open, this.#clock.now());
    });
  }
}
