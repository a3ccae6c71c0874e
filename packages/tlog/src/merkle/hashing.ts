import { sha256 } from '@quantumvault/crypto';

/** SHA-256 of nothing: the root of the empty tree (RFC 6962 section 2.1). */
export function emptyRoot(): Uint8Array {
  return sha256(new Uint8Array(0));
}

// One buffer for all leaves of usual size: the functions are synchronous and the hash does not keep its input.
const prefixed = new Uint8Array(32_768);

/** RFC 6962 leaf hash: SHA-256(0x00 || data). */
export function hashLeaf(data: Uint8Array): Uint8Array {
  const length = data.length + 1;
  const input = length <= prefixed.length ? prefixed.subarray(0, length) : new Uint8Array(length);
  input.set(data, 1);
  return sha256(input);
}

const node = new Uint8Array(65);
node[0] = 1;

/** RFC 6962 node hash: SHA-256(0x01 || left || right). */
export function hashNode(left: Uint8Array, right: Uint8Array): Uint8Array {
  node.set(left, 1);
  node.set(right, 33);
  return sha256(node);
}
