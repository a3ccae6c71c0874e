import { deflateRawSync, gzipSync } from 'node:zlib';
import { expect, it } from 'vitest';
import { ArchiveError, isArchive, members } from './archives.ts';

const utf8 = new TextEncoder();

function tar(files: Readonly<Record<string, Uint8Array>>): Uint8Array {
  const blocks = Object.entries(files).map(([name, content]) => {
    const block = new Uint8Array(512 + Math.ceil(content.length / 512) * 512);
    block.set(utf8.encode(name));
    block.set(utf8.encode(content.length.toString(8).padStart(11, '0')), 124);
    block.set(utf8.encode(name.endsWith('/') ? '5' : '0'), 156);
    block.set(utf8.encode('ustar\\0'), 257);
    block.set(content, 512);
    return block;
  });
  return new Uint8Array(Buffer.concat([...blocks, new Uint8Array(1024)]));
}

interface Lie {
  readonly size?: number;
  readonly crc?: number;
}

/** A zip of one deflated member, whose directory may say what is not so. */
function zip(name: string, content: Uint8Array, crc: number, { size = content.length }: Lie = {}): Uint8Array {
  const [packed, path] = [deflateRawSync(content), utf8.encode(name)];
  const local = Buffer.alloc(30);
  local.writeUInt32LE(0x0403_4b50);
  local.writeUInt16LE(path.length, 26);
  const entry = Buffer.alloc(46);
  entry.writeUInt32LE(0x0201_4b50);
  entry.writeUInt16LE(8, 10);
  entry.writeUInt32LE(crc, 16);
  entry.writeUInt32LE(packed.length, 20);
  entry.writeUInt32LE(size, 24);
  entry.writeUInt16LE(path.length, 28);
  const end = Buffer.alloc(22);
  end.writeUInt32LE(0x0605_4b50);
  end.writeUInt16LE(1, 10);
  end.writeUInt32LE(30 + path.length + packed.length, 16);
  return new Uint8Array(Buffer.concat([local, path, packed, entry, path, end]));
}

const read = (bytes: Uint8Array) =>
  members('a', bytes).map((member) => [member.path, new TextDecoder().decode(member.read())]);

it('reads the files of a tar and leaves folders out', () => {
  const bytes = tar({ 'x/': new Uint8Array(0), 'x/one': utf8.encode('1'), 'x/two': utf8.encode('22') });
  expect(isArchive(bytes)).toBe(true);
  expect(read(bytes)).toEqual([
    ['a/x/one', '1'],
    ['a/x/two', '22'],
  ]);
});

it('a tar that ends within a member is refused', () => {
  const bytes = tar({ one: new Uint8Array(2000) });
  expect(() => members('a', bytes.subarray(0, 1500))).toThrow(ArchiveError);
});

it('reads a zip, and refuses a member that is not what the directory says', () => {
  const [content, crc] = [utf8.encode('hello'), 0x3610_a686];
  expect(read(zip('one', content, crc))).toEqual([['a/one', 'hello']]);
  expect(() => read(zip('one', content, 1))).toThrow(ArchiveError);
  expect(() => read(zip('one', content, crc, { size: 4 }))).toThrow();
  expect(() => read(zip('one', content, crc, { size: 6 }))).toThrow(ArchiveError);
});

it('a member that unpacks to more than it may is refused before it does', () => {
  const bomb = new Uint8Array(65 * 1024 * 1024);
  expect(() => read(zip('bomb', bomb, 0))).toThrow(/too much/);
  // One that lies about its size is stopped there, without its content ever being in memory.
  expect(() => read(zip('bomb', bomb, 0, { size: 10 }))).toThrow(
    expect.objectContaining({ code: 'ERR_BUFFER_TOO_LARGE' }),
  );
});

it('what members unpack to is charged to the archive, gzip within them too, and once for each', () => {
  const [bomb, small] = [gzipSync(new Uint8Array(30 * 1024 * 1024)), gzipSync('small')];
  const [one, two, three, four] = members('a', tar({ one: bomb, two: bomb, three: bomb, four: small }));
  for (const member of [one, two, one, two]) expect(member?.read()).toHaveLength(30 * 1024 * 1024);
  expect(() => three?.read()).toThrow(expect.objectContaining({ code: 'ERR_BUFFER_TOO_LARGE' }));
  // After a bomb nothing more is unpacked from this archive, so that thousands of them cost as much as one.
  expect(() => four?.read()).toThrow();
  expect(one?.read()).toHaveLength(30 * 1024 * 1024);
});

it('no cut of an archive ends in anything but an error or fewer files', () => {
  for (const whole of [tar({ one: utf8.encode('1') }), zip('one', utf8.encode('hello'), 0x3610_a686)]) {
    for (let length = 0; length < whole.length; length += 1) {
      const cut = whole.subarray(0, length);
      if (!isArchive(cut)) continue;
      try {
        expect(read(cut).length).toBeLessThanOrEqual(1);
      } catch (error) {
        expect(error).toBeInstanceOf(ArchiveError);
      }
    }
  }
  expect(isArchive(gzipSync('no archive'))).toBe(false);
});
