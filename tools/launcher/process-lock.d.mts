export interface LockHolder {
  readonly pid: number;
  readonly identity?: string;
  readonly [detail: string]: unknown;
}
export interface HeldLock {
  readonly held: true;
  update(details: Record<string, unknown>): void;
  release(): void;
}
export type LockAttempt = HeldLock | { readonly held: false; readonly holder: LockHolder };
export declare function processIdentity(pid: number): string | null;
export declare function readLock(path: string): LockHolder | null;
export declare function lockHolder(path: string): LockHolder | null;
export declare function acquireLock(path: string, details?: Record<string, unknown>): LockAttempt;
export declare function acquireLockWithin(
  path: string,
  options: { waitMs: number; details?: Record<string, unknown>; onWait?: (holder: LockHolder) => void },
): Promise<LockAttempt>;
