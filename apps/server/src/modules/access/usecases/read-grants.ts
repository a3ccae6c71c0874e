import type { GrantView } from '@quantumvault/api';
import type { Actor } from '../../../kernel/actor.ts';
import type { Authorize } from '../../../kernel/authorize.ts';
import { decodeCursor, type Page, pageOf } from '../../../kernel/page.ts';
import type { UnitOfWork } from '../../../kernel/unit-of-work.ts';
import { grantView } from '../domain/grant.ts';
import { accessErrors } from '../errors.ts';
import type { ReachOf } from '../may.ts';
import type { GrantRepository } from '../ports/grant-repository.ts';

interface Options {
  readonly authorize: Authorize;
  readonly uow: UnitOfWork;
  readonly grants: GrantRepository;
  readonly reachOf: ReachOf;
}

export interface ListGrantsQuery {
  readonly limit: number;
  readonly cursor?: string | undefined;
  readonly subjectId?: string | undefined;
  readonly includeRevoked: 'true' | 'false';
}

/** Grants and denials, newest first; whoever administers a part sees those of that part. */
export class ListGrants {
  readonly #authorize: Authorize;
  readonly #options: Options;
  constructor(options: Options) {
    this.#authorize = options.authorize;
    this.#options = options;
  }

  async execute(actor: Actor, query: ListGrantsQuery): Promise<Page<GrantView>> {
    await this.#authorize(actor, 'grant.read', { type: 'organization', id: actor.tenantId, isListing: true });
    const { uow, grants, reachOf } = this.#options;
    const { cursor, limit, subjectId } = query;
    const before = cursor === undefined ? null : String(decodeCursor(cursor, ['uuid'])[0]);
    const reach = reachOf(actor, 'grant.read');
    const includeRevoked = query.includeRevoked === 'true';
    const found = await uow.read(actor.tenantId, (tx) =>
      grants.list(tx, { subjectId, includeRevoked, reach, before, limit: limit + 1 }),
    );
    return pageOf(found.map(grantView), limit, ({ id }) => [id]);
  }
}

/** One grant, also a revoked one. Throws `ACCESS_GRANT_NOT_FOUND`. */
export class GetGrant {
  readonly #authorize: Authorize;
  readonly #options: Options;
  constructor(options: Options) {
    this.#authorize = options.authorize;
    this.#options = options;
  }

  async execute(actor: Actor, id: string): Promise<GrantView> {
    await this.#authorize(actor, 'grant.read', { type: 'grant', id });
    const grant = await this.#options.uow.read(actor.tenantId, (tx) => this.#options.grants.find(tx, id));
    if (grant === null) throw accessErrors.ACCESS_GRANT_NOT_FOUND();
    return grantView(grant);
  }
}
