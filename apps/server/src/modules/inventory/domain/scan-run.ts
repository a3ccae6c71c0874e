import { sha256 } from '@quantumvault/crypto';
import type { ScanProfile, TlsScanResult } from '@quantumvault/inventory';
import { kernelErrors } from '../../../kernel/errors.ts';
import type { AssetId, EnvironmentId, JobId } from '../../../kernel/ids.ts';
import type { Classification } from './asset.ts';

/** One scan with all jobs that worked on it; its id is that of the first (INV-5). */
export interface ScanRun extends Classification {
  readonly id: JobId;
  readonly jobId: JobId;
  /** What makes runs comparable: a name that somebody gave, or the targets themselves. */
  readonly scope: string;
  readonly previousId: JobId | null;
  readonly environmentId: EnvironmentId;
  readonly profile: ScanProfile;
  readonly targets: number;
  readonly createdAt: Date;
  readonly finishedAt: Date | null;
}

export const targetStatuses = ['pending', 'answered', 'unreachable', 'refused'] as const;
export type TargetStatus = (typeof targetStatuses)[number];

/** Against the run before; against what was known of the asset when there is none. `absent`: now as before. */
export const targetChanges = ['new', 'changed', 'same', 'gone', 'absent'] as const;
export type TargetChange = (typeof targetChanges)[number];

export interface RecordedTarget {
  readonly target: string;
  readonly status: TargetStatus;
  readonly change: TargetChange | null;
  /** Names of the facts that differ. */
  readonly changed: readonly string[];
  /** Why nothing was found. */
  readonly error: string | null;
  readonly facts: TargetFacts | null;
  readonly assetId: AssetId | null;
}

/** What the comparison of two runs looks at. Dates of certificates and orders of unordered things are not in it. */
export interface TargetFacts {
  readonly versions: readonly string[];
  readonly suites: readonly string[];
  readonly groups: readonly string[];
  readonly preference: string;
  readonly certificate: string | null;
  readonly findings: readonly string[];
}

export function factsOf(result: TlsScanResult): TargetFacts {
  return {
    versions: result.versions,
    suites: result.suites,
    groups: result.groups,
    preference: result.preference,
    certificate: result.chain[0]?.fingerprint256 ?? null,
    findings: result.findings.map(({ id }) => id).sort(),
  };
}

export function changedFacts(before: TargetFacts, now: TargetFacts): readonly string[] {
  const names = ['versions', 'suites', 'groups', 'preference', 'certificate', 'findings'] as const;
  return names.filter((name) => JSON.stringify(before[name]) !== JSON.stringify(now[name]));
}

/** How a target stands against what was known; `before` is null where nothing had answered. */
export function compareTarget(
  before: TargetFacts | null,
  now: TargetFacts | null,
): { readonly change: TargetChange; readonly changed: readonly string[] } {
  if (now === null) return { change: before === null ? 'absent' : 'gone', changed: [] };
  if (before === null) return { change: 'new', changed: [] };
  const changed = changedFacts(before, now);
  return { change: changed.length === 0 ? 'same' : 'changed', changed };
}

const unnamed = 'targets:';

/** Runs of one scope are compared with each other. */
export function scopeOf(name: string | undefined, targets: readonly string[]): string {
  if (name !== undefined) return `name:${name}`;
  const bytes = new TextEncoder().encode(targets.toSorted().join('\n'));
  return `${unnamed}${Buffer.from(sha256(bytes)).toString('hex')}`;
}

export const nameOfScope = (scope: string): string | null =>
  scope.startsWith(unnamed) ? null : scope.slice('name:'.length);

/** The place of a target in its scan, as a cursor says it; one that was made up must not become an error of the database. */
export function needPlace(value: string | number | undefined): number {
  const place = Number(value);
  if (!Number.isInteger(place) || place < 0 || place > 65_536) throw kernelErrors.REQUEST_CURSOR_INVALID();
  return place;
}
