/** Bytes that are read when somebody asks for them: a file of the disk, or a member of an archive. */
export interface Entry {
  /** With `/`, below the folder that was named; the members of an archive lie below its own path. */
  readonly path: string;
  /** The whole content, without gzip around it. Whoever made the entry bounds what it unpacks to; nothing is kept here. */
  read(): Uint8Array;
}

const plainName = (path: string): string => (path.split('/').at(-1) ?? path).replace(/\.gz$/i, '');
const folderOf = (path: string): string => path.slice(0, path.lastIndexOf('/') + 1);

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

/** What one folder or archive keeps for {@link VectorFile.glance}: the published sets fit, and no larger one fills memory. */
export const glancesMax: number = 8 * 1024 * 1024;

/** Files that were looked at, the last of them, up to a number of bytes in all. */
class Glances {
  readonly #files = new Map<Entry, VectorFile>();
  #bytes = 0;

  at(entry: Entry, read: () => VectorFile): VectorFile {
    const known = this.#files.get(entry);
    const file = known ?? read();
    const { length } = file.bytes;
    if (length > glancesMax) return file;
    // The last that was used comes last, and the first goes first.
    this.#files.delete(entry);
    this.#files.set(entry, file);
    if (known === undefined) this.#bytes += length;
    for (const [oldest, { bytes }] of this.#files) {
      if (this.#bytes <= glancesMax) break;
      this.#files.delete(oldest);
      this.#bytes -= bytes.length;
    }
    return file;
  }
}

/** By the list of files, so that those of an archive go with it. */
const glancesOf = new WeakMap<readonly Entry[], Glances>();

/** A file of vectors, unpacked, in every form that a recognizer may want. */
export class VectorFile {
  readonly path: string;
  /** The last part of the path without `.gz`. */
  readonly name: string;
  readonly bytes: Uint8Array;
  readonly #entries: readonly Entry[];
  #text: { readonly value: string | undefined } | undefined;
  #json: { readonly value: unknown } | undefined;

  /** `entries` are all files of the folder or the archive, for {@link beside}. Throws what reading and unpacking throw. */
  constructor(entry: Entry, entries: readonly Entry[]) {
    this.path = entry.path;
    this.name = plainName(entry.path);
    const { buffer, byteOffset, byteLength } = entry.read();
    // No Buffer, whose slice is no copy: whoever erases a copy of a key would erase the file for all that read it again.
    this.bytes = new Uint8Array(buffer, byteOffset, byteLength);
    this.#entries = entries;
  }

  /** Undefined when the bytes are no UTF-8. Made when it is asked for: a file that is only compared is never text. */
  get text(): string | undefined {
    this.#text ??= { value: textOf(this.bytes) };
    return this.#text.value;
  }

  /** Undefined when the text is no object and no list of JSON. */
  get json(): unknown {
    this.#json ??= { value: this.text === undefined ? undefined : jsonOf(this.text) };
    return this.#json.value;
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
   * The same, read once for those who ask again soon, so its bytes must stay as they are. For sets whose files are compared
   * each with each. What is kept has a bound, {@link glancesMax}: a file that does not fit is read again.
   */
  glance(name: string): VectorFile | undefined {
    const entry = this.#entryBeside(name);
    return entry === undefined ? undefined : this.#glanceAt(entry);
  }

  #glanceAt(entry: Entry): VectorFile {
    const glances = glancesOf.get(this.#entries) ?? new Glances();
    glancesOf.set(this.#entries, glances);
    return glances.at(entry, () => new VectorFile(entry, this.#entries));
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
