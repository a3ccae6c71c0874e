import type { AssetFindingView } from '@quantumvault/api';
import type { Actor } from '../../../kernel/actor.ts';
import type { Authorize } from '../../../kernel/authorize.ts';
import type { Clock } from '../../../kernel/clock.ts';
import { decodeCursor, type Page, pageOf } from '../../../kernel/page.ts';
import type { UnitOfWork } from '../../../kernel/unit-of-work.ts';
import type { ReachOf } from '../../access/index.ts';
import { findingView } from '../domain/finding.ts';
import type { FindingFilter, FindingRepository } from '../ports/finding-repository.ts';

export type ListFindingsQuery = Omit<FindingFilter, 'before' | 'now' | 'reach'> & {
  readonly cursor?: string | undefined;
};

/** INV-5: findings of the organization, or of the part that the actor may read, newest first. */
export class ListFindings {
  readonly #authorize: Authorize;
  readonly #uow: UnitOfWork;
  readonly #findings: FindingRepository;
  readonly #clock: Clock;
  readonly #reachOf: ReachOf;
  constructor(options: {
    authorize: Authorize;
    uow: UnitOfWork;
    findings: FindingRepository;
    clock: Clock;
    reachOf: ReachOf;
  }) {
    this.#authorize = options.authorize;
    this.#uow = options.uow;
    this.#findings = options.findings;
    this.#clock = options.clock;
    this.#reachOf = options.reachOf;
  }

  async execute(actor: Actor, { cursor, ...filter }: ListFindingsQuery): Promise<Page<AssetFindingView>> {
    await this.#authorize(actor, 'asset.read', { type: 'organization', id: actor.tenantId, isListing: true });
    const before = cursor === undefined ? null : String(decodeCursor(cursor, ['uuid'])[0]);
    const now = this.#clock.now();
    const reach = this.#reachOf(actor, 'asset.read');
    const findings = await this.#uow.read(actor.tenantId, (tx) =>
      this.#findings.list(tx, { ...filter, reach, now, before, limit: filter.limit + 1 }),
    );
    return pageOf(
      findings.map((finding) => findingView(finding, now)),
      filter.limit,
      ({ id }) => [id],
    );
  }
}
