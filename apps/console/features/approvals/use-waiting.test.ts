import { expect, it } from 'vitest';
import { waitingNumber, waitingSentence } from './use-waiting.ts';

it.each([
  [{ count: 0, more: false }, '0', 'No request waits for your decision'],
  [{ count: 1, more: false }, '1', 'One request waits for your decision'],
  [{ count: 7, more: false }, '7', '7 requests wait for your decision'],
  [{ count: 20, more: true }, '20+', '20+ requests wait for your decision'],
])('ACC-9: says of %j how many wait', (waiting, number, sentence) => {
  expect(waitingNumber(waiting)).toBe(number);
  expect(waitingSentence(waiting)).toBe(sentence);
});
