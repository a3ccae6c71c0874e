import { findAlgorithm, findPublicKeyAlgorithm, sha256 } from '@quantumvault/crypto';
import {
  beginScan,
  finishScan,
  foldOutcome,
  type GuardRefusal,
  type Probe,
  type ProbeOutcome,
  parseAddress,
  type ScanGuard,
  type ScanState,
  type ScanTarget,
  type TlsScanResult,
} from '@quantumvault/inventory';
import { type ResolveHost, resolveGuarded } from './address-guard.ts';
import type { Endpoint, Preamble } from './connection.ts';
import { ConnectionLimiter } from './connection-limiter.ts';
import { runHandshakeProbe } from './handshake-probe.ts';
import { type HelloProbeOptions, runHelloProbe } from './hello-probe.ts';
import { startTlsPreamble } from './starttls-preamble.ts';

export interface TlsScanOptions {
  /** Which addresses may be touched; there is no default, because security depends on it (INV-7). */
  readonly guard: ScanGuard;
  /** The caller's clock; expiry of certificates is judged by it. */
  readonly now: () => Date;
  /** One connection, from its first packet to its last byte. */
  readonly connectionTimeoutMs?: number;
  /** One target with all its connections. */
  readonly targetTimeoutMs?: number;
  /** Targets in progress at once. */
  readonly targetsMax?: number;
  /** Share one between scans that run at the same time. */
  readonly limiter?: ConnectionLimiter;
  /** Stops the scan: running targets end as `cancelled`, waiting ones are not begun. */
  readonly signal?: AbortSignal;
  /** Server name to send instead of the target's host, for servers that are reached by address. */
  readonly serverName?: string;
  readonly alpn?: readonly string[];
  /** The conversation in clear that a target needs before TLS, if any; STARTTLS of the target's protocol unless given. */
  readonly preambleFor?: (target: ScanTarget) => (() => Preamble) | undefined;
  /** Called as each target ends, in the order of ending. */
  readonly onOutcome?: (outcome: TlsScanOutcome) => void;
  readonly resolve?: ResolveHost;
}

export const tlsScanDefaults = { connectionTimeoutMs: 5_000, targetTimeoutMs: 20_000, targetsMax: 16 } as const;

export type TlsScanOutcome =
  | { readonly kind: 'scanned'; readonly target: ScanTarget; readonly result: TlsScanResult }
  /** The address guard said no; nothing was sent. */
  | { readonly kind: 'refused'; readonly target: ScanTarget; readonly refusal: GuardRefusal }
  | { readonly kind: 'cancelled'; readonly target: ScanTarget };

/**
 * Scans TLS endpoints (INV-3): versions, negotiated suites, groups in the server's order, certificate chain, findings.
 * Returns one outcome per target, in the order of the targets. Never rejects for what a server or resolver does.
 *
 * @example
 * const [outcome] = await scanTls([parseScanTarget('example.org:443')], { guard: { mode: 'local', allow: [] }, now: () => clock.now() });
 */
export async function scanTls(
  targets: readonly ScanTarget[],
  options: TlsScanOptions,
): Promise<readonly TlsScanOutcome[]> {
  const limiter = options.limiter ?? new ConnectionLimiter();
  const outcomes = new Array<TlsScanOutcome>(targets.length);
  const queue = targets.entries();
  const work = async () => {
    // All workers draw from one iterator, so each target is taken once.
    for (const [index, target] of queue) {
      const outcome = await scanOne(target, options, limiter);
      outcomes[index] = outcome;
      options.onOutcome?.(outcome);
    }
  };
  const workersMax = Math.max(1, options.targetsMax ?? tlsScanDefaults.targetsMax);
  await Promise.all(Array.from({ length: Math.min(workersMax, targets.length) }, work));
  return outcomes;
}

async function scanOne(
  target: ScanTarget,
  options: TlsScanOptions,
  limiter: ConnectionLimiter,
): Promise<TlsScanOutcome> {
  const isCancelled = () => options.signal?.aborted === true;
  if (isCancelled()) return { kind: 'cancelled', target };
  // A timer of our own, cleared at the end: AbortSignal.timeout would keep its timer for the full time of each target.
  const overall = new AbortController();
  const stop = () => overall.abort();
  const timer = setTimeout(stop, options.targetTimeoutMs ?? tlsScanDefaults.targetTimeoutMs);
  options.signal?.addEventListener('abort', stop, { once: true });
  try {
    const resolved = await raceAbort(resolveGuarded(target.host, options.guard, options.resolve), overall.signal);
    if (isCancelled()) return { kind: 'cancelled', target };
    if (resolved?.kind === 'refused') return { kind: 'refused', target, refusal: resolved.refusal };
    const state =
      resolved?.kind === 'addresses'
        ? await runProbes(target, resolved.addresses, options, limiter, overall.signal)
        : unresolvedState(target, resolved?.detail ?? 'the resolver did not answer in time');
    if (isCancelled()) return { kind: 'cancelled', target };
    return { kind: 'scanned', target, result: finish(state, options) };
  } finally {
    clearTimeout(timer);
    options.signal?.removeEventListener('abort', stop);
  }
}

async function runProbes(
  target: ScanTarget,
  addresses: readonly string[],
  options: TlsScanOptions,
  limiter: ConnectionLimiter,
  signal: AbortSignal,
): Promise<ScanState> {
  const serverName =
    target.serverName ?? options.serverName ?? (parseAddress(target.host) === undefined ? target.host : undefined);
  const preamble = (options.preambleFor ?? startTlsPreamble)(target);
  const probeOptions: HelloProbeOptions = {
    timeoutMs: options.connectionTimeoutMs ?? tlsScanDefaults.connectionTimeoutMs,
    signal,
    serverName,
    alpn: options.alpn ?? [],
    ...(preamble === undefined ? {} : { preamble }),
  };
  const run = (address: string, probe: Probe) =>
    limiter.run(address, () => runProbe({ address, port: target.port }, probe, probeOptions));

  let { state, probes } = beginScan(target);
  let address = addresses[0] ?? '';
  // The first question finds the address that answers; all others go there.
  const [first] = probes;
  if (first === undefined) return state;
  let outcome = await run(address, first);
  for (const next of addresses.slice(1)) {
    if (outcome.kind !== 'failure' || outcome.connected) break;
    address = next;
    outcome = await run(address, first);
  }
  ({ state, probes } = foldOutcome(state, first, outcome));

  const runAndFold = async (probe: Probe): Promise<void> => {
    const answer = await run(address, probe);
    // `state` is read after the await and written before the next one, so parallel probes lose no answer of another.
    const step = foldOutcome(state, probe, answer);
    state = step.state;
    await Promise.all(step.probes.map(runAndFold));
  };
  await Promise.all(probes.map(runAndFold));
  return state;
}

function runProbe(endpoint: Endpoint, probe: Probe, options: HelloProbeOptions): Promise<ProbeOutcome> {
  return probe.kind === 'hello' ? runHelloProbe(endpoint, probe, options) : runHandshakeProbe(endpoint, probe, options);
}

function unresolvedState(target: ScanTarget, detail: string): ScanState {
  const { state, probes } = beginScan(target);
  const [first] = probes;
  if (first === undefined) return state;
  return foldOutcome(state, first, { kind: 'failure', cause: 'dns', connected: false, detail, messages: [] }).state;
}

function finish(state: ScanState, options: TlsScanOptions): TlsScanResult {
  return finishScan(state, {
    registry: { findAlgorithm, findPublicKeyAlgorithm },
    sha256Hex: (bytes) => Buffer.from(sha256(bytes)).toString('hex'),
    now: options.now(),
  });
}

/** The promise's value, or undefined when the signal fires first; the resolver itself cannot be stopped. */
function raceAbort<T>(promise: Promise<T>, signal: AbortSignal): Promise<T | undefined> {
  return new Promise((resolve, reject) => {
    const onAbort = () => resolve(undefined);
    signal.addEventListener('abort', onAbort, { once: true });
    promise.then(resolve, reject).finally(() => signal.removeEventListener('abort', onAbort));
  });
}
