import { sha256 } from '@quantumvault/crypto';
import { concat, formatUuid, parseUuid, sameBytes, utf8 } from '../bytes.ts';
import { need } from '../errors.ts';
import { hashLeaf } from '../merkle/hashing.ts';
import { encodeCbor } from './cbor.ts';
import { eventBytesMax, eventDigest, formVersion } from './event.ts';

// A leaf is read once per event of an export, so this reader walks the fixed layout instead of building values. It
// accepts exactly what the general CBOR writer produces; a property test holds the two together.

/** An audit leaf, taken apart. The byte fields are views into the leaf: do not change them. */
export interface AuditLeaf {
  readonly tenant: Uint8Array;
  /** Position among the tenant's own leaves; the first is 1 (LEAF-11). */
  readonly tenantSequence: number;
  /** Leaf hash of the tenant's leaf before this one; {@link tenantGenesis} for the first. */
  readonly previousTenantLeaf: Uint8Array;
  readonly digest: Uint8Array;
  readonly event: Uint8Array;
}

const genesisDomain = utf8.encode('quantumvault/tenant-genesis/v1');
const tenantAt = 3; // version, array of 5, byte string of 16
const sequenceAt = tenantAt + 16;
/** The longest leaf: the fields around the event take at most 98 bytes. */
export const leafBytesMax = eventBytesMax + 98;

/** What the first leaf of a tenant names as the leaf before it (LEAF-12). */
export function tenantGenesis(tenant: Uint8Array): Uint8Array {
  return sha256(concat(genesisDomain, tenant));
}

/**
 * Writes the leaf of an event: `tenantSequence` (from 1) and the tenant's previous leaf hash come from the sequencer.
 * For sequence 1 leave `previousTenantLeaf` out. Throws TLOG_LEAF_INVALID when the two do not fit together.
 */
export function encodeLeaf(input: {
  readonly tenant: string;
  readonly tenantSequence: number | bigint;
  readonly previousTenantLeaf?: Uint8Array;
  readonly event: Uint8Array;
}): Uint8Array {
  const tenant = parseUuid(input.tenant);
  const sequence = Number(input.tenantSequence);
  need(Number.isSafeInteger(sequence) && sequence >= 1, 'TLOG_LEAF_INVALID', 'tenant sequences begin at 1');
  const isFirst = sequence === 1;
  need(
    isFirst === (input.previousTenantLeaf === undefined),
    'TLOG_LEAF_INVALID',
    'only the first leaf has none before it',
  );
  const previous = input.previousTenantLeaf ?? tenantGenesis(tenant);
  const body = encodeCbor([tenant, sequence, previous, eventDigest(input.event), input.event]);
  const leaf = concat(Uint8Array.of(formVersion), body);
  decodeLeaf(leaf); // what is written for ever is read once before
  return leaf;
}

/**
 * Reads a leaf's fields. Throws TLOG_LEAF_INVALID on any but the only form. The digest and the event inside are checked
 * by {@link checkLeafContent}, so that a verifier can say which of the two is wrong.
 */
export function decodeLeaf(leaf: Uint8Array): AuditLeaf {
  const fits = (condition: boolean) => need(condition, 'TLOG_LEAF_INVALID', 'not an audit leaf');
  fits(leaf.length <= leafBytesMax);
  fits(leaf[0] === formVersion && leaf[1] === 0x85 && leaf[2] === 0x50);
  const { value: tenantSequence, next: previousAt } = readUint(leaf, sequenceAt);
  fits(tenantSequence >= 1);
  const digestAt = previousAt + 34;
  const eventAt = digestAt + 34;
  fits(leaf[previousAt] === 0x58 && leaf[previousAt + 1] === 32);
  fits(leaf[digestAt] === 0x58 && leaf[digestAt + 1] === 32);
  const bodyAt = readBytesHead(leaf, eventAt);
  return {
    tenant: leaf.subarray(tenantAt, sequenceAt),
    tenantSequence,
    previousTenantLeaf: leaf.subarray(previousAt + 2, digestAt),
    digest: leaf.subarray(digestAt + 2, eventAt),
    event: leaf.subarray(bodyAt),
  };
}

/** Tells whether the digest is the event's and both name the same tenant (LEAF-14). */
export function leafDigestMatches(leaf: AuditLeaf): boolean {
  return sameBytes(leaf.digest, eventDigest(leaf.event));
}

/** The tenant of a leaf as text, or null when the bytes do not begin like a leaf. It trusts nothing after them. */
export function leafTenant(leaf: Uint8Array): string | null {
  if (leaf.length < sequenceAt || leaf[0] !== formVersion || leaf[1] !== 0x85 || leaf[2] !== 0x50) return null;
  return formatUuid(leaf, tenantAt);
}

/** RFC 6962 leaf hash: the 32 bytes that the tree, the tiles and the next leaf of the tenant hold. */
export function leafHash(leaf: Uint8Array): Uint8Array {
  return hashLeaf(leaf);
}

function readUint(bytes: Uint8Array, at: number): { value: number; next: number } {
  const first = bytes[at] ?? 0xff;
  if (first < 24) return { value: first, next: at + 1 };
  need(first <= 27, 'TLOG_LEAF_INVALID', 'tenant sequence is not an unsigned integer');
  const size = 1 << (first - 24);
  let value = 0;
  for (let index = 1; index <= size; index += 1) value = value * 256 + (bytes[at + index] ?? 0);
  const least = size === 1 ? 24 : size === 2 ? 0x100 : size === 4 ? 0x1_0000 : 0x1_0000_0000;
  need(value >= least && Number.isSafeInteger(value), 'TLOG_LEAF_INVALID', 'tenant sequence outside its range');
  return { value, next: at + 1 + size };
}

/** Position of the event's first byte; the event must end where the leaf ends. */
function readBytesHead(leaf: Uint8Array, at: number): number {
  const first = leaf[at] ?? 0;
  const [one, two] = [leaf[at + 1] ?? 0, leaf[at + 2] ?? 0];
  const rest = leaf.length - at;
  if (first === 0x58 && one >= 24 && rest === 2 + one) return at + 2;
  const wide = one * 256 + two;
  if (first === 0x59 && wide >= 0x100 && wide <= eventBytesMax && rest === 3 + wide) return at + 3;
  // An event shorter than 24 bytes cannot exist: two UUIDs alone are longer.
  need(false, 'TLOG_LEAF_INVALID', 'the event does not fill the leaf');
  return at;
}
