import decodeQR from 'qr/decode.js';

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

/** What a telephone reads off the screen. */
export const readQrCode = (lines: readonly string[], how: { readonly drawnIsDark: boolean }): string =>
  decodeQR(photograph(lines, how));
