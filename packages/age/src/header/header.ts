/*
 * The header of an age file as bytes (C2SP age.md, "Header"): a version line, stanzas, a MAC. Reader and writer know no keys.
 * One header has one spelling: whatever the grammar does not say is refused, and the MAC is taken over the bytes as they
 * came, so that no second writing of a parsed header can hide a difference.
 */
import { AgeError, need } from '../errors.ts';
import { asciiBytes, asciiText, joined } from '../text/ascii.ts';
import { decodeBase64, encodeBase64 } from '../text/base64.ts';

/** The file key, wrapped for one recipient. Arguments are words of visible ASCII; the first one names the type. */
export interface AgeStanza {
  readonly type: string;
  readonly args: readonly string[];
  readonly body: Uint8Array;
}

export interface AgeHeader {
  readonly stanzas: readonly AgeStanza[];
  readonly mac: Uint8Array;
  /** What the MAC covers: everything up to and including the mark `---`. */
  readonly macInput: Uint8Array;
}

/** A hybrid stanza has 1.6 kB, so this is some hundreds of the largest recipients. */
export const headerLimits = { bytes: 1_048_576, stanzas: 1_024 } as const;

const versionLine = 'age-encryption.org/v1';
const anyVersion = /^age-encryption\.org\/[\x21-\x7e]+$/;
const stanzaMark = '-> ';
const argumentsForm = /^[\x21-\x7e]+(?: [\x21-\x7e]+)*$/;
export const macMark = '---';
const macBytes = 32;
const columns = 64;
const lineFeed = 0x0a;

const malformed = (message: string): AgeError => new AgeError('AGE_HEADER_MALFORMED', message);

/** Reads a whole header, from its first byte to the line feed behind the MAC. Throws AGE_HEADER_MALFORMED and AGE_LIMIT. */
export function parseAgeHeader(bytes: Uint8Array): AgeHeader {
  need(bytes.length <= headerLimits.bytes, 'AGE_LIMIT', `a header of age has at most ${headerLimits.bytes} bytes`);
  const lines = new LineReader(bytes);
  needVersion(lines.next());
  const stanzas: AgeStanza[] = [];
  for (;;) {
    const start = lines.at;
    const line = lines.next();
    if (line.startsWith(macMark)) {
      need(stanzas.length > 0, 'AGE_HEADER_MALFORMED', 'the header has no stanza');
      need(lines.at === bytes.length, 'AGE_HEADER_MALFORMED', 'bytes follow the header');
      return { stanzas, mac: readMac(line), macInput: bytes.subarray(0, start + macMark.length) };
    }
    need(stanzas.length < headerLimits.stanzas, 'AGE_LIMIT', `a header has at most ${headerLimits.stanzas} stanzas`);
    stanzas.push(readStanza(line, lines));
  }
}

/** The lines of a header; each ends with a line feed, the last one too. */
class LineReader {
  at = 0;
  readonly #bytes: Uint8Array;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
  }

  nextBytes(): Uint8Array {
    const end = this.#bytes.indexOf(lineFeed, this.at);
    if (end === -1) throw malformed('the file ends within its header');
    const line = this.#bytes.subarray(this.at, end);
    this.at = end + 1;
    return line;
  }

  next(): string {
    return asciiText(this.nextBytes());
  }
}

/** Throws AGE_VERSION_UNSUPPORTED for another version of the format and AGE_HEADER_MALFORMED for another format. */
export function needVersion(line: string): void {
  if (line === versionLine) return;
  if (anyVersion.test(line)) throw new AgeError('AGE_VERSION_UNSUPPORTED', 'the version of the age file is not known');
  throw malformed('this is no age file');
}

function readStanza(line: string, lines: LineReader): AgeStanza {
  const words = line.slice(stanzaMark.length);
  const isStanza = line.startsWith(stanzaMark) && argumentsForm.test(words);
  need(isStanza, 'AGE_HEADER_MALFORMED', 'a stanza begins with an arrow and words');
  const [type = '', ...args] = words.split(' ');
  const parts: Uint8Array[] = [];
  for (;;) {
    const text = lines.nextBytes();
    const part = text.length > columns ? undefined : decodeBase64(text, { isPadded: false });
    if (part === undefined) throw malformed('the body of a stanza is base64 in lines of 64 characters');
    parts.push(part);
    // The body ends with a line that is not full, be it empty.
    if (text.length < columns) return { type, args, body: joined(parts) };
  }
}

function readMac(line: string): Uint8Array {
  const prefix = `${macMark} `;
  const mac = line.startsWith(prefix)
    ? decodeBase64(asciiBytes(line.slice(prefix.length)), { isPadded: false })
    : undefined;
  if (mac?.length !== macBytes) throw malformed('the header ends with a MAC of 32 bytes');
  return mac;
}

/** The header up to the mark of the MAC, which {@link headerEnd} completes. */
export function encodeAgeHeader(stanzas: readonly AgeStanza[]): Uint8Array {
  const parts = [asciiBytes(`${versionLine}\n`)];
  for (const { type, args, body } of stanzas) {
    parts.push(asciiBytes(`${stanzaMark}${[type, ...args].join(' ')}\n`));
    const text = encodeBase64(body, { isPadded: false });
    for (let at = 0; at <= text.length; at += columns) {
      parts.push(text.subarray(at, at + columns), Uint8Array.of(lineFeed));
    }
  }
  parts.push(asciiBytes(macMark));
  return joined(parts);
}

/** What follows the mark: the MAC of everything before. */
export function headerEnd(mac: Uint8Array): Uint8Array {
  return joined([asciiBytes(' '), encodeBase64(mac, { isPadded: false }), Uint8Array.of(lineFeed)]);
}
