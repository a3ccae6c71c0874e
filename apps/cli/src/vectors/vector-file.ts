import { gunzipSync } from 'node:zlib';

/** Bytes that are read when somebody asks for them: a file of the disk, or a member of an archive. */
export interface Entry {
  /** With `/`, below the folder that was named; the members of an archive lie below its own path. */
  readonly path: string;
  read(): Uint8Array;
}

/** What one file may unpack to. The largest published set, a FLOE stream of 1 MiB in hexadecimal, has two megabytes. */
export const unpackedMax = 64 * 1024 * 1024;

const plainName = (path: string): string => (path.split('/').at(-1) ?? path).replace(/\.gz$/i, '');
const folderOf = (path: string): string => path.slice(0, path.lastIndexOf('/') + 1);
const isGzip = (bytes: Uint8Array): boolean => bytes[0] === 0x1f && bytes[1] === 0x8b && bytes[2] === 8;

const strictUtf8 = new TextDecoder('utf-8', { fatal: true });

/** The text, or undefined when the bytes are none. */
function textOf(bytes: Uint8Array): string | undefined {
  try {
    return strictUtf8.decode(bytes);
  } catch {
    return undefined;
  }
}

function jsonOf(text: string): unknown {
  if (!/^\s*[[{]/.test(text)) return undefined;
  try {
    const value: unknown = JSON.parse(text);
    return value;
  } catch {
    return undefined;
  }
}

const glances = new WeakMap<Entry, VectorFile>();

/** A file of vectors, unpacked, in every form that a recognizer may want. */
export class VectorFile {
  readonly path: string;
  /** The last part of the path without `.gz`. */
  readonly name: string;
  readonly bytes: Uint8Array;
  /** Undefined when the bytes are no UTF-8. */
  readonly text: string | undefined;
  /** Undefined when the text is no object and no list of JSON. */
  readonly json: unknown;
  readonly #entries: readonly Entry[];

  /** `entries` are all files of the folder or the archive, for {@link beside}. Throws what reading and unpacking throw. */
  constructor(entry: Entry, entries: readonly Entry[]) {
    this.path = entry.path;
    this.name = plainName(entry.path);
    const packed = entry.read();
    const { buffer, byteOffset, byteLength } = isGzip(packed)
      ? gunzipSync(packed, { maxOutputLength: unpackedMax })
      : packed;
    // No Buffer, whose slice is no copy: whoever erases a copy of a key would erase the file for all that read it again.
    this.bytes = new Uint8Array(buffer, byteOffset, byteLength);
    this.text = textOf(this.bytes);
    this.json = this.text === undefined ? undefined : jsonOf(this.text);
    this.#entries = entries;
  }

  /** The names of the files in the same folder, without `.gz`. */
  get neighbours(): readonly string[] {
    const folder = folderOf(this.path);
    return this.#entries.filter(({ path }) => folderOf(path) === folder).map(({ path }) => plainName(path));
  }

  /** Files whose names fit, in this folder and in the folders beside it; at most `max`, and none that cannot be read. */
  *nearby(isIt: (name: string) => boolean, max: number): Generator<VectorFile> {
    const above = folderOf(folderOf(this.path).slice(0, -1));
    let count = 0;
    for (const entry of this.#entries) {
      if (!entry.path.startsWith(above) || !isIt(plainName(entry.path))) continue;
      count += 1;
      if (count > max) return;
      const found = readable(() => this.#glanceAt(entry));
      if (found !== undefined) yield found;
    }
  }

  /** The file of this name in the same folder, packed or not. */
  beside(name: string): VectorFile | undefined {
    const entry = this.#entryBeside(name);
    return entry === undefined ? undefined : new VectorFile(entry, this.#entries);
  }

  /**
   * The same, read once for all who ask, so its bytes must stay as they are. For sets whose files are compared each with
   * each: archives bound what is unpacked from them.
   */
  glance(name: string): VectorFile | undefined {
    const entry = this.#entryBeside(name);
    return entry === undefined ? undefined : this.#glanceAt(entry);
  }

  #glanceAt(entry: Entry): VectorFile {
    const file = glances.get(entry) ?? new VectorFile(entry, this.#entries);
    glances.set(entry, file);
    return file;
  }

  #entryBeside(name: string): Entry | undefined {
    const folder = folderOf(this.path);
    return this.#entries.find(({ path }) => folderOf(path) === folder && plainName(path) === name);
  }
}

function readable(read: () => VectorFile): VectorFile | undefined {
  try {
    return read();
  } catch {
    return undefined;
  }
}
