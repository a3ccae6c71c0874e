import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { alert, answer, failure, honest, play } from '../../test/simulated-server.ts';
import { profileOfTlsScan } from '../asset/encryption-profile.ts';
import { findGroup, groupName } from '../tls/named-groups.ts';
import type { TlsVersion } from '../tls/versions.ts';
import { tlsFindingRules } from './findings.ts';
import type { ProbeOutcome } from './probes.ts';
import { tls13Groups } from './probes.ts';

describe('INV-3a: the scan as a fold', () => {
  const someGroups = fc.uniqueArray(fc.constantFrom(...tls13Groups), { minLength: 1, maxLength: 8 });

  it('k + 1 connections list k groups in the server’s own order, however the answers interleave', () => {
    fc.assert(
      fc.property(someGroups, fc.infiniteStream(fc.nat({ max: 20 })), (groups, order) => {
        const { result, asked } = play(honest({ groups }), () => order.next().value ?? 0);
        expect(result.groups).toEqual(groups.map(groupName));
        const questions = asked.filter(({ id, purpose }) => id === 'tls13-groups' && purpose === 'enumerate');
        expect(questions).toHaveLength(groups.length === tls13Groups.length ? groups.length : groups.length + 1);
        expect(result.preference).toBe(groups.length > 1 ? 'server' : 'unknown');
        expect(result.versions).toContain('TLSv1.3');
        expect(result.error).toBeNull();
      }),
    );
  });

  it('a server that follows the client is told from one that does not', () => {
    fc.assert(
      fc.property(someGroups, (groups) => {
        const { result } = play(honest({ groups, preference: 'client' }));
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
      fc
        .constantFrom(...tls13Groups)
        .map(
          (group): ProbeOutcome =>
            answer(
              { kind: 'server-hello', version: 'TLSv1.3', suite: 0x1301, group },
              { kind: 'certificate', certificates: [new Uint8Array([1, 2, 3])] },
              { kind: 'certificate-verify', scheme: 0x0403 },
              { kind: 'finished' },
            ),
        ),
      fc
        .constantFrom('not-offered' as const, 'injected' as const, 'unavailable' as const)
        .map((kind): ProbeOutcome => ({ kind: 'no-tls', end: { kind, detail: 'x' } })),
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
    const serve = honest({ groups: [29], versions: ['TLSv1.2'] });
    const { result } = play((probe) => (probe.id === 'tls13-groups' ? failure('reset') : serve(probe)));
    expect(result.versions).toEqual(['TLSv1.2']);
    const ids = result.findings.map(({ id }) => id);
    expect(ids).not.toContain('tls-no-tls13');
    expect(ids).not.toContain('tls-no-pq-group');
    expect(ids).toContain('scan-incomplete');
  });

  it('all suites of each version are listed in the server’s order, and whose order it is', () => {
    const suites = { 'TLSv1.3': [0x1302, 0x1301], 'TLSv1.2': [0xc030, 0x003d, 0xc02f], 'TLSv1.0': [0x0035, 0x000a] };
    const versions = ['TLSv1.0', 'TLSv1.2', 'TLSv1.3'] as const;
    const { result } = play(honest({ groups: [29], versions, suites }));
    expect(result.suitesByVersion).toEqual([
      { version: 'TLSv1.3', suites: ['TLS_AES_256_GCM_SHA384', 'TLS_AES_128_GCM_SHA256'], preference: 'server' },
      {
        version: 'TLSv1.2',
        suites: [
          'TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384',
          'TLS_RSA_WITH_AES_256_CBC_SHA256',
          'TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256',
        ],
        preference: 'server',
      },
      {
        version: 'TLSv1.0',
        suites: ['TLS_RSA_WITH_AES_256_CBC_SHA', 'TLS_RSA_WITH_3DES_EDE_CBC_SHA'],
        preference: 'server',
      },
    ]);
    expect(result.suites).toHaveLength(7);
    const follows = play(honest({ groups: [29], versions, suites, preference: 'client' })).result;
    expect(follows.suitesByVersion.map(({ preference }) => preference)).toEqual(['client', 'client', 'client']);
  });

  it('a chain for each key: what the server signs with is left out until nothing is left', () => {
    const keys = [0x0403, 0x0804, 0x0905];
    const serve = honest({ groups: [29] });
    const { result } = play((probe) => {
      const outcome = serve(probe);
      if (outcome.kind !== 'answer' || !outcome.messages.some(({ kind }) => kind === 'finished')) return outcome;
      const scheme = keys.find((key) => probe.signatureSchemes?.includes(key) ?? true);
      if (scheme === undefined) return alert();
      const certificates = [new Uint8Array([scheme & 0xff])];
      return answer(
        ...outcome.messages.filter(({ kind }) => !['certificate', 'certificate-verify', 'finished'].includes(kind)),
        { kind: 'certificate', certificates },
        { kind: 'certificate-verify', scheme },
        { kind: 'finished' },
      );
    });
    // They are no certificates, so each is named as one that cannot be read.
    expect(result.unresolved.filter(({ probe }) => probe.startsWith('certificate'))).toHaveLength(3);
  });

  it('the quick profile takes two connections at most from a server that answers', () => {
    const hybrid = play(honest({ groups: [0x11ec, 29] }), () => 0, 'quick');
    expect(hybrid.asked).toHaveLength(1);
    expect(hybrid.result).toMatchObject({
      profile: 'quick',
      versions: ['TLSv1.3'],
      groups: ['X25519MLKEM768'],
      provenGroup: 'X25519MLKEM768',
    });
    const classicalFirst = play(honest({ groups: [29, 0x11ec] }), () => 0, 'quick');
    expect(classicalFirst.asked).toHaveLength(2);
    expect(classicalFirst.result.groups).toEqual(['x25519', 'X25519MLKEM768']);
    const classical = play(honest({ groups: [29] }), () => 0, 'quick');
    expect(classical.asked).toHaveLength(2);
    expect(classical.result.findings.map(({ id }) => id)).toContain('tls-no-pq-group');
    const old = play(honest({ groups: [23], versions: ['TLSv1.2'] }), () => 0, 'quick');
    expect(old.result).toMatchObject({ versions: ['TLSv1.2'], suites: ['TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256'] });
  });

  it('findings are worst first, each with an id of the table', () => {
    const { result } = play(honest({ groups: [29, 23], versions: ['SSLv3', 'TLSv1.0', 'TLSv1.2'] }));
    const known = new Set(tlsFindingRules.map(({ id }) => id));
    expect(result.findings.every(({ id }) => known.has(id))).toBe(true);
    expect(result.findings[0]?.id).toBe('tls-sslv3');
    expect(known.size).toBe(tlsFindingRules.length);
  });
});

describe('the profile of a scan', () => {
  const at = '2026-11-23T00:00:00Z';
  const profileOf = (groups: readonly string[], preference: 'server' | 'client') => {
    const { result } = play(honest({ groups: groups.map((name) => findGroup(name)?.codePoint ?? 0), preference }));
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
