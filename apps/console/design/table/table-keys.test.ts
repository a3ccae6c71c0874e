import { describe, expect, it } from 'vitest';
import { drawnRows, rowAfterKey } from './table-keys.ts';

const plain = (key: string) => ({ key, isCommand: false });

describe('keys of a table', () => {
  it.each([
    ['ArrowDown', 4, 5],
    ['ArrowUp', 4, 3],
    ['PageDown', 4, 14],
    ['PageUp', 14, 4],
    ['Home', 14, 0],
    ['End', 4, 99],
    ['ArrowDown', 99, 99],
    ['ArrowUp', 0, 0],
    ['PageDown', 95, 99],
    ['PageUp', 3, 0],
  ] as const)('IFC-5: %s from row %i of 100 leads to row %i', (key, from, to) => {
    expect(rowAfterKey(plain(key), from, 100)).toBe(to);
  });

  it('leaves keys that are not its own to the browser, and an empty table has none', () => {
    for (const key of ['Tab', 'Enter', ' ', 'a', 'ArrowLeft']) expect(rowAfterKey(plain(key), 3, 100)).toBeNull();
    expect(rowAfterKey({ key: 'ArrowDown', isCommand: true }, 3, 100)).toBeNull();
    expect(rowAfterKey({ key: 'End', isCommand: true }, 3, 100)).toBe(99);
    expect(rowAfterKey(plain('End'), 0, 0)).toBeNull();
  });

  it('keeps the row with the focus among those that are drawn, once and in order', () => {
    expect(drawnRows([50, 51, 52], 3, 100)).toEqual([3, 50, 51, 52]);
    expect(drawnRows([50, 51, 52], 99, 100)).toEqual([50, 51, 52, 99]);
    expect(drawnRows([50, 51, 52], 51, 100)).toEqual([50, 51, 52]);
    expect(drawnRows([0, 1], 7, 2)).toEqual([0, 1]);
  });
});
