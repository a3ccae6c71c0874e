// Formats of others, told by their first bytes. Our own envelope is what is left: its reader says what is wrong with it.
import { CliError } from '../../errors.ts';
import type { ByteInput } from '../../local/byte-files.ts';

export type ForeignFormat = 'age' | 'cms';
export type FileFormat = 'qv1' | ForeignFormat;

const enough = 64;
/** `1.2.840.113549.1`, with which the types of messages begin, in hexadecimal. */
const cmsType = '2a864886f70d01';
const marks: readonly { readonly format: ForeignFormat; readonly isIt: (text: string) => boolean }[] = [
  { format: 'age', isIt: (text) => /^age-encryption\.org\/|^\s*-----BEGIN AGE ENCRYPTED FILE-----/.test(text) },
  { format: 'cms', isIt: (text) => /^\s*-----BEGIN (?:CMS|PKCS7)-----/.test(text) },
  { format: 'cms', isIt: isCmsDer },
];

/** A sequence of any length whose first value is the type of a message. */
function isCmsDer(text: string): boolean {
  const hex = Buffer.from(text.slice(0, 24), 'latin1').toString('hex');
  return /^30(?:80|8[1-4](?:..){1,4})06(?:09|0b)/.test(hex) && hex.includes(cmsType);
}

/**
 * The format of an input, and the input anew with its first bytes still in it. White space before an armor counts as no
 * beginning, up to what a reader of the armor allows. Throws CLI_WRONG_USE for a mail around a message.
 */
export async function recognize({ chunks, size }: ByteInput): Promise<{ format: FileFormat; input: ByteInput }> {
  const iterator = Symbol.asyncIterator in chunks ? chunks[Symbol.asyncIterator]() : chunks[Symbol.iterator]();
  const held: Uint8Array[] = [];
  let text = '';
  while (text.trimStart().length < enough && text.length < 2048) {
    const { done, value } = await iterator.next();
    if (done === true) break;
    // A source may use its memory again.
    held.push(new Uint8Array(value));
    // One character per byte, which the decoder of that name does not give for all bytes.
    text += Buffer.from(value.subarray(0, 2048)).toString('latin1');
  }
  if (/^\s*(?:MIME-Version|Content-Type|Content-Disposition): /i.test(text)) {
    const how = 'give its attachment smime.p7m, or what openssl cms -encrypt -outform PEM writes';
    throw new CliError('CLI_WRONG_USE', `This is a mail (S/MIME), and the message of CMS is a part of it: ${how}.`);
  }
  const format = marks.find(({ isIt }) => isIt(text))?.format ?? 'qv1';
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
