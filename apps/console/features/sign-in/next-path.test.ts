import { describe, expect, it } from 'vitest';
import { nextPath } from './next-path.ts';

describe('the way back after the sign-in', () => {
  it.each([
    ['', '/'],
    ['?next=/audit', '/audit'],
    ['?next=%2Faudit%2Fevent%3Fid%3D01-a', '/audit/event?id=01-a'],
  ])('%j leads to %s', (search, path) => expect(nextPath(search)).toBe(path));

  it.each([
    '//example.org',
    '/.//example.org',
    '/audit/..//example.org',
    '/%2e//example.org',
    '/\\example.org',
    'https://example.org/',
    'javascript:alert(1)',
    '/a\nb',
    '/a#fragment',
    '/<script>',
    ' /audit',
    '\t//example.org',
    '',
  ])('IFC-5: %j is no path of ours, and leads home', (next) => {
    expect(nextPath(`?next=${encodeURIComponent(next)}`)).toBe('/');
  });
});
