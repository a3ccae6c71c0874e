import { describe, expect, it } from 'vitest';
import { type AcceptedDifference, acceptedDifferences, explainSilence, judge } from './accepted.ts';
import { comparedServers } from './servers.ts';

const accepted: readonly AcceptedDifference[] = [
  { tool: 'sslscan', servers: ['node*'], fact: 'groups', onlyOurs: ['X25519MLKEM768'], because: 'it is older' },
  { tool: 'sslscan', servers: ['*'], fact: 'suites*', onlyTheirs: ['*'], because: 'it sees more' },
  { tool: 'sslscan', servers: ['slapd'], fact: 'answer', because: 'it gives up' },
];
const different = (fact: string, onlyOurs: string[], onlyTheirs: string[]) =>
  ({ fact, outcome: 'different', onlyOurs, onlyTheirs }) as const;

describe('accepted differences', () => {
  it('explain the words that they name, at the places that they name, and nothing else', () => {
    const used = new Set<AcceptedDifference>();
    const at = { tool: 'sslscan', server: 'node, hybrid' };
    const judged = judge(different('groups', ['X25519MLKEM768', 'x448'], ['x25519']), at, { accepted, used });
    expect(judged).toMatchObject({ because: ['it is older'], unexplained: ['only qv: x448', 'only sslscan: x25519'] });
    expect([...used]).toEqual([accepted[0]]);
  });

  it.each([
    ['another server', { tool: 'sslscan', server: 'nginx' }, 'groups', ['only qv: X25519MLKEM768']],
    ['another tool', { tool: 'testssl.sh', server: 'node' }, 'groups', ['only qv: X25519MLKEM768']],
    ['another fact', { tool: 'sslscan', server: 'node' }, 'versions', ['only qv: X25519MLKEM768']],
    ['the wrong side', { tool: 'sslscan', server: 'node' }, 'suites TLSv1.2', ['only qv: X25519MLKEM768']],
  ])('do not reach to %s', (_what, place, fact, unexplained) => {
    const used = new Set<AcceptedDifference>();
    expect(judge(different(fact, ['X25519MLKEM768'], []), place, { accepted, used }).unexplained).toEqual(unexplained);
    expect(used.size).toBe(0);
  });

  it('excuse a tool that gives no answer only where that is written', () => {
    const used = new Set<AcceptedDifference>();
    expect(explainSilence({ tool: 'sslscan', server: 'slapd' }, { accepted, used })).toBe('it gives up');
    expect(explainSilence({ tool: 'sslscan', server: 'exim' }, { accepted, used })).toBeUndefined();
  });

  it('speak of servers that exist, and say why in a sentence', () => {
    const names = comparedServers().map(({ name }) => name);
    for (const { servers, because } of acceptedDifferences) {
      expect(because).toMatch(/^[A-Z].{20,}\.$/s);
      for (const server of servers) {
        const beginning = server.replace(/\*$/, '');
        expect(
          names.filter((name) => (server.endsWith('*') ? name.startsWith(beginning) : name === server)),
        ).not.toEqual([]);
      }
    }
  });
});
