import type { GuardRefusal, ScanGuard, ScanProfile, ScanTarget, TlsScanResult } from '@quantumvault/inventory';
import type { ResolveHost } from './address-guard.ts';
import type { Preamble } from './connection.ts';
import type { ConnectionLimiter, ConnectionRates } from './connection-limiter.ts';

export interface TlsScanOptions {
  /** Which addresses may be touched; there is no default, because security depends on it (INV-7). */
  readonly guard: ScanGuard;
  /** The caller's clock; expiry of certificates is judged by it. */
  readonly now: () => Date;
  /** How much to ask; `full` unless said otherwise. */
  readonly profile?: ScanProfile;
  /** One connection, from its first packet to its last byte. */
  readonly connectionTimeoutMs?: number;
  /** One target with all its connections. */
  readonly targetTimeoutMs?: number;
  /** Targets in progress at once; the scan holds no more of them in memory. */
  readonly targetsMax?: number;
  /** Repetitions of a question that ended in a timeout or a reset; refusals and alerts are never asked again. */
  readonly retriesMax?: number;
  /** Before the first repetition; it doubles with each one. */
  readonly retryDelayMs?: number;
  /** Share one between scans that run at the same time; it has its own rates. */
  readonly limiter?: ConnectionLimiter;
  /** Token buckets of this scan, when no limiter is given. */
  readonly rates?: ConnectionRates;
  /** Stops the scan: running targets end as `cancelled`, waiting ones are not begun. */
  readonly signal?: AbortSignal;
  /** Server name to send instead of the target's host, for servers that are reached by address. */
  readonly serverName?: string;
  /** Protocols to offer with every question; the full profile asks for the web's two by itself. */
  readonly alpn?: readonly string[];
  /** The conversation in clear that a target needs before TLS, if any; STARTTLS of the target's protocol unless given. */
  readonly preambleFor?: (target: ScanTarget) => (() => Preamble) | undefined;
  /** Called as each target ends, in the order of ending. */
  readonly onOutcome?: (outcome: TlsScanOutcome) => void;
  /** False for large scans that take each outcome through `onOutcome`: the answer is then empty. */
  readonly keepOutcomes?: boolean;
  readonly resolve?: ResolveHost;
}

export const tlsScanDefaults = {
  connectionTimeoutMs: 5_000,
  targetTimeoutMs: 20_000,
  retriesMax: 1,
  retryDelayMs: 200,
  /** A full scan keeps its five connections busy by itself; a quick one has a single connection at a time. */
  targetsMax: { full: 16, quick: 64 },
} as const;

export type TlsScanOutcome =
  | { readonly kind: 'scanned'; readonly target: ScanTarget; readonly result: TlsScanResult }
  /** The address guard said no; nothing was sent. */
  | { readonly kind: 'refused'; readonly target: ScanTarget; readonly refusal: GuardRefusal }
  | { readonly kind: 'cancelled'; readonly target: ScanTarget };
