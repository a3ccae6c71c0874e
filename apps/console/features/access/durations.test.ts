import { routes } from '@quantumvault/api';
import { expect, it } from 'vitest';
import { durationText, emergencyDurations, requestDurations } from './durations.ts';

it.each([
  [300, '5 minutes'],
  [3_600, '1 hour'],
  [14_400, '4 hours'],
  [86_400, '1 day'],
  [172_800, '2 days'],
])('%i seconds are %s', (seconds, text) => expect(durationText(seconds)).toBe(text));

it('ACC-8: every length that the forms offer is one that the contract takes', () => {
  const body = { role: 'auditor', reason: 'to look' };
  for (const [seconds] of requestDurations)
    expect(routes.requestAccess.body.safeParse({ ...body, durationSeconds: Number(seconds) }).success).toBe(true);
  for (const [seconds] of emergencyDurations)
    expect(routes.breakGlass.body.safeParse({ ...body, durationSeconds: Number(seconds) }).success).toBe(true);
});
