export interface BuildSource {
  readonly source: string;
  readonly compiled: boolean;
  readonly outputs: readonly string[];
}
export interface IndexedFile {
  readonly mtime: number;
  readonly size: number;
  readonly hash: string;
}
export interface Freshness {
  readonly fresh: boolean;
  readonly touched: boolean;
  readonly stale: readonly BuildSource[];
  readonly removed: readonly string[];
  readonly sources: readonly BuildSource[];
  readonly files: Record<string, IndexedFile>;
  readonly compiler: string;
}
export declare function indexPath(root: string): string;
export declare function buildUnits(root: string): string[];
export declare function listFiles(folder: string, prefix?: string): string[];
export declare function checkFreshness(root: string): Freshness;
