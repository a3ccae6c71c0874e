import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { PolicyTestFileError, runPolicyTests } from './index.ts';

const folder = path.join(import.meta.dirname, '..', 'test', 'policies');

describe('ACC-6, ACC-7: policies as data', () => {
  for (const name of readdirSync(folder)) {
    const tests = runPolicyTests(JSON.parse(readFileSync(path.join(folder, name), 'utf8')));
    it.each(tests)(`${name}: $name`, ({ expected, found }) => expect(found).toBe(expected));
  }
});

describe('a file that is no policy test', () => {
  const grant = { role: 'auditor' };
  const ask = { permission: 'audit.read', at: '2026-11-26T10:00:00Z' };
  const file = { subjects: { anna: [grant] }, cases: [{ name: 'reads', subject: 'anna', ask, expect: 'allowed' }] };
  const withGrant = (changes: object) => ({ ...file, subjects: { anna: [{ ...grant, ...changes }] } });
  const withAsk = (changes: object) => ({ ...file, cases: [{ ...file.cases[0], ask: { ...ask, ...changes } }] });

  it('is run when nothing is wrong, and says what was found', () => {
    expect(runPolicyTests(file)).toMatchObject([
      { name: 'reads', subject: 'anna', expected: 'allowed', found: 'allowed' },
    ]);
  });

  it.each([
    ['text', 'x', 'the file'],
    ['no cases', { ...file, cases: [] }, 'cases'],
    ['an unknown field', { ...file, more: 1 }, 'the file'],
    ['an unknown role', withGrant({ role: 'king' }), 'subjects.anna.0.role'],
    ['a role by a name of the language', withGrant({ role: 'constructor' }), 'subjects.anna.0.role'],
    [
      'a network with bits behind its prefix',
      withGrant({ rules: { addresses: ['10.0.0.1/8'] } }),
      'subjects.anna.0.rules.addresses.0',
    ],
    [
      'an unknown time zone',
      withGrant({ rules: { hours: { timeZone: 'Mars/Base', windows: [{ days: [1], from: '08:00', to: '09:00' }] } } }),
      'subjects.anna.0.rules.hours.timeZone',
    ],
    ['an unknown permission', withAsk({ permission: 'asset.steal' }), 'cases.0.ask.permission'],
    ['a service without its project', withAsk({ place: { environment: 'a', service: 'b' } }), 'cases.0.ask.place'],
    ['no instant', withAsk({ at: 'today' }), 'cases.0.ask.at'],
    ['an unknown subject', { ...file, cases: [{ ...file.cases[0], subject: 'bert' }] }, 'cases.0.subject'],
  ])('is refused for %s, with the place of it', (_, value, place) => {
    expect(() => runPolicyTests(value)).toThrow(PolicyTestFileError);
    expect(() => runPolicyTests(value)).toThrow(place);
  });
});
