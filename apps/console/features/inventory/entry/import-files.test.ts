import { describe, expect, it } from 'vitest';
import { fileBytesMax, readImport } from './import-files.ts';

const bytes = (text: string) => new TextEncoder().encode(text);
const pem = (body: string) => `-----BEGIN CERTIFICATE-----\n${body}\n-----END CERTIFICATE-----\n`;

describe('files for the inventory', () => {
  it('reads every certificate of a PEM file once, and leaves a private key where it is', () => {
    const key = '-----BEGIN PRIVATE KEY-----\nc2VjcmV0\n-----END PRIVATE KEY-----\n';
    const read = readImport(bytes(`comment\n${pem('MIIB\nszCC')}${key}${pem('MIIC')}${pem('MIIBszCC')}`));
    expect(read).toEqual({ kind: 'certificates', certificates: ['MIIBszCC', 'MIIC'] });
    expect(JSON.stringify(read)).not.toContain('c2VjcmV0');
  });

  it('reads a certificate in DER', () => {
    expect(readImport(Uint8Array.of(0x30, 0x82, 0x01, 0x00))).toEqual({
      kind: 'certificates',
      certificates: ['MIIBAA=='],
    });
  });

  it.each([
    ['nothing', '', 'empty'],
    ['prose', 'hello', 'neither'],
    ['JSON of something else', '{"host": "<script>"}', 'not the JSON'],
    ['broken JSON', '[{', 'not the JSON'],
    ['too much', ' '.repeat(fileBytesMax + 1), 'larger'],
  ])('says what is wrong with %s', (_name, text, why) => {
    expect(readImport(bytes(text))).toEqual({ kind: 'unreadable', why: expect.stringContaining(why) });
  });
});
