import { stripVTControlCharacters } from 'node:util';
import decodeQR from 'qr/decode.js';
import { expect, it } from 'vitest';
import { drawQrCode, encodeQrCode } from './qr-code.ts';

const scale = 4;

/** What a camera sees of the lines: each character is two square halves. */
function photograph(lines: readonly string[], { drawnIsDark }: { readonly drawnIsDark: boolean }) {
  const rows = lines.flatMap((line) => {
    const characters = [...line];
    return [
      characters.map((character) => '█▀'.includes(character)),
      characters.map((character) => '█▄'.includes(character)),
    ];
  });
  const width = (rows[0]?.length ?? 0) * scale;
  const height = rows.length * scale;
  const data = new Uint8Array(width * height * 4).fill(255);
  for (let y = 0; y < height; y += 1) {
    for (let x = 0; x < width; x += 1) {
      const isDrawn = rows[Math.floor(y / scale)]?.[Math.floor(x / scale)] ?? false;
      data.fill(isDrawn === drawnIsDark ? 0 : 255, (y * width + x) * 4, (y * width + x) * 4 + 3);
    }
  }
  return { width, height, data };
}

const uri = `otpauth://totp/QuantumVault:anna%40example.org?secret=${'A'.repeat(32)}&issuer=QuantumVault&digits=6`;

it('ACC-2: a code in colours is read back as it was, dark on light', async () => {
  const lines = drawQrCode(await encodeQrCode(uri), { hasColours: true });
  const plain = lines.map((line) => stripVTControlCharacters(line));
  for (const [at, line] of lines.entries()) expect(line).toBe(`\u001b[30;107m${plain[at]}\u001b[0m`);
  expect(decodeQR(photograph(plain, { drawnIsDark: true }))).toBe(uri);
});

it('ACC-2: without colours, the light ones are drawn', async () => {
  const lines = drawQrCode(await encodeQrCode(uri), { hasColours: false });
  expect(lines.join('')).toMatch(/^[█▀▄ ]+$/);
  expect(decodeQR(photograph(lines, { drawnIsDark: false }))).toBe(uri);
});
