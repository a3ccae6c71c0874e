import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { countryLookupContract } from '@quantumvault/ports';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { CountryFileError, openCountryFile } from './index.ts';
import { bitsOf, ipv4Bits, writeMmdb } from './testing/write-mmdb.ts';

let folder: string;
const write = (name: string, bytes: Uint8Array): string => {
  const file = path.join(folder, name);
  writeFileSync(file, bytes);
  return file;
};
beforeAll(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'qv-geoip-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const nested = new Map([
  [ipv4Bits([192, 0, 2]), { country: { iso_code: 'DE' } }],
  [bitsOf([0x20, 0x01, 0x0d, 0xb8]), { registered_country: { iso_code: 'FR' } }],
]);

describe('ACC-7: countries from an MMDB file', () => {
  it.each(countryLookupContract)('$rule', async ({ run }) => {
    run(await openCountryFile(write('nested.mmdb', writeMmdb(nested))));
  });

  it('reads the flat records of other publishers, and nothing that is no code', async () => {
    const records = new Map([
      [ipv4Bits([192, 0, 2]), { country_code: 'CH' }],
      [ipv4Bits([198, 51, 100]), { country_code: 'Atlantis' }],
    ]);
    const lookup = await openCountryFile(write('flat.mmdb', writeMmdb(records)));
    expect(lookup.countryOf('192.0.2.9')).toBe('CH');
    expect(lookup.countryOf('198.51.100.9')).toBeNull();
  });

  it('refuses a file that is not there, is something else, or is cut off, and names it', async () => {
    const whole = writeMmdb(nested);
    const files = [
      path.join(folder, 'missing.mmdb'),
      write('text.mmdb', Buffer.from('not a database')),
      write('empty.mmdb', new Uint8Array(0)),
      write('cut.mmdb', whole.subarray(whole.length - 100)),
    ];
    for (const file of files) {
      await expect(openCountryFile(file), file).rejects.toBeInstanceOf(CountryFileError);
      await expect(openCountryFile(file)).rejects.toThrow(path.basename(file));
    }
  });
});
