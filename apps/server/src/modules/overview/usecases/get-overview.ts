import { burnDownDaysMax, endsSoonCountMax, endsSoonDays, type OverviewView } from '@quantumvault/api';
import type { Actor } from '../../../kernel/actor.ts';
import type { Authorize } from '../../../kernel/authorize.ts';
import type { Clock } from '../../../kernel/clock.ts';
import type { Ending, EndingAsked, EndingSource } from '../../../kernel/ending.ts';
import type { UnitOfWork } from '../../../kernel/unit-of-work.ts';
import type { May, ReachOf } from '../../access/index.ts';
import { addUp, firstDay } from '../domain/add-up.ts';
import type { AssetTally } from '../ports/asset-tally.ts';

export interface GetOverviewOptions {
  readonly authorize: Authorize;
  readonly may: May;
  readonly reachOf: ReachOf;
  readonly uow: UnitOfWork;
  readonly clock: Clock;
  readonly tally: AssetTally;
  readonly certificates: EndingSource;
  readonly apiKeys: EndingSource;
  readonly grants: EndingSource;
}

const listed = 5;
const soonMs = endsSoonDays * 86_400_000;

/**
 * The organization at one glance (IFC-5), of which each caller gets what it may read: figures of assets in its reach, and
 * what ends soon of kinds that it may list. Its effort depends on environments and days, not on the number of assets.
 */
export class GetOverview {
  readonly #authorize: Authorize;
  readonly #options: GetOverviewOptions;
  constructor(options: GetOverviewOptions) {
    this.#authorize = options.authorize;
    this.#options = options;
  }

  async execute(actor: Actor): Promise<OverviewView> {
    await this.#authorize(actor, 'asset.read', { type: 'organization', id: actor.tenantId, isListing: true });
    const { uow, clock, tally, certificates, apiKeys, grants, may, reachOf } = this.#options;
    const now = clock.now();
    const since = firstDay(now, burnDownDaysMax);
    const reach = reachOf(actor, 'asset.read');
    const grantReach = reachOf(actor, 'grant.read');
    const readsGrants = grantReach === null || grantReach.everywhere || grantReach.allowed.length > 0;
    const soon = {
      reach,
      from: now,
      until: new Date(now.getTime() + soonMs),
      listed,
      countMax: endsSoonCountMax,
    } satisfies EndingAsked;
    return uow.read(actor.tenantId, async (tx) => ({
      ...addUp(await tally.changes(tx, { reach, since }), { since, now }),
      endsSoon: {
        certificates: endingView(await certificates.ending(tx, { ...soon, from: new Date(now.getTime() - soonMs) })),
        apiKeys: may(actor, 'api-key.read') ? endingView(await apiKeys.ending(tx, { ...soon, reach: null })) : null,
        grants: readsGrants ? endingView(await grants.ending(tx, { ...soon, reach: grantReach })) : null,
      },
    }));
  }
}

const endingView = ({ count, next }: Ending) => ({
  count,
  next: next.map(({ id, name, endsAt }) => ({ id, name, endsAt: endsAt.toISOString() })),
});
