import type { AssetScanView, AssetView } from '@quantumvault/api';
import { describe, expect, it } from 'vitest';
import { beforeAndAfter, comparedLines } from './before-after.ts';

const at = (hour: number) => `2030-01-01T${String(hour).padStart(2, '0')}:00:00.000Z`;
type Profile = NonNullable<AssetView['encryptionProfile']>;
const profile = (source: Profile['source'], hour: number, keyExchange: string): Profile => ({
  source,
  observedAt: at(hour),
  uses: [{ role: 'key-establishment', algorithm: keyExchange }],
  weaknesses: [],
});
const time = (hour: number, groups: string[] | null): AssetScanView => ({
  scanId: '01920000-0000-7000-8000-000000000001',
  target: 'shop.example.org:443',
  status: groups === null ? 'unreachable' : 'answered',
  change: null,
  changed: [],
  error: null,
  recordedAt: at(hour),
  facts:
    groups === null
      ? null
      : { versions: ['TLSv1.3'], suites: [], groups, preference: 'server', certificate: null, findings: [] },
});
const evidence = (hour: number) => ({ observedAt: at(hour) }) as NonNullable<AssetView['evidence']>;

describe('before and after a protection', () => {
  const protection = { createdAt: at(10), formerProfile: profile('scan', 8, 'x25519') };

  it('IFC-5: two columns: the last handshake before, the newest since, and what differs', () => {
    const times = [time(14, ['X25519MLKEM768']), time(12, ['secp256r1']), time(9, null), time(8, ['x25519'])];
    const asset = { encryptionProfile: profile('scan', 14, 'X25519MLKEM768'), evidence: evidence(14) };
    const both = beforeAndAfter(asset, protection, times);
    expect([both.before?.at, both.after?.at]).toEqual([at(8), at(14)]);
    expect(comparedLines(both).map(({ name, before, after, differs }) => [name, before, after, differs])).toEqual([
      ['Key exchange', 'x25519', 'X25519MLKEM768', true],
      ['Versions', 'TLSv1.3', 'TLSv1.3', false],
      ['Groups', 'x25519', 'X25519MLKEM768', true],
      ['Suites', 'none', 'none', false],
      ['Findings', 'none', 'none', false],
    ]);
  });

  it('a server on which nobody has installed it yet has no after, whatever the profile says of the time before', () => {
    const asset = { encryptionProfile: profile('scan', 8, 'x25519'), evidence: evidence(8) };
    expect(beforeAndAfter(asset, protection, [time(8, ['x25519'])]).after).toBeNull();
  });

  it('what is in force by being made is known at once, and what was never seen has no before', () => {
    const asset = { encryptionProfile: profile('protection', 10, 'X-Wing'), evidence: null };
    const both = beforeAndAfter(asset, { ...protection, formerProfile: null }, []);
    expect(both.before).toBeNull();
    expect(comparedLines(both)).toEqual([
      { name: 'Key exchange', before: 'not known', after: 'X-Wing', differs: false },
    ]);
  });
});
