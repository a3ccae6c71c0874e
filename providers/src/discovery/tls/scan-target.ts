import { findAlgorithm, findPublicKeyAlgorithm, sha256 } from '@quantumvault/crypto';
import {
  beginScan,
  finishScan,
  foldOutcome,
  type Probe,
  type ProbeOutcome,
  type ScanState,
  type ScanTarget,
} from '@quantumvault/inventory';
import { parseAddress } from '@quantumvault/pki';
import { resolveGuarded } from './address-guard.ts';
import type { ConnectionLimiter } from './connection-limiter.ts';
import type { ProbeShares } from './probe-shares.ts';
import { type ProbeRunOptions, runProbe } from './run-probe.ts';
import { type TlsScanOptions, type TlsScanOutcome, tlsScanDefaults } from './scan-options.ts';
import { startTlsPreamble } from './starttls-preamble.ts';

/** What all targets of one scan share. */
export interface ScanContext {
  readonly options: TlsScanOptions;
  readonly limiter: ConnectionLimiter;
  readonly shares: ProbeShares;
}

/** Scans one target within its time. Never rejects for what a server does. */
export async function scanTarget(target: ScanTarget, context: ScanContext): Promise<TlsScanOutcome> {
  const { options } = context;
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
        ? await runProbes(target, resolved.addresses, context, overall.signal)
        : unresolvedState(target, context, resolved?.detail ?? 'the resolver did not answer in time');
    if (isCancelled()) return { kind: 'cancelled', target };
    const environment = { registry: { findAlgorithm, findPublicKeyAlgorithm }, sha256Hex, now: options.now() };
    return { kind: 'scanned', target, result: finishScan(state, environment) };
  } finally {
    clearTimeout(timer);
    options.signal?.removeEventListener('abort', stop);
  }
}

async function runProbes(
  target: ScanTarget,
  addresses: readonly string[],
  { options, limiter, shares }: ScanContext,
  signal: AbortSignal,
): Promise<ScanState> {
  const preamble = (options.preambleFor ?? startTlsPreamble)(target);
  const probeOptions: ProbeRunOptions = {
    timeoutMs: options.connectionTimeoutMs ?? tlsScanDefaults.connectionTimeoutMs,
    signal,
    serverName: serverNameOf(target, options),
    alpn: options.alpn ?? [],
    shares,
    ...(preamble === undefined ? {} : { preamble }),
  };
  let { state, probes } = beginScan(target, options.profile);
  let hasTalked = false;
  const connectOnce = async (address: string, probe: Probe): Promise<ProbeOutcome> => {
    const endpoint = { address, port: target.port };
    const outcome = await limiter.run(endpoint, () => runProbe(endpoint, probe, probeOptions), signal);
    hasTalked ||= outcome.kind !== 'no-tls' && outcome.messages.length > 0;
    return outcome;
  };
  const retriesMax = options.retriesMax ?? tlsScanDefaults.retriesMax;
  const run = async (address: string, probe: Probe, isFirst: boolean): Promise<ProbeOutcome> => {
    let outcome = await connectOnce(address, probe);
    for (let retry = 0; retry < retriesMax && isWorthRetry(outcome) && !signal.aborted; retry++) {
      // A server that never said a word is asked again once, with the first question, not with each of them.
      if (!isFirst && !hasTalked) break;
      await delay((options.retryDelayMs ?? tlsScanDefaults.retryDelayMs) * 2 ** retry, signal);
      if (!signal.aborted) outcome = await connectOnce(address, probe);
    }
    return outcome;
  };

  let address = addresses[0] ?? '';
  // The first question finds the address that answers; all others go there.
  const [first] = probes;
  if (first === undefined) return state;
  let outcome = await run(address, first, true);
  for (const next of addresses.slice(1)) {
    if (outcome.kind !== 'failure' || outcome.connected) break;
    address = next;
    outcome = await run(address, first, true);
  }
  ({ state, probes } = foldOutcome(state, first, outcome));

  const runAndFold = async (probe: Probe): Promise<void> => {
    const answer = await run(address, probe, false);
    // `state` is read after the await and written before the next one, so parallel probes lose no answer of another.
    const step = foldOutcome(state, probe, answer);
    state = step.state;
    await Promise.all(step.probes.map(runAndFold));
  };
  await Promise.all(probes.map(runAndFold));
  return state;
}

function serverNameOf(target: ScanTarget, options: TlsScanOptions): string | undefined {
  if (target.serverName !== undefined) return target.serverName;
  return options.serverName ?? (parseAddress(target.host) === undefined ? target.host : undefined);
}

// Refused, alerts and what is not TLS are answers; asking again would only be impolite.
function isWorthRetry(outcome: ProbeOutcome): boolean {
  return outcome.kind === 'failure' && (outcome.cause === 'timeout' || outcome.cause === 'reset');
}

function unresolvedState(target: ScanTarget, { options }: ScanContext, detail: string): ScanState {
  const { state, probes } = beginScan(target, options.profile);
  const [first] = probes;
  if (first === undefined) return state;
  return foldOutcome(state, first, { kind: 'failure', cause: 'dns', connected: false, detail, messages: [] }).state;
}

function sha256Hex(bytes: Uint8Array): string {
  return Buffer.from(sha256(bytes)).toString('hex');
}

/** Waits, but not longer than until the signal fires. */
function delay(milliseconds: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const end = () => {
      clearTimeout(timer);
      signal.removeEventListener('abort', end);
      resolve();
    };
    const timer = setTimeout(end, milliseconds);
    signal.addEventListener('abort', end, { once: true });
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
