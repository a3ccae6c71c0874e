/** Plays scans against simulated servers: the fold without a network. */
import { finishScan } from '../src/scan/finish-scan.ts';
import type { Probe, ProbeOutcome } from '../src/scan/probes.ts';
import { beginScan, foldOutcome, type ScanState } from '../src/scan/scan-state.ts';
import type { ScanProfile, TlsScanResult } from '../src/scan/tls-scan-result.ts';
import type { ServerMessage } from '../src/tls/server-messages.ts';
import { type TlsVersion, tlsVersions } from '../src/tls/versions.ts';
import { testRegistry } from './algorithms.ts';

const target = { host: 'a.test', port: 443 };
export const environment = { registry: testRegistry, sha256Hex: () => '00', now: new Date('2026-11-23T00:00:00Z') };

export const answer = (...messages: ServerMessage[]): ProbeOutcome => ({ kind: 'answer', messages });
export const alert = (name = 'handshake_failure', description = 40): ProbeOutcome =>
  answer({ kind: 'alert', level: 'fatal', description, name });
export const failure = (
  cause: 'refused' | 'reset' | 'timeout' | 'dns',
  connected = cause !== 'refused',
): ProbeOutcome => ({
  kind: 'failure',
  cause,
  connected,
  detail: cause,
  messages: [],
});

/** Runs a scan against a function that plays the server; `pick` chooses which waiting probe ends next. */
export function play(
  serve: (probe: Probe) => ProbeOutcome,
  pick: (count: number) => number = () => 0,
  profile: ScanProfile = 'full',
): { result: TlsScanResult; asked: Probe[]; state: ScanState } {
  let { state, probes } = beginScan(target, profile);
  const waiting = [...probes];
  const asked: Probe[] = [];
  while (waiting.length > 0) {
    const [probe] = waiting.splice(pick(waiting.length) % waiting.length, 1);
    if (probe === undefined) break;
    asked.push(probe);
    if (asked.length > 500) throw new Error('the scan does not end');
    ({ state, probes } = foldOutcome(state, probe, serve(probe)));
    waiting.push(...probes);
  }
  return { result: finishScan(state, environment), asked, state };
}

export interface HonestServer {
  readonly groups: readonly number[];
  readonly preference?: 'server' | 'client';
  readonly versions?: readonly TlsVersion[];
  readonly suites?: Partial<Record<TlsVersion, readonly number[]>>;
}

/** An honest server with its own or the client's order; only TLS 1.3 hands out key shares and goes on to Finished. */
export function honest({
  groups,
  preference = 'server',
  versions = ['TLSv1.2', 'TLSv1.3'],
  suites = {},
}: HonestServer) {
  const choose = (own: readonly number[], offered: readonly number[]) =>
    preference === 'server'
      ? own.find((entry) => offered.includes(entry))
      : offered.find((entry) => own.includes(entry));
  return (probe: Probe): ProbeOutcome => {
    const version = tlsVersions
      .toReversed()
      .find((known) => versions.includes(known) && probe.versions.includes(known));
    if (version === undefined) return alert('protocol_version', 70);
    const suite = choose(suites[version] ?? [ordinarySuite(version)], probe.suites);
    const group = choose(groups, probe.groups);
    if (suite === undefined || group === undefined) return alert();
    if (version !== 'TLSv1.3') {
      return answer(
        { kind: 'server-hello', version, suite },
        { kind: 'server-key-exchange', exchange: { kind: 'ecdhe', group } },
        { kind: 'server-hello-done' },
      );
    }
    const retry: ServerMessage = { kind: 'hello-retry-request', version, suite, group };
    if (!probe.shares.includes(group)) {
      if (!probe.proves) return answer(retry);
      return answer(retry, { kind: 'server-hello', version, suite, group }, ...flight);
    }
    return answer({ kind: 'server-hello', version, suite, group }, ...(probe.proves ? flight : []));
  };
}

function ordinarySuite(version: TlsVersion): number {
  if (version === 'TLSv1.3') return 0x1302;
  return version === 'TLSv1.2' ? 0xc02f : 0x002f;
}

const flight: readonly ServerMessage[] = [
  { kind: 'encrypted-extensions' },
  { kind: 'certificate', certificates: [new Uint8Array([0])] },
  { kind: 'certificate-verify', scheme: 0x0403 },
  { kind: 'finished' },
];
