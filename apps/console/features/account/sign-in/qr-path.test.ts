import encode from 'qr';
import decode from 'qr/decode.js';
import { expect, it } from 'vitest';
import { modulesPath } from './qr-path.ts';

/** What a camera sees of the path: eight points for each module. */
function photograph(path: string, size: number) {
  const scale = 8;
  const width = size * scale;
  const data = new Uint8Array(width * width * 4).fill(255);
  for (const [, x, y, length] of path.matchAll(/M(\d+) (\d+)h(\d+)v1h-\d+z/g)) {
    for (let row = Number(y) * scale; row < (Number(y) + 1) * scale; row += 1) {
      const start = (row * width + Number(x) * scale) * 4;
      for (let at = start; at < start + Number(length) * scale * 4; at += 4) data.fill(0, at, at + 3);
    }
  }
  return { width, height: width, data };
}

it('ACC-2: a camera reads from the drawing what was put into it', () => {
  const uri = 'otpauth://totp/QuantumVault:person%40example.org?secret=JBSWY3DPEHPK3PXP&issuer=QuantumVault';
  const modules = encode(uri, 'raw', { ecc: 'low', border: 4 });
  expect(decode(photograph(modulesPath(modules), modules.length))).toBe(uri);
});

it('a row of nothing draws nothing, and a whole row is one rectangle', () => {
  expect(modulesPath([[false, false]])).toBe('');
  expect(modulesPath([[true, true, false, true]])).toBe('M0 0h2v1h-2zM3 0h1v1h-1z');
});
