import { describe, expect, it } from 'vitest';
import { matching } from './match.ts';

const items = [
  { label: 'Approvals', words: 'requests inbox' },
  { label: 'Audit', words: 'log events' },
  { label: 'Invite a person', words: 'user colleague' },
  { label: 'People', words: 'users persons' },
] as const;
const found = (typed: string) => matching(items, typed).map(({ label }) => label);

describe('finding by name', () => {
  it.each([
    ['a', ['Approvals', 'Audit', 'Invite a person']],
    ['AUD', ['Audit']],
    ['person', ['Invite a person', 'People']],
    ['per inv', ['Invite a person']],
    ['user', ['Invite a person', 'People']],
    ['udit', []],
    ['audit xyz', []],
  ])('%j finds %j', (typed, labels) => {
    expect(found(typed)).toEqual(labels);
  });

  it('nothing typed is everything, in its order; signs alone are nothing typed', () => {
    expect(found('')).toHaveLength(items.length);
    expect(found('  .*( ')).toHaveLength(items.length);
  });
});
