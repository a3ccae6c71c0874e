import { stripVTControlCharacters } from 'node:util';
import { expect, it } from 'vitest';
import { readQrCode } from '../../test/read-qr-code.ts';
import { drawQrCode, encodeQrCode } from './qr-code.ts';

const uri = `otpauth://totp/QuantumVault:anna%40example.org?secret=${'A'.repeat(32)}&issuer=QuantumVault&digits=6`;

it('ACC-2: a code in colours is read back as it was, dark on light', async () => {
  const lines = drawQrCode(await encodeQrCode(uri), { hasColours: true });
  const plain = lines.map((line) => stripVTControlCharacters(line));
  for (const [at, line] of lines.entries()) expect(line).toBe(`\u001b[30;107m${plain[at]}\u001b[0m`);
  expect(readQrCode(plain, { drawnIsDark: true })).toBe(uri);
});

it('ACC-2: without colours, the light ones are drawn', async () => {
  const lines = drawQrCode(await encodeQrCode(uri), { hasColours: false });
  expect(lines.join('')).toMatch(/^[█▀▄ ]+$/);
  expect(readQrCode(lines, { drawnIsDark: false })).toBe(uri);
});
