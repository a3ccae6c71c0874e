import { describe, expect, it } from 'vitest';
import { compareFacts, type Fact, FactsBuilder, minuteOf } from './facts.ts';

const one = (kind: Fact['kind'], ...values: string[]) => new FactsBuilder().add('fact', kind, values).facts;
const none = new FactsBuilder().facts;

describe('the comparison of two scanners', () => {
  it.each([
    ['sets without regard to order', one('set', 'a', 'b'), one('set', 'b', 'a'), 'equal', [], []],
    ['sets, both ways', one('set', 'a', 'b'), one('set', 'b', 'c'), 'different', ['a'], ['c']],
    ['lists with their order', one('list', 'a', 'b'), one('list', 'b', 'a'), 'different', ['a > b'], ['b > a']],
    ['lists that are equal', one('list', 'a', 'b'), one('list', 'a', 'b'), 'equal', [], []],
    ['one certificate of several', one('set', 'a', 'b'), one('member', 'b'), 'equal', [], []],
    ['one certificate that we have not seen', one('set', 'a'), one('member', 'b'), 'different', [], ['b']],
    ['our silence as a difference', none, one('set', 'a'), 'different', [], ['a']],
    ['their silence as nothing seen', one('set', 'a'), none, 'unseen', [], []],
    ['their empty list as a claim', one('set', 'a'), one('set'), 'different', ['a'], []],
  ] as const)('takes %s', (_what, ours, theirs, outcome, onlyOurs, onlyTheirs) => {
    expect(compareFacts(ours, theirs)).toEqual([{ fact: 'fact', outcome, onlyOurs, onlyTheirs }]);
  });

  it('takes dates to the minute, in UTC', () => {
    expect(minuteOf(new Date('Nov 25 20:21:47 2026 GMT'))).toBe('2026-11-25 20:21');
  });
});
