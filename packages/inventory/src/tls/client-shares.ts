import { malformed } from './bytes.ts';
import { concat } from './records.ts';

/** The client's half of an agreement. `agree` throws an InventoryError when the answer is not one. */
export interface ClientShare {
  readonly publicKey: Uint8Array;
  readonly agree: (answer: Uint8Array) => Uint8Array;
}

interface SharePart {
  /** Registry id of the algorithm. */
  readonly algorithm: string;
  /** Length of the server's answer to it. */
  readonly answerBytes: number;
}

const x25519: SharePart = { algorithm: 'x25519', answerBytes: 32 };
const p256: SharePart = { algorithm: 'secp256r1', answerBytes: 65 };
const p384: SharePart = { algorithm: 'secp384r1', answerBytes: 97 };
const mlkem768: SharePart = { algorithm: 'ML-KEM-768', answerBytes: 1_088 };
const mlkem1024: SharePart = { algorithm: 'ML-KEM-1024', answerBytes: 1_568 };

/**
 * The groups of which a share can be made, with their parts in the order in which they stand on the wire. In
 * X25519MLKEM768 the post-quantum part comes first, in the two NIST hybrids the curve (draft-ietf-tls-ecdhe-mlkem).
 */
const partsOfGroups: ReadonlyMap<number, readonly SharePart[]> = new Map([
  [0x11ec, [mlkem768, x25519]],
  [0x11eb, [p256, mlkem768]],
  [0x11ed, [p384, mlkem1024]],
  [0x0202, [mlkem1024]],
  [0x0201, [mlkem768]],
  [0x0200, [{ algorithm: 'ML-KEM-512', answerBytes: 768 }]],
  [0x001d, [x25519]],
  [0x0017, [p256]],
  [0x0018, [p384]],
  [0x0019, [{ algorithm: 'secp521r1', answerBytes: 133 }]],
  [0x001e, [{ algorithm: 'x448', answerBytes: 56 }]],
]);

/** Groups that a handshake can prove; all others can be offered and found, not proven. */
export const provableGroups: readonly number[] = [...partsOfGroups.keys()];

export function isProvable(group: number): boolean {
  return partsOfGroups.has(group);
}

/** The share of a group, put together from shares of its parts; undefined when none can be made. */
export function clientShare(group: number, make: (algorithm: string) => ClientShare): ClientShare | undefined {
  const parts = partsOfGroups.get(group);
  if (parts === undefined) return undefined;
  const halves = parts.map((part) => ({ ...part, share: make(part.algorithm) }));
  const answerBytes = parts.reduce((total, part) => total + part.answerBytes, 0);
  return {
    publicKey: halves.reduce((joined, { share }) => concat(joined, share.publicKey), new Uint8Array(0)),
    agree: (answer) => {
      if (answer.length !== answerBytes) {
        throw malformed(`a key share of ${answer.length} bytes where the group has ${answerBytes}`);
      }
      let offset = 0;
      let secret = new Uint8Array(0);
      for (const half of halves) {
        secret = concat(secret, half.share.agree(answer.subarray(offset, offset + half.answerBytes)));
        offset += half.answerBytes;
      }
      return secret;
    },
  };
}
