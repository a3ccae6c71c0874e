import { resolve } from 'node:path';
import { expect, it } from 'vitest';
import { checkPages } from './pages.ts';

it('every reference page says what the code says', async () => {
  const problems = await checkPages(resolve(import.meta.dirname, '../../..'));
  expect(problems.map(({ file, message }) => `${file} ${message}`)).toEqual([]);
});
