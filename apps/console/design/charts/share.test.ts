import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { percentText, shareWidths } from './share.ts';

describe('the share bar', () => {
  it('IFC-5: a share is rounded, but never to nothing or to all', () => {
    expect(percentText(0, 0)).toBe('0 %');
    expect(percentText(0, 7)).toBe('0 %');
    expect(percentText(1, 1_000_000)).toBe('<1 %');
    expect(percentText(999_999, 1_000_000)).toBe('>99 %');
    expect(percentText(7, 7)).toBe('100 %');
    expect(percentText(1, 3)).toBe('33 %');
  });

  it('IFC-5: the parts fill the bar without a gap, and each that counts something is seen', () => {
    const counts = fc.array(fc.integer({ min: 0, max: 1_000_000 }), { minLength: 1, maxLength: 5 });
    fc.assert(
      fc.property(counts, (some) => {
        const parts = shareWidths(some);
        let end = 0;
        for (const [at, { from, width }] of parts.entries()) {
          expect(from).toBeCloseTo(end);
          expect(width > 0).toBe((some[at] ?? 0) > 0);
          if (width > 0) expect(width).toBeGreaterThan(1);
          end = from + width;
        }
        expect(end).toBeCloseTo(some.some((count) => count > 0) ? 100 : 0);
      }),
    );
  });
});
