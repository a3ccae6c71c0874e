import { describe, expect, it } from 'vitest';
import { summaryOf } from './operations.ts';

const id = '01920000-0000-7000-8000-000000000001';

describe('what is shown of a plan', () => {
  it.each([
    ['a direction that is turned', '\u202e', '\\u{202e}'],
    ['an isolate that is ended', '\u2069', '\\u{2069}'],
    ['a new line', '\u2028', '\\u{2028}'],
  ])('attack case 26, ACC-9: %s in a name leaves the words around it as they are', (_what, mark, shown) => {
    const plan = { name: `payroll${mark}`, version: 3 };
    expect(summaryOf('policy.delete', { policyId: id, ...plan })).toBe(
      `Delete version 3 of the protection policy payroll${shown}`,
    );
  });
});
