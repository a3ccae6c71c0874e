import type { Reach } from '@quantumvault/access';
import type { JobView } from '@quantumvault/api';
import type { JobId } from '../../../kernel/ids.ts';
import type { Transaction } from '../../../kernel/unit-of-work.ts';
import type { RecordedTarget, ScanRun, TargetChange, TargetFacts, TargetStatus } from '../domain/scan-run.ts';

export type NewScanRun = Omit<ScanRun, 'previousId' | 'targets' | 'createdAt' | 'finishedAt'> & {
  readonly requestedBy: string;
  readonly targets: readonly string[];
};

export interface BegunScan {
  readonly run: ScanRun;
  /** Without an outcome yet, in the order of the request. */
  readonly pending: readonly string[];
}

export interface ScanCounts {
  readonly status: Readonly<Record<TargetStatus, number>>;
  readonly change: Readonly<Record<TargetChange, number>>;
}

/** A scan as a list shows it. */
export interface ListedScan {
  readonly id: JobId;
  readonly run: ScanRun;
  readonly jobStatus: JobView['status'];
  readonly firstTarget: string;
  readonly requestedBy: string;
  readonly status: ScanCounts['status'];
}

export interface ScanFilter {
  readonly environmentId?: string | undefined;
  readonly scope?: string | undefined;
  /** Null: the whole organization. */
  readonly reach: Reach | null;
  readonly before: string | null;
  readonly limit: number;
}

export interface ScanRepository {
  /** The run of this id, made when it is not there, with the newest finished run of its scope as the one before. */
  begin(tx: Transaction, run: NewScanRun): Promise<BegunScan>;
  find(tx: Transaction, id: string): Promise<ScanRun | null>;
  findForUpdate(tx: Transaction, id: string): Promise<ScanRun | null>;
  /** The job that worked on it last. */
  lastJob(tx: Transaction, run: ScanRun): Promise<{ readonly input: unknown; readonly isOpen: boolean }>;
  handTo(tx: Transaction, run: ScanRun, jobId: string): Promise<void>;
  /** What the run before saw of these targets; null: it did not answer. Targets that it did not have are left out. */
  factsBefore(
    tx: Transaction,
    run: ScanRun,
    targets: readonly string[],
  ): Promise<ReadonlyMap<string, TargetFacts | null>>;
  /** Keeps outcomes; a target that has one already keeps that. */
  record(tx: Transaction, scanId: JobId, targets: readonly RecordedTarget[]): Promise<void>;
  finish(tx: Transaction, scanId: JobId): Promise<void>;
  counts(tx: Transaction, scanId: string): Promise<ScanCounts>;
  /** Newest first. */
  list(tx: Transaction, filter: ScanFilter): Promise<readonly ListedScan[]>;
  listTargets(
    tx: Transaction,
    filter: {
      readonly scanId: string;
      readonly change?: TargetChange | undefined;
      readonly after: number | null;
      readonly limit: number;
    },
  ): Promise<readonly (RecordedTarget & { readonly seq: number })[]>;
  /** Each time that a scan asked an asset, newest first. */
  listOfAsset(
    tx: Transaction,
    filter: {
      readonly assetId: string;
      readonly before: { readonly scanId: string; readonly seq: number } | null;
      readonly limit: number;
    },
  ): Promise<readonly AskedTarget[]>;
}

export interface AskedTarget extends RecordedTarget {
  readonly scanId: string;
  readonly seq: number;
  readonly recordedAt: Date | null;
}
