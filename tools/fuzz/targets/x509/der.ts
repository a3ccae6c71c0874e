import { InventoryError } from '../../../../packages/inventory/src/errors.ts';
import { DerReader, decodeOid, decodeTime, derTag } from '../../../../packages/inventory/src/x509/der.ts';
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
    if (tag === derTag.oid) unlessRefused(InventoryError, () => decodeOid(content));
    if (tag === derTag.utcTime || tag === derTag.generalizedTime) {
      const time = unlessRefused(InventoryError, () => decodeTime(element));
      promise(time === undefined || !Number.isNaN(Date.parse(time)), 'a time is none');
    }
    if ((tag & constructed) !== 0 && depth < depthMax) {
      unlessRefused(InventoryError, () => readAll(content, depth + 1));
    }
  }
  return length;
}

export function makeTarget(): FuzzTarget {
  return {
    bytesMax: 4096,
    samples: certificates(4096),
    run(bytes) {
      const length = unlessRefused(InventoryError, () => readAll(bytes, 0));
      promise(length === undefined || length === bytes.length, 'not all bytes were read');
    },
  };
}
