import { expect, it } from 'vitest';
import { relativeTime } from './time.tsx';

const now = Date.parse('2026-11-27T06:30:00Z');

it.each([
  ['2026-11-29T06:29:00Z', 'in 1 day'],
  ['2026-11-29T06:31:00Z', 'in 2 days'],
  ['2026-11-26T06:00:00Z', '1 day ago'],
  ['2026-11-27T06:30:00Z', 'now'],
])('%s is %s from now, and never a day of the calendar', (instant, words) => {
  expect(relativeTime(instant, now)).toBe(words);
});
