/** One character per byte. The header of age is ASCII; whoever reads one checks that it is. */
export function asciiText(bytes: Uint8Array): string {
  let text = '';
  for (let at = 0; at < bytes.length; at += 4096) text += String.fromCharCode(...bytes.subarray(at, at + 4096));
  return text;
}

const utf8 = new TextEncoder();

/** The bytes of a text that is ASCII. */
export function asciiBytes(text: string): Uint8Array {
  return utf8.encode(text);
}

/** The parts one after another. */
export function joined(parts: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}
