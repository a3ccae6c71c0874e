import { createScheduleBody } from '@quantumvault/api';
import { describe, expect, it } from 'vitest';
import { rhythms, rhythmWord, workWord } from './schedule-words.ts';

const scan = (targets: string[]) =>
  ({ kind: 'scan-tls', targets, sensitivity: 'internal', exposure: 'internal', dataLifetimeYears: 5 }) as const;

describe('INV-5: schedules in words', () => {
  it('each rhythm that is offered is one that the server takes', () => {
    for (const [cron, words] of rhythms) {
      const body = { name: words, cron, work: { kind: 'scan-tls' as const, targets: ['a.example:443'] } };
      expect(createScheduleBody.safeParse(body).success).toBe(true);
      expect(rhythmWord(cron)).toBe(words);
    }
    expect(rhythmWord('30 2 * * 1-5')).toBe('30 2 * * 1-5');
  });

  it('a scan is known by its first target and how many more there are', () => {
    expect(workWord({ work: scan(['a:443']) })).toBe('Scan a:443');
    expect(workWord({ work: { ...scan(['a:443', 'b:443', 'c:443']), profile: 'quick' } })).toBe(
      'Scan quickly a:443 and 2 more',
    );
  });
});
