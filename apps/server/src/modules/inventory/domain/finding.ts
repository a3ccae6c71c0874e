import type { AssetFindingView } from '@quantumvault/api';
import { type Severity, severities } from '@quantumvault/inventory';
import type { ActorId, AssetId, EnvironmentId, FindingId } from '../../../kernel/ids.ts';

/** What scans observed at an asset under one rule, for the life of the asset (INV-5). */
export interface StoredFinding {
  readonly id: FindingId;
  readonly assetId: AssetId;
  readonly environmentId: EnvironmentId;
  readonly rule: string;
  readonly severity: Severity;
  readonly message: string;
  readonly evidence: string | null;
  readonly remedy: string;
  readonly firstSeenAt: Date;
  readonly lastSeenAt: Date;
  readonly goneAt: Date | null;
  readonly acceptance: Acceptance | null;
}

export interface Acceptance {
  readonly acceptedAt: Date;
  readonly acceptedBy: ActorId;
  readonly reason: string;
  readonly until: Date;
}

export type FindingState = AssetFindingView['state'];

/** Nothing has to run when an acceptance expires: it is judged by the clock each time somebody looks. */
export function findingState({ goneAt, acceptance }: StoredFinding, now: Date): FindingState {
  if (goneAt !== null) return 'gone';
  return acceptance !== null && acceptance.until > now ? 'accepted' : 'open';
}

// The column asset_finding.facet holds severity and whether there is an acceptance; migration 0008 has the same order.
const places = { open: 0, accepted: 1, gone: 2 } as const;

/** Every number that a finding can have which the filter lets through; an open one may have an acceptance that expired. */
export function findingFacets(severity: Severity | undefined, state: FindingState | undefined): readonly number[] {
  const wanted = severity === undefined ? severities : [severity];
  const states = state === undefined ? [0, 1, 2] : state === 'open' ? [places.open, places.accepted] : [places[state]];
  return wanted.flatMap((one) => states.map((place) => severities.indexOf(one) * 3 + place));
}

export function findingView(finding: StoredFinding, now: Date): AssetFindingView {
  const { firstSeenAt, lastSeenAt, goneAt, acceptance, ...rest } = finding;
  return {
    ...rest,
    state: findingState(finding, now),
    firstSeenAt: firstSeenAt.toISOString(),
    lastSeenAt: lastSeenAt.toISOString(),
    goneAt: goneAt?.toISOString() ?? null,
    acceptance:
      acceptance === null
        ? null
        : {
            ...acceptance,
            acceptedAt: acceptance.acceptedAt.toISOString(),
            until: acceptance.until.toISOString(),
          },
  };
}
