import { crc32, inflateRawSync } from 'node:zlib';
import { UnpackBudget } from './unpack.ts';
import type { Entry } from './vector-file.ts';

/*
 * The two containers in which vectors are published. Packed bytes come from strangers, so everything has a bound: the
 * number of members, the size of each, and what all members that are read take together, gzip within them too. Nothing is written to the disk,
 * so a name with `..` is only a name.
 */

export class ArchiveError extends Error {
  override readonly name = 'ArchiveError';
}

const membersMax = 5_000;

const latin1 = new TextDecoder('latin1');
const utf8 = new TextDecoder();

function need(condition: boolean, message: string): asserts condition {
  if (!condition) throw new ArchiveError(message);
}

const view = (bytes: Uint8Array): DataView => new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);

/** Whether the bytes are an archive that {@link members} reads. */
export function isArchive(bytes: Uint8Array): boolean {
  return isZip(bytes) || isTar(bytes);
}

const isZip = (bytes: Uint8Array): boolean => latin1.decode(bytes.subarray(0, 4)) === 'PK\u0003\u0004';
const isTar = (bytes: Uint8Array): boolean => latin1.decode(bytes.subarray(257, 262)) === 'ustar';

/** The files in an archive, with their paths below `path`; folders are left out. Throws ArchiveError. */
export function members(path: string, bytes: Uint8Array): readonly Entry[] {
  const found = isZip(bytes) ? zipMembers(bytes) : tarMembers(bytes);
  const budget = new UnpackBudget();
  return found.map((member) => ({
    path: `${path}/${member.name}`,
    read: () => budget.unpack(member, (max) => member.read(max)),
  }));
}

interface Member {
  readonly name: string;
  /** At most `max` bytes. */
  read(max: number): Uint8Array;
}

const block = 512;

/** POSIX ustar: a header of 512 bytes, then the content, filled up to whole blocks. */
function tarMembers(bytes: Uint8Array): readonly Member[] {
  const found: Member[] = [];
  const field = (at: number, length: number): string =>
    latin1.decode(bytes.subarray(at, at + length)).split('\0')[0] ?? '';
  for (let at = 0; at + block <= bytes.length && bytes[at] !== 0; ) {
    const size = Number.parseInt(field(at + 124, 12).trim() || '0', 8);
    need(Number.isSafeInteger(size) && size >= 0, 'a member of the tar has no size');
    const content = bytes.subarray(at + block, at + block + size);
    need(content.length === size, 'the tar ends within a member');
    const [prefix, name, kind] = [field(at + 345, 155), field(at, 100), field(at + 156, 1)];
    // Everything but a plain file (folders, links, extended headers) holds no vectors.
    if (kind === '0' || kind === '') {
      const read = (max: number): Uint8Array => {
        need(size <= max, 'the archive unpacks to too much');
        return content;
      };
      found.push({ name: prefix === '' ? name : `${prefix}/${name}`, read });
      need(found.length <= membersMax, `the archive has more than ${membersMax} members`);
    }
    at += block + Math.ceil(size / block) * block;
  }
  return found;
}

const endBytes = 22;
const entryBytes = 46;
const localBytes = 30;

/** The place of the end record: it is the last one, with a comment of at most 65,535 bytes behind it. */
function endRecord(data: DataView): number {
  for (let at = data.byteLength - endBytes; at >= 0 && at >= data.byteLength - endBytes - 0xffff; at -= 1) {
    if (data.getUint32(at, true) === 0x0605_4b50) return at;
  }
  throw new ArchiveError('the zip has no directory');
}

/** Zip without encryption, without its 64-bit fields, stored or deflated. The directory decides; local headers only point. */
function zipMembers(bytes: Uint8Array): readonly Member[] {
  const data = view(bytes);
  const end = endRecord(data);
  const count = data.getUint16(end + 10, true);
  need(count <= membersMax, `the archive has more than ${membersMax} members`);
  const found: Member[] = [];
  let at = data.getUint32(end + 16, true);
  for (let index = 0; index < count; index += 1) {
    need(
      at + entryBytes <= bytes.length && data.getUint32(at, true) === 0x0201_4b50,
      'the directory of the zip is cut',
    );
    const nameBytes = data.getUint16(at + 28, true);
    const name = utf8.decode(bytes.subarray(at + entryBytes, at + entryBytes + nameBytes));
    const facts = {
      method: data.getUint16(at + 10, true),
      crc: data.getUint32(at + 16, true),
      packed: data.getUint32(at + 20, true),
      size: data.getUint32(at + 24, true),
      local: data.getUint32(at + 42, true),
    };
    if (!name.endsWith('/')) found.push({ name, read: (max) => inflate(bytes, facts, max) });
    at += entryBytes + nameBytes + data.getUint16(at + 30, true) + data.getUint16(at + 32, true);
  }
  return found;
}

interface ZipFacts {
  readonly method: number;
  readonly crc: number;
  readonly packed: number;
  readonly size: number;
  readonly local: number;
}

function inflate(bytes: Uint8Array, { method, crc, packed, size, local }: ZipFacts, max: number): Uint8Array {
  need(size <= max, 'the archive unpacks to too much');
  need(local + localBytes <= bytes.length, 'a member of the zip lies outside it');
  const data = view(bytes);
  const from = local + localBytes + data.getUint16(local + 26, true) + data.getUint16(local + 28, true);
  const content = bytes.subarray(from, from + packed);
  need(content.length === packed, 'the zip ends within a member');
  need(method === 0 || method === 8, 'the zip uses a compression that is not read');
  // The size is what the archive claims; the bound makes the unpacking stop there, whatever the bytes hold.
  const unpacked = method === 0 ? content : inflateRawSync(content, { maxOutputLength: Math.max(1, size) });
  need(unpacked.length === size && crc32(unpacked) === crc, 'a member of the zip is damaged');
  return unpacked;
}
