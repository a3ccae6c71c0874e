import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { testRegistry } from '../../test/algorithms.ts';
import { profileOfTlsScan } from '../asset/encryption-profile.ts';
import { findGroup, groupName } from '../tls/named-groups.ts';
import type { ServerMessage } from '../tls/server-messages.ts';
import type { TlsVersion } from '../tls/versions.ts';
import { tlsFindingRules } from './findings.ts';
import { finishScan } from './finish-scan.ts';
import type { Probe, ProbeOutcome } from './probes.ts';
import { tls13Groups } from './probes.ts';
import { beginScan, foldOutcome, type ScanState } from './scan-state.ts';
import type { TlsScanResult } from './tls-scan-result.ts';

const target = { host: 'a.test', port: 443 };
const environment = { registry: testRegistry, sha256Hex: () => '00', now: new Date('2026-11-23T00:00:00Z') };

const answer = (...messages: ServerMessage[]): ProbeOutcome => ({ kind: 'answer', messages });
const alert = (name = 'handshake_failure', description = 40): ProbeOutcome =>
  answer({ kind: 'alert', level: 'fatal', description, name });
const failure = (cause: 'refused' | 'reset' | 'timeout' | 'dns', connected = cause !== 'refused'): ProbeOutcome => ({
  kind: 'failure',
  cause,
  connected,
  detail: cause,
  messages: [],
});

/** Runs a scan against a function that plays the server; `pick` chooses which waiting probe ends next. */
function play(
  serve: (probe: Probe) => ProbeOutcome,
  pick: (count: number) => number = () => 0,
): { result: TlsScanResult; asked: Probe[]; state: ScanState } {
  let { state, probes } = beginScan(target);
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

/** An honest server with its own or the client's order. */
function honest(
  groups: readonly number[],
  preference: 'server' | 'client',
  versions: readonly TlsVersion[] = ['TLSv1.2', 'TLSv1.3'],
) {
  return (probe: Probe): ProbeOutcome => {
    if (probe.kind === 'handshake')
      return {
        kind: 'handshake',
        version: 'TLSv1.3',
        suite: 'TLS_AES_256_GCM_SHA384',
        group: probe.groups[0] ?? null,
        chain: [],
      };
    if (!versions.includes(probe.version)) return alert('protocol_version', 70);
    if (probe.purpose === 'weak-suites') return alert();
    const shared =
      preference === 'server'
        ? groups.filter((group) => probe.groups.includes(group))
        : probe.groups.filter((group) => groups.includes(group));
    const [group] = shared;
    if (probe.version === 'TLSv1.3') {
      return group === undefined
        ? alert()
        : answer({ kind: 'hello-retry-request', version: 'TLSv1.3', suite: 0x1302, group });
    }
    return group === undefined
      ? alert()
      : answer(
          { kind: 'server-hello', version: probe.version, suite: 0xc02f },
          { kind: 'server-key-exchange', exchange: { kind: 'ecdhe', group } },
          { kind: 'server-hello-done' },
        );
  };
}

describe('INV-3a: the scan as a fold', () => {
  const someGroups = fc.uniqueArray(fc.constantFrom(...tls13Groups), { minLength: 1, maxLength: 8 });

  it('k + 1 connections list k groups in the server’s own order, however the answers interleave', () => {
    fc.assert(
      fc.property(someGroups, fc.infiniteStream(fc.nat({ max: 20 })), (groups, order) => {
        const { result, asked } = play(honest(groups, 'server'), () => order.next().value ?? 0);
        expect(result.groups).toEqual(groups.map(groupName));
        expect(asked.filter(({ purpose }) => purpose === 'tls13-groups')).toHaveLength(groups.length + 1);
        expect(result.preference).toBe(groups.length > 1 ? 'server' : 'unknown');
        expect(result.versions).toContain('TLSv1.3');
        expect(result.error).toBeNull();
      }),
    );
  });

  it('a server that follows the client is told from one that does not', () => {
    fc.assert(
      fc.property(someGroups, (groups) => {
        const { result } = play(honest(groups, 'client'));
        expect(new Set(result.groups)).toEqual(new Set(groups.map(groupName)));
        expect(result.preference).toBe(groups.length > 1 ? 'client' : 'unknown');
      }),
    );
  });

  it('any mix of answers ends within bounds and gives a well-formed result', () => {
    const outcome = fc.oneof(
      fc.constantFrom<ProbeOutcome>(
        failure('reset'),
        failure('timeout'),
        failure('refused'),
        alert(),
        alert('internal_error', 80),
        { kind: 'not-tls', cause: 'malformed', detail: 'x', messages: [] },
      ),
      fc
        .record({
          group: fc.constantFrom(...tls13Groups, 0xffff),
          version: fc.constantFrom<TlsVersion | undefined>('TLSv1.3', 'TLSv1.2', undefined),
        })
        .map(
          ({ group, version }): ProbeOutcome => answer({ kind: 'hello-retry-request', version, suite: 0x1301, group }),
        ),
      fc
        .constantFrom<TlsVersion>('TLSv1.2', 'TLSv1.1', 'SSLv3')
        .map((version): ProbeOutcome => answer({ kind: 'server-hello', version, suite: 0x002f })),
      fc.constant<ProbeOutcome>({
        kind: 'handshake',
        version: 'TLSv1.3',
        suite: 'nonsense',
        group: 'nonsense',
        chain: [new Uint8Array([1, 2, 3])],
      }),
    );
    fc.assert(
      fc.property(fc.infiniteStream(outcome), (answers) => {
        const { result } = play(() => answers.next().value ?? alert());
        expect(new Set(result.groups).size).toBe(result.groups.length);
        if (result.versions.length > 0) expect(result.error).toBeNull();
      }),
    );
  });

  it('a refused connection is asked nothing more', () => {
    const { result, asked } = play(() => failure('refused', false));
    expect(asked).toHaveLength(1);
    expect(result).toMatchObject({ reachable: false, error: 'refused', findings: [] });
  });

  it('a server that hangs is asked twice at most', () => {
    const { result, asked } = play(() => failure('timeout'));
    expect(asked).toHaveLength(2);
    expect(result.error).toBe('timeout');
  });

  it('an unanswered TLS 1.3 question does not become "no TLS 1.3" or "no post-quantum"', () => {
    const serve = honest([29], 'server', ['TLSv1.2']);
    const { result } = play((probe) => (probe.purpose === 'tls13-groups' ? failure('reset') : serve(probe)));
    expect(result.versions).toEqual(['TLSv1.2']);
    const ids = result.findings.map(({ id }) => id);
    expect(ids).not.toContain('tls-no-tls13');
    expect(ids).not.toContain('tls-no-pq-group');
    expect(ids).toContain('scan-incomplete');
  });

  it('a stack that refuses an empty key share is asked by a real handshake', () => {
    const serve = honest([0x11ec], 'server');
    const { result } = play((probe) => {
      if (probe.purpose === 'tls13-groups') return alert('decode_error', 50);
      return probe.kind === 'handshake'
        ? { kind: 'handshake', version: 'TLSv1.3', suite: 'TLS_AES_128_GCM_SHA256', group: 'X25519MLKEM768', chain: [] }
        : serve(probe);
    });
    expect(result.versions).toContain('TLSv1.3');
    expect(result.groups).toEqual(['X25519MLKEM768']);
  });

  it('findings are worst first, each with an id of the table', () => {
    const { result } = play(honest([29, 23], 'server', ['SSLv3', 'TLSv1.0', 'TLSv1.2']));
    const known = new Set(tlsFindingRules.map(({ id }) => id));
    expect(result.findings.every(({ id }) => known.has(id))).toBe(true);
    expect(result.findings[0]?.id).toBe('tls-sslv3');
    expect(known.size).toBe(tlsFindingRules.length);
  });
});

describe('the profile of a scan', () => {
  const at = '2026-11-23T00:00:00Z';
  const profileOf = (groups: readonly string[], preference: 'server' | 'client') => {
    const { result } = play(
      honest(
        groups.map((name) => findGroup(name)?.codePoint ?? 0),
        preference,
      ),
    );
    return profileOfTlsScan(result, at)?.uses[0]?.algorithm;
  };

  it('takes the first group of a server that decides, and the post-quantum one where the client decides', () => {
    expect(profileOf(['x25519', 'X25519MLKEM768'], 'server')).toBe('x25519');
    expect(profileOf(['X25519MLKEM768', 'x25519'], 'server')).toBe('X25519MLKEM768');
    expect(profileOf(['x25519', 'X25519MLKEM768'], 'client')).toBe('X25519MLKEM768');
  });

  it('is nothing when nothing was established', () => {
    expect(profileOfTlsScan(play(() => failure('timeout')).result, at)).toBeNull();
  });
});
