import { DerReader, decodeOid, decodeTime, derTag } from '../../../../packages/pki/src/der/reader.ts';
import { PkiError } from '../../../../packages/pki/src/errors.ts';
import type { FuzzTarget } from '../../engine/fuzz-loop.ts';
import { promise, unlessRefused } from '../outcome.ts';
import { certificates } from './certificate-samples.ts';

/** Deeper than any certificate; the reader itself does not descend. */
const depthMax = 32;
const constructed = 0x20;

/** Reads whatever there is, on all levels; gives the bytes that were read on the first. */
function readAll(bytes: Uint8Array, depth: number): number {
  const reader = new DerReader(bytes);
  let length = 0;
  while (!reader.isDone) {
    const element = reader.next();
    const { tag, content, whole } = element;
    promise(whole.length > content.length && whole.byteOffset === bytes.byteOffset + length, 'elements have a gap');
    length += whole.length;
    if (tag === derTag.oid) unlessRefused(PkiError, () => decodeOid(content));
    if (tag === derTag.utcTime || tag === derTag.generalizedTime) {
      const time = unlessRefused(PkiError, () => decodeTime(element));
      promise(time === undefined || !Number.isNaN(Date.parse(time)), 'a time is none');
    }
    if ((tag & constructed) !== 0 && depth < depthMax) {
      unlessRefused(PkiError, () => readAll(content, depth + 1));
    }
  }
  return length;
}

export function makeTarget(): FuzzTarget {
  return {
    bytesMax: 4096,
    samples: certificates(4096),
    run(bytes) {
      const length = unlessRefused(PkiError, () => readAll(bytes, 0));
      promise(length === undefined || length === bytes.length, 'not all bytes were read');
    },
  };
}
