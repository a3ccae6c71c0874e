import { describe, expect, it } from 'vitest';
import { endsSoon, limitsText, networksOf } from './key-facts.ts';

const now = Date.parse('2026-01-01T00:00:00Z');

describe('API keys in the console (ACC-2)', () => {
  it.each([
    ['active', '2026-01-14T00:00:00Z', true],
    ['replaced', '2026-01-02T00:00:00Z', true],
    ['active', '2026-01-15T00:00:00Z', false],
    ['active', null, false],
    ['expired', '2025-12-31T00:00:00Z', false],
    ['revoked', '2026-01-02T00:00:00Z', false],
  ] as const)('a key that is %s and ends at %s: ends soon is %s', (state, expiresAt, soon) =>
    expect(endsSoon({ state, expiresAt }, now)).toBe(soon),
  );

  it('networks may be parted by commas, spaces and lines, and nothing is no network', () => {
    expect(networksOf(' 192.0.2.0/24, 2001:db8::/32\n198.51.100.7 ')).toEqual([
      '192.0.2.0/24',
      '2001:db8::/32',
      '198.51.100.7',
    ]);
    expect(networksOf('  \n')).toEqual([]);
  });

  it('one line says what a key is good for', () => {
    expect(limitsText({ permissions: null, allowedNetworks: [] }, 'the whole organization')).toBe(
      'all that its owner may, in the whole organization, from everywhere',
    );
    expect(limitsText({ permissions: ['asset.read'], allowedNetworks: ['192.0.2.0/24'] }, 'environment a')).toBe(
      '1 permissions, in environment a, from 192.0.2.0/24',
    );
  });
});
