import type { ScanSummary } from '@quantumvault/api';
import type { Actor } from '../../../../kernel/actor.ts';
import type { Authorize } from '../../../../kernel/authorize.ts';
import { decodeCursor, type Page, pageOf } from '../../../../kernel/page.ts';
import type { UnitOfWork } from '../../../../kernel/unit-of-work.ts';
import type { ReachOf } from '../../../access/index.ts';
import { nameOfScope, scopeOf } from '../../domain/scan-run.ts';
import type { ScanRepository } from '../../ports/scan-repository.ts';

export interface ListScansQuery {
  readonly limit: number;
  readonly cursor?: string | undefined;
  readonly environmentId?: string | undefined;
  readonly name?: string | undefined;
}

/** INV-5: scans of the organization, or of the part that the actor may read, newest first. */
export class ListScans {
  readonly #authorize: Authorize;
  readonly #uow: UnitOfWork;
  readonly #scans: ScanRepository;
  readonly #reachOf: ReachOf;
  constructor(options: { authorize: Authorize; uow: UnitOfWork; scans: ScanRepository; reachOf: ReachOf }) {
    this.#authorize = options.authorize;
    this.#uow = options.uow;
    this.#scans = options.scans;
    this.#reachOf = options.reachOf;
  }

  async execute(actor: Actor, { limit, cursor, environmentId, name }: ListScansQuery): Promise<Page<ScanSummary>> {
    await this.#authorize(actor, 'asset.read', { type: 'organization', id: actor.tenantId, isListing: true });
    const before = cursor === undefined ? null : String(decodeCursor(cursor, ['uuid'])[0]);
    const reach = this.#reachOf(actor, 'asset.read');
    const scope = name === undefined ? undefined : scopeOf(name, []);
    const scans = await this.#uow.read(actor.tenantId, (tx) =>
      this.#scans.list(tx, { environmentId, scope, reach, before, limit: limit + 1 }),
    );
    const page = pageOf(scans, limit, ({ id }) => [id]);
    return {
      ...page,
      items: page.items.map(({ run, status, ...rest }) => ({
        ...rest,
        jobId: run.jobId,
        name: nameOfScope(run.scope),
        environmentId: run.environmentId,
        profile: run.profile,
        targets: run.targets,
        status: { ...status },
        createdAt: run.createdAt.toISOString(),
        finishedAt: run.finishedAt?.toISOString() ?? null,
      })),
    };
  }
}
