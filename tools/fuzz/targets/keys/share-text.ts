import { CryptoError, SecretBytes, sha256 } from '../../../../packages/crypto/src/index.ts';
import { decodeShare, encodeShare } from '../../../../packages/crypto/src/sharing/share-text.ts';
import type { FuzzTarget } from '../../engine/fuzz-loop.ts';
import { promise, unlessRefused } from '../outcome.ts';

const latin1 = new TextDecoder('latin1');
const letters = 'abcdefghijklmnopqrstuvwxyz234567';
const fieldBytes = 72;
/** No share begins with it: the next 72 bytes get the checksum that the fuzzer could not guess. */
const checksumMark = 0x00;

function withChecksum(fields: Uint8Array): string {
  const whole = new Uint8Array(80);
  whole.set(fields.subarray(0, fieldBytes));
  const label = new TextEncoder().encode('QuantumVault share text 1');
  whole.set(sha256(new Uint8Array([...label, ...whole.subarray(0, fieldBytes)])).subarray(0, 8), fieldBytes);
  const bits = Array.from(whole, (byte) => byte.toString(2).padStart(8, '0')).join('');
  return `qvshare1${bits.replaceAll(/.{5}/g, (five) => letters[Number.parseInt(five, 2)] ?? '')}`;
}

const normal = (text: string): string => text.replaceAll(/[\s-]/g, '').toLowerCase();

export function makeTarget(): FuzzTarget {
  const share = {
    setId: new Uint8Array(16).fill(1),
    index: 1,
    threshold: 2,
    epoch: 1,
    value: SecretBytes.take(new Uint8Array(33).fill(2)),
    salt: new Uint8Array(16).fill(3),
  };
  return {
    bytesMax: 600,
    samples: [
      new TextEncoder().encode(encodeShare(share)),
      Uint8Array.of(checksumMark, 1, ...new Uint8Array(16), 1, 2, 0, 0, 0, 1, ...new Uint8Array(49).fill(5)),
    ],
    run(bytes) {
      const text = bytes[0] === checksumMark ? withChecksum(bytes.subarray(1)) : latin1.decode(bytes);
      const read = unlessRefused(CryptoError, () => decodeShare(text));
      promise(read === undefined || normal(encodeShare(read)) === normal(text), 'a share has a second spelling');
    },
  };
}
