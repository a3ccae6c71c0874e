// Formats of others, told by their first bytes. Our own envelope is what is left: its reader says what is wrong with it.
import type { ByteInput } from '../../local/byte-files.ts';

export type ForeignFormat = 'age';
export type FileFormat = 'qv1' | ForeignFormat;

const enough = 64;
const latin1 = new TextDecoder('latin1');
const marks: readonly { readonly format: ForeignFormat; readonly begin: RegExp }[] = [
  { format: 'age', begin: /^age-encryption\.org\/|^\s*-----BEGIN AGE ENCRYPTED FILE-----/ },
];

/**
 * The format of an input, and the input anew with its first bytes still in it. White space before an armor counts as no
 * beginning, up to what a reader of the armor allows.
 */
export async function recognize({ chunks, size }: ByteInput): Promise<{ format: FileFormat; input: ByteInput }> {
  const iterator = Symbol.asyncIterator in chunks ? chunks[Symbol.asyncIterator]() : chunks[Symbol.iterator]();
  const held: Uint8Array[] = [];
  let text = '';
  while (text.trimStart().length < enough && text.length < 2048) {
    const { done, value } = await iterator.next();
    if (done === true) break;
    // A source may use its memory again.
    held.push(value.slice());
    text += latin1.decode(value.subarray(0, 2048));
  }
  const format = marks.find(({ begin }) => begin.test(text))?.format ?? 'qv1';
  return { format, input: { chunks: again(held, iterator), size } };
}

async function* again(
  held: readonly Uint8Array[],
  iterator: AsyncIterator<Uint8Array> | Iterator<Uint8Array>,
): AsyncGenerator<Uint8Array, void, undefined> {
  let isDone = false;
  try {
    yield* held;
    for (;;) {
      const { done, value } = await iterator.next();
      isDone = done === true;
      if (done === true) return;
      yield value;
    }
  } finally {
    if (!isDone) await iterator.return?.();
  }
}
