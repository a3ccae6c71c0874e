import { describe, expect, it } from 'vitest';
import { alert, failure, honest, play } from '../../test/simulated-server.ts';
import { suiteName } from '../tls/cipher-suites.ts';
import type { Probe, ProbeOutcome } from './probes.ts';

const isEmpty = ({ versions, shares }: Probe) => versions.includes('TLSv1.3') && shares.length === 0;
const findingsOf = ({ result }: ReturnType<typeof play>) => result.findings.map(({ id }) => id);

describe('INV-3a: fallbacks for servers that do not take the full question', () => {
  it('a stack that refuses an empty key share is asked again with real ones', () => {
    const serve = honest({ groups: [0x11ec, 29] });
    const { result, asked } = play((probe) => {
      return isEmpty(probe) ? alert('decode_error', 50) : serve(probe);
    });
    expect(result).toMatchObject({
      versions: ['TLSv1.2', 'TLSv1.3'],
      groups: ['X25519MLKEM768', 'x25519'],
      provenGroup: 'X25519MLKEM768',
    });
    expect(result.suitesByVersion[0]).toMatchObject({ version: 'TLSv1.3', suites: ['TLS_AES_256_GCM_SHA384'] });
    expect(asked.length).toBeLessThan(30);
  });

  it('a server that closes on hellos with many groups or long ones is asked with shorter lists', () => {
    for (const most of [16, 4]) {
      const serve = honest({ groups: [29, 23] });
      const { result } = play((probe) =>
        probe.versions.includes('TLSv1.3') && probe.groups.length > most ? failure('reset') : serve(probe),
      );
      expect(result).toMatchObject({ versions: ['TLSv1.2', 'TLSv1.3'], groups: ['x25519', 'secp256r1'] });
      // The list of sixteen has the post-quantum groups in it, the list of four has not.
      const isAnswered = most === 16;
      expect(result.unresolved.some(({ probe }) => probe === 'tls13-groups')).toBe(!isAnswered);
      expect(result.findings.some(({ id }) => id === 'tls-no-pq-group')).toBe(isAnswered);
    }
  });

  it('closing where others send an alert ends a list that had an answer before, and is said', () => {
    const serve = honest({ groups: [29, 23] });
    const { result } = play((probe) => {
      const outcome = serve(probe);
      return outcome.kind === 'answer' && outcome.messages[0]?.kind === 'alert' ? failure('reset') : outcome;
    });
    expect(result.groups).toEqual(['x25519', 'secp256r1']);
    expect(result.closings).toContain('tls13-groups');
    expect(result.unresolved.map(({ probe }) => probe)).not.toContain('tls13-groups');
  });

  it('what stands behind a suite that makes the server break off is found, and the breaking off is said', () => {
    const dhe = 0x009e;
    const suites = { 'TLSv1.2': [0xc030, 0xc02f, dhe, 0xc014, 0xc013] };
    const serve = honest({ groups: [29], preference: 'client', versions: ['TLSv1.2'], suites });
    const { result, asked } = play((probe) => {
      const outcome = serve(probe);
      const [first] = outcome.kind === 'answer' ? outcome.messages : [];
      const isBreaking = first?.kind === 'alert' || (first?.kind === 'server-hello' && first.suite === dhe);
      return isBreaking ? failure('reset') : outcome;
    });
    expect(result.suites.toSorted()).toEqual([0xc030, 0xc02f, 0xc014, 0xc013].map(suiteName).toSorted());
    expect(result.unresolved).toContainEqual({ probe: 'TLSv1.2-dhe', cause: 'reset', detail: expect.any(String) });
    expect(asked.filter(({ id, purpose }) => id === 'TLSv1.2' && purpose === 'enumerate')).toHaveLength(6);
  });

  it('a server that just has no more suites is asked once more without finite fields, and nothing stays open', () => {
    const suites = { 'TLSv1.2': [0xc030, 0xc02f] };
    const serve = honest({ groups: [29], versions: ['TLSv1.2'], suites });
    const { result, asked } = play((probe) => {
      const outcome = serve(probe);
      return outcome.kind === 'answer' && outcome.messages[0]?.kind === 'alert' ? failure('reset') : outcome;
    });
    expect(result.suites).toEqual([0xc030, 0xc02f].map(suiteName));
    expect(result.unresolved.map(({ probe }) => probe)).not.toContain('TLSv1.2-dhe');
    expect(result.closings).toContain('TLSv1.2');
    expect(asked.filter(({ id, purpose }) => id === 'TLSv1.2' && purpose === 'enumerate')).toHaveLength(4);
  });

  it('silence never ends a list: what is open stays open', () => {
    const serve = honest({ groups: [29, 23] });
    const { result } = play((probe) => {
      const outcome = serve(probe);
      return outcome.kind === 'answer' && outcome.messages[0]?.kind === 'alert' ? failure('timeout') : outcome;
    });
    expect(result.groups).toEqual(['x25519', 'secp256r1']);
    expect(result.unresolved.map(({ probe }) => probe)).toContain('tls13-groups');
  });

  it('a server that hangs on an empty key share is asked with real ones as soon as it answers something else', () => {
    const serve = honest({ groups: [0x11ec, 29] });
    const { result, asked } = play((probe) => (isEmpty(probe) ? failure('timeout') : serve(probe)));
    expect(result).toMatchObject({ versions: ['TLSv1.2', 'TLSv1.3'], groups: ['X25519MLKEM768', 'x25519'] });
    expect(result.unresolved.filter(({ probe }) => probe === 'tls13-groups')).toEqual([]);
    expect(asked.filter(isEmpty)).toHaveLength(1);
  });

  it('a server that hangs on all but what clients sent before 2024 leaves the post-quantum question open', () => {
    const serve = honest({ groups: [29, 23] });
    const played = play((probe) =>
      probe.versions.includes('TLSv1.3') && (isEmpty(probe) || probe.groups.length > 4)
        ? failure('timeout')
        : serve(probe),
    );
    expect(played.result).toMatchObject({ versions: ['TLSv1.2', 'TLSv1.3'], groups: ['x25519', 'secp256r1'] });
    expect(played.result.unresolved).toContainEqual({ probe: 'tls13-groups', cause: 'timeout', detail: 'timeout' });
    expect(findingsOf(played)).not.toContain('tls-no-pq-group');
  });

  it('a server whose every TLS 1.3 answer is a reset is not asked the last fallback twice', () => {
    const serve = honest({ groups: [29], versions: ['TLSv1.2'] });
    const { asked } = play((probe) => (probe.versions.includes('TLSv1.3') ? failure('reset') : serve(probe)));
    expect(asked.filter(({ id }) => id === 'tls13-groups')).toHaveLength(4);
  });

  const limit = 128;
  const weak = [0x0004, 0x0009, 0x0001, 0x0034];
  const suites = { 'TLSv1.2': [0xc030, 0xc02f, 0x002f, ...weak] };

  it.each<readonly [string, ProbeOutcome]>([
    ['an alert', alert()],
    ['a reset', failure('reset')],
  ])('a server that answers long lists of suites with %s still shows its weak ones', (_what, refusal) => {
    const serve = honest({ groups: [29], versions: ['TLSv1.2'], suites });
    const played = play((probe) => (probe.suites.length > limit ? refusal : serve(probe)));
    const [tls12] = played.result.suitesByVersion;
    expect(new Set(tls12?.suites)).toEqual(new Set(suites['TLSv1.2'].map(suiteName)));
    expect(findingsOf(played)).toContain('tls-suite-broken');
    expect(played.result.unresolved.filter(({ probe }) => probe === 'TLSv1.2')).toEqual([]);
    expect(played.asked.filter(({ suites: { length } }) => length > limit)).toHaveLength(1);
  });

  it('a reset on the first question of a later part leaves that part open', () => {
    const serve = honest({ groups: [29], versions: ['TLSv1.2'], suites });
    const { result } = play((probe) => {
      if (probe.id !== 'TLSv1.2') return serve(probe);
      return probe.suites.length > limit ? alert() : probe.suites.includes(0x0001) ? failure('reset') : serve(probe);
    });
    expect(result.unresolved.map(({ probe }) => probe)).toContain('TLSv1.2');
    expect(result.closings).not.toContain('TLSv1.2');
  });

  it('a server without the version is not asked for it in parts', () => {
    const serve = honest({ groups: [29], versions: ['TLSv1.3'] });
    const { asked } = play((probe) => {
      const outcome = serve(probe);
      const isVersionAlert = outcome.kind === 'answer' && outcome.messages[0]?.kind === 'alert';
      return isVersionAlert ? alert() : outcome;
    });
    expect(asked.filter(({ id }) => id === 'TLSv1.2')).toHaveLength(2);
  });
});

describe('INV-3a: fallbacks of the quick profile', () => {
  const quick = (serve: (probe: Probe) => ProbeOutcome) => play(serve, () => 0, 'quick');
  // Takes the share that is there: the habit that hides a post-quantum group from a client that brings none.
  const taking = (groups: readonly number[]) => {
    const serve = honest({ groups });
    return (probe: Probe) => {
      if (isEmpty(probe)) return alert('decode_error', 50);
      const own = probe.shares.find((group) => groups.includes(group));
      return own === undefined ? serve(probe) : honest({ groups: [own, ...groups] })(probe);
    };
  };

  it('a stack that refuses an empty key share is not said to be without post-quantum groups', () => {
    const played = quick(taking([29, 0x11ec]));
    expect(played.result.groups).toEqual(['x25519', 'X25519MLKEM768']);
    expect(findingsOf(played)).not.toContain('tls-no-pq-group');
    expect(played.asked).toHaveLength(3);
  });

  it('and one that has none is', () => {
    const played = quick(taking([29, 23]));
    expect(findingsOf(played)).toContain('tls-no-pq-group');
    expect(played.asked).toHaveLength(3);
  });
});
