import { latin1 } from '../der/reader.ts';

/** One block of a PEM file (RFC 7468, and the headers of RFC 1421 that old key files have). */
export interface PemBlock {
  /** What stands behind BEGIN: `CERTIFICATE`, `EC PRIVATE KEY`. */
  readonly label: string;
  /** Of the BEGIN line, counted from 1. */
  readonly line: number;
  /** `Proc-Type` and the like; empty in a modern file. */
  readonly headers: readonly string[];
  /** Or why there is none, as a sentence. */
  readonly content: Uint8Array | string;
}

export interface PemFile {
  readonly blocks: readonly PemBlock[];
  /** The line from which on blocks were not read because there are too many; null when all were. */
  readonly unreadFrom: number | null;
}

export const pemLimits = {
  blocksMax: 20_000,
  /** More text than the largest DER that is read (1 MiB) makes, with room for odd line lengths. */
  bodyCharactersMax: 2_097_152,
} as const;

const beginMark = '-----BEGIN ';
const beginLine = /^-----BEGIN ([A-Z0-9 ]{1,64})-----[ \t]*$/;
// Longer than any line that matches, blanks at its end aside.
const markCharactersMax = 200;

/**
 * All blocks of a file, whatever stands between them. A block without its END line ends with the next BEGIN or the file
 * and has no content. Time and memory are linear in the input, and a file without blocks costs no more than a search.
 */
export function readPem(bytes: Uint8Array): PemFile {
  if (!hasDashes(bytes)) return { blocks: [], unreadFrom: null };
  const text = latin1(bytes);
  const blocks: PemBlock[] = [];
  const lineAt = lineCounter(text);
  for (let at = text.indexOf(beginMark); at >= 0; ) {
    // The end of the line is looked for only where a block can begin, or many marks on one line would cost its square.
    const bodyAt = startsLine(text, at) ? endOfLine(text, at) : undefined;
    const label =
      bodyAt === undefined ? undefined : beginLine.exec(text.slice(at, Math.min(bodyAt, at + markCharactersMax)))?.[1];
    if (bodyAt === undefined || label === undefined) {
      at = text.indexOf(beginMark, at + 1);
      continue;
    }
    const line = lineAt(at);
    if (blocks.length === pemLimits.blocksMax) return { blocks, unreadFrom: line };
    const end = findEnd(text, bodyAt, label);
    blocks.push({ label, line, ...readBody(text, bodyAt, end) });
    at = text.indexOf(beginMark, end.at);
  }
  return { blocks, unreadFrom: null };
}

// Most files of a folder have no block; they are not worth a string of their size.
function hasDashes(bytes: Uint8Array): boolean {
  const dash = 0x2d;
  for (let at = bytes.indexOf(dash); at >= 0; at = bytes.indexOf(dash, at + 1)) {
    if (bytes.subarray(at, at + 5).every((byte) => byte === dash) && at + 5 <= bytes.length) return true;
  }
  return false;
}

interface BlockEnd {
  readonly at: number;
  readonly isThere: boolean;
}

function findEnd(text: string, from: number, label: string): BlockEnd {
  const mark = `-----END ${label}-----`;
  for (let at = text.indexOf('-----', from); at >= 0; at = text.indexOf('-----', at + 1)) {
    if (!startsLine(text, at)) continue;
    if (text.startsWith(mark, at)) return { at, isThere: true };
    if (text.startsWith(beginMark, at)) return { at, isThere: false };
  }
  return { at: text.length, isThere: false };
}

function readBody(text: string, from: number, end: BlockEnd): Pick<PemBlock, 'headers' | 'content'> {
  if (!end.isThere) return { headers: [], content: 'The block does not end.' };
  if (end.at - from > pemLimits.bodyCharactersMax) {
    return { headers: [], content: `The block has more than ${pemLimits.bodyCharactersMax} characters.` };
  }
  const lines = text.slice(from, end.at).split(/\r\n|\r|\n/);
  const headers = lines.filter((line) => line.includes(':'));
  const base64 = lines
    .filter((line) => !line.includes(':'))
    .join('')
    .replace(/\s+/g, '');
  return { headers, content: decode(base64) ?? 'What is in the block is not base64.' };
}

function decode(base64: string): Uint8Array | undefined {
  if (base64 === '' || !/^[A-Za-z0-9+/]+={0,2}$/.test(base64)) return undefined;
  try {
    return Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
  } catch {
    return undefined;
  }
}

/** Nothing but blanks stands before it on its line. */
function startsLine(text: string, at: number): boolean {
  let before = at - 1;
  while (text[before] === ' ' || text[before] === '\t') before -= 1;
  return before < 0 || text[before] === '\n' || text[before] === '\r';
}

function endOfLine(text: string, from: number): number {
  const isBreak = /[\r\n]/g;
  isBreak.lastIndex = from;
  return isBreak.exec(text)?.index ?? text.length;
}

/** Gives line numbers of growing positions, looking at each character once. */
function lineCounter(text: string): (at: number) => number {
  const isBreak = /\r\n|\r|\n/g;
  let breaks = 0;
  let next = isBreak.exec(text)?.index;
  return (at) => {
    while (next !== undefined && next < at) {
      breaks += 1;
      next = isBreak.exec(text)?.index;
    }
    return breaks + 1;
  };
}
