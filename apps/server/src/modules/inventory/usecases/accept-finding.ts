import type { AssetFindingView } from '@quantumvault/api';
import type { Actor } from '../../../kernel/actor.ts';
import type { Authorize } from '../../../kernel/authorize.ts';
import type { Clock } from '../../../kernel/clock.ts';
import type { UnitOfWork } from '../../../kernel/unit-of-work.ts';
import { inventoryErrors } from '../domain/errors.ts';
import { findingView } from '../domain/finding.ts';
import type { FindingRepository } from '../ports/finding-repository.ts';

const dayMs = 86_400_000;

export interface AcceptFindingInput {
  readonly id: string;
  readonly reason: string;
  readonly days: number;
}

/**
 * INV-5: somebody lives with a finding for a while and says why. The risk of the asset stays what it is: accepting makes
 * nothing safer. Throws `INVENTORY_FINDING_NOT_FOUND` or `INVENTORY_FINDING_GONE`.
 */
export class AcceptFinding {
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

  async execute(actor: Actor, { id, reason, days }: AcceptFindingInput): Promise<AssetFindingView> {
    await this.#authorize(actor, 'finding.accept', { type: 'finding', id });
    return this.#uow.write(actor, async (tx) => {
      const finding = await this.#findings.findForUpdate(tx, id);
      if (finding === null) throw inventoryErrors.INVENTORY_FINDING_NOT_FOUND();
      if (finding.goneAt !== null) throw inventoryErrors.INVENTORY_FINDING_GONE();
      const now = this.#clock.now();
      const until = new Date(now.getTime() + days * dayMs);
      const accepted = await this.#findings.accept(tx, id, { by: actor.id, reason, until });
      await tx.audit({
        action: 'finding.accepted',
        reason: { code: 'finding-accepted', text: reason },
        resource: { type: 'finding', id },
        details: {
          assetId: finding.assetId,
          rule: finding.rule,
          severity: finding.severity,
          until: until.toISOString(),
        },
      });
      return findingView(accepted, now);
    });
  }
}
