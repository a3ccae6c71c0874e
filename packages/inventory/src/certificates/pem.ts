import { latin1 } from '../x509/der.ts';

/** One block of a PEM file (RFC 7468, and the headers of RFC 1421 that old key files have). */
export interface PemBlock {
  /** What stands behind BEGIN: `CERTIFICATE`, `EC PRIVATE KEY`. */
  readonly label: string;
  /** Of the BEGIN line, counted from 1. */
  readonly line: number;
  /** `Proc-Type` and the like; empty in a modern file. */
  readonly headers: readonly string[];
  /** Undefined when the text between the lines is not base64. */
  readonly content: Uint8Array | undefined;
}

export const pemLimits = { blocksMax: 20_000, labelCharactersMax: 64 } as const;

const begin = /^\s*-----BEGIN ([A-Z0-9 ]{1,64})-----\s*$/;

/**
 * All blocks of a file, whatever stands between them. A block without its END line ends with the next BEGIN or the file
 * and has no content. Time and memory are linear in the input.
 */
export function readPem(bytes: Uint8Array): readonly PemBlock[] {
  const lines = latin1(bytes).split(/\r\n|\r|\n/);
  const blocks: PemBlock[] = [];
  for (let index = 0; index < lines.length && blocks.length < pemLimits.blocksMax; index++) {
    const label = begin.exec(lines[index] ?? '')?.[1];
    if (label === undefined) continue;
    const end = findEnd(lines, index + 1, label);
    const body = lines.slice(index + 1, end.index);
    const headers = body.filter((line) => line.includes(':'));
    blocks.push({
      label,
      line: index + 1,
      headers,
      content: end.isThere ? decode(body.slice(headers.length)) : undefined,
    });
    index = end.isThere ? end.index : end.index - 1;
  }
  return blocks;
}

function findEnd(lines: readonly string[], from: number, label: string): { index: number; isThere: boolean } {
  let index = from;
  for (; index < lines.length; index++) {
    const line = lines[index]?.trim();
    if (line === `-----END ${label}-----`) return { index, isThere: true };
    if (line?.startsWith('-----BEGIN ')) break;
  }
  return { index, isThere: false };
}

function decode(lines: readonly string[]): Uint8Array | undefined {
  const text = lines.join('').replace(/\s+/g, '');
  if (text === '' || !/^[A-Za-z0-9+/]+={0,2}$/.test(text)) return undefined;
  try {
    return Uint8Array.from(atob(text), (character) => character.charCodeAt(0));
  } catch {
    return undefined;
  }
}
