/** The modules of a QR code, row by row; true is dark. Behind this, whoever makes them can be exchanged. */
export type QrEncoder = (text: string) => Promise<readonly (readonly boolean[])[]>;

/** The encoder in use: no dependencies of its own, and no network, disk or process. */
export const encodeQrCode: QrEncoder = async (text) => {
  const { default: encode } = await import('qr');
  // The lowest correction: a screen is not scratched, and a small code fits into a small window.
  return encode(text, 'raw', { ecc: 'low', border: quietModules });
};

/** ISO/IEC 18004 asks for four; scanners need some, and two are enough for them all. */
const quietModules = 2;
const reset = '\u001b[0m';
const blackOnWhite = '\u001b[30;107m';

/**
 * Two rows of modules in one line of text. With colours dark is black on white, whatever the terminal's own are; without, the
 * light ones are drawn, as for white letters on a black screen.
 */
export function drawQrCode(
  modules: readonly (readonly boolean[])[],
  { hasColours }: { readonly hasColours: boolean },
): string[] {
  const lines: string[] = [];
  for (let row = 0; row < modules.length; row += 2) {
    const [upper = [], lower = []] = [modules[row], modules[row + 1]];
    const text = upper.map((isDark, at) => half(isDark === hasColours, (lower[at] ?? false) === hasColours)).join('');
    lines.push(hasColours ? `${blackOnWhite}${text}${reset}` : text);
  }
  return lines;
}

function half(isUpperDrawn: boolean, isLowerDrawn: boolean): string {
  if (isUpperDrawn) return isLowerDrawn ? '█' : '▀';
  return isLowerDrawn ? '▄' : ' ';
}
