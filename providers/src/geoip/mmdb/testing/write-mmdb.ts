// The smallest writer of MMDB files (format 2.0, IPv6 tree, records of 24 bits), so that tests need nobody's data.
type Value =
  | string
  | { readonly [key: string]: Value }
  | { readonly number: number; readonly type: 5 | 6 }
  | readonly string[];

function encoded(value: Value): Buffer {
  if (typeof value === 'string') return Buffer.concat([control(2, Buffer.byteLength(value)), Buffer.from(value)]);
  if (Array.isArray(value)) return Buffer.concat([Buffer.from([value.length, 4]), ...value.map(encoded)]);
  if ('number' in value && typeof value.number === 'number') {
    const bytes = Buffer.alloc(4);
    bytes.writeUInt32BE(value.number);
    const used = bytes.subarray(bytes.findIndex((byte) => byte !== 0));
    return Buffer.concat([control(Number(value.type), used.length), used]);
  }
  const entries = Object.entries(value as { readonly [key: string]: Value });
  return Buffer.concat([
    control(7, entries.length),
    ...entries.flatMap(([key, inner]) => [encoded(key), encoded(inner)]),
  ]);
}

const control = (type: number, size: number): Buffer => Buffer.from([(type << 5) | size]);

/** Networks as bits from the top of the IPv6 tree, with the record of each. */
export function writeMmdb(networks: ReadonlyMap<string, Value>): Buffer {
  type Node = [left: number | null, right: number | null];
  const nodes: Node[] = [[null, null]];
  const data: Buffer[] = [];
  const leaves: { readonly node: number; readonly side: 0 | 1; readonly offset: number }[] = [];
  let size = 0;
  for (const [bits, record] of networks) {
    let node = 0;
    for (const bit of bits.slice(0, -1)) {
      const side = bit === '1' ? 1 : 0;
      const next = nodes[node]?.[side] ?? nodes.push([null, null]) - 1;
      (nodes[node] as Node)[side] = next;
      node = next;
    }
    leaves.push({ node, side: bits.endsWith('1') ? 1 : 0, offset: size });
    const bytes = encoded(record);
    data.push(bytes);
    size += bytes.length;
  }
  const count = nodes.length;
  for (const { node, side, offset } of leaves) (nodes[node] as Node)[side] = count + 16 + offset;
  const tree = Buffer.alloc(count * 6);
  for (const [index, sides] of nodes.entries()) {
    for (const side of [0, 1] as const) tree.writeUIntBE(sides[side] ?? count, index * 6 + side * 3, 3);
  }
  const metadata = encoded({
    node_count: { number: count, type: 6 },
    record_size: { number: 24, type: 5 },
    ip_version: { number: 6, type: 5 },
    database_type: 'Country',
    languages: ['en'],
    binary_format_major_version: { number: 2, type: 5 },
    build_epoch: { number: 1_764_150_000, type: 6 },
    description: { en: 'test' },
  });
  return Buffer.concat([
    tree,
    Buffer.alloc(16),
    ...data,
    Buffer.from('\u00ab\u00cd\u00efMaxMind.com', 'latin1'),
    metadata,
  ]);
}

/** The bits of an IPv4 network in the IPv6 tree, where IPv4 lies under 96 zeros. */
export const ipv4Bits = (bytes: readonly number[]): string => '0'.repeat(96) + bitsOf(bytes);
export const bitsOf = (bytes: readonly number[]): string =>
  bytes.map((byte) => byte.toString(2).padStart(8, '0')).join('');
