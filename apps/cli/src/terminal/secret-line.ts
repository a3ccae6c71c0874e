import { CliError } from '../errors.ts';

const keys = {
  interrupt: 0x03,
  endOfInput: 0x04,
  backspace: 0x08,
  enter: 0x0d,
  newLine: 0x0a,
  clear: 0x15,
  delete: 0x7f,
};
/** As many bytes as a passphrase may have; no other secret is longer. */
const bytesMax = 1024;

/**
 * One line from a keyboard in raw mode, with the editing keys that a terminal would otherwise provide. What was typed
 * never becomes a string, because a string cannot be erased; the caller erases the bytes.
 */
export async function readSecretLine(keyboard: AsyncIterable<Uint8Array>): Promise<Uint8Array> {
  const typed = new Uint8Array(bytesMax);
  let length = 0;
  try {
    // Not `for await`: leaving such a loop would close standard input for good.
    const iterator = keyboard[Symbol.asyncIterator]();
    for (;;) {
      const { done, value } = await iterator.next();
      if (done === true) throw aborted();
      for (const byte of value) {
        if (byte === keys.enter || byte === keys.newLine) return typed.slice(0, length);
        // In raw mode the terminal sends the key and no signal.
        if (byte === keys.interrupt) throw new CliError('CLI_INTERRUPTED', 'Stopped.');
        if (byte === keys.endOfInput) throw aborted();
        length =
          byte === keys.clear ? 0 : byte === keys.backspace || byte === keys.delete ? before(typed, length) : length;
        if (byte < 0x20 || byte === keys.delete) continue;
        if (length === bytesMax) throw tooLong();
        typed[length] = byte;
        length += 1;
      }
      value.fill(0);
    }
  } finally {
    typed.fill(0);
  }
}

/** One line from a keyboard whose terminal does the editing. */
export async function readShownLine(keyboard: AsyncIterable<Uint8Array>): Promise<string> {
  const parts: Uint8Array[] = [];
  let length = 0;
  const iterator = keyboard[Symbol.asyncIterator]();
  for (;;) {
    const { done, value } = await iterator.next();
    if (done === true) throw aborted();
    const end = value.findIndex((byte) => byte === keys.newLine || byte === keys.enter);
    const part = end === -1 ? value : value.subarray(0, end);
    length += part.length;
    if (length > bytesMax) throw tooLong();
    parts.push(part);
    if (end !== -1) return Buffer.concat(parts).toString('utf8').trim();
  }
}

const tooLong = (): CliError => new CliError('CLI_WRONG_USE', `A line has at most ${bytesMax} bytes here.`);
const aborted = (): CliError => new CliError('CLI_WRONG_USE', 'Nothing was given.');

/** Where the last character begins, whose bytes after the first have the form 10xxxxxx in UTF-8. */
function before(typed: Uint8Array, length: number): number {
  let at = Math.max(0, length - 1);
  while (at > 0 && ((typed[at] ?? 0) & 0xc0) === 0x80) at -= 1;
  return at;
}
