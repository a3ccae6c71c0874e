/**
 * Reads the corpora that lie beside the checkout (`../shared/corpora`), when they do. They are large and belong to
 * others, so the repository does not carry them: a test that needs one skips itself aloud when this returns undefined.
 */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, relative, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gunzipSync } from 'node:zlib';

const folder = new URL('../../../../shared/corpora/', import.meta.url);

/** The regular files of `<name>.tar.gz` by their path in the archive. */
export function readCorpus(name: string): ReadonlyMap<string, Uint8Array> | undefined {
  const archive = new URL(`${name}.tar.gz`, folder);
  if (!existsSync(archive)) return undefined;
  const tar = gunzipSync(readFileSync(archive));
  const files = new Map<string, Uint8Array>();
  // A tar archive is a row of 512-byte headers, each followed by its file padded to 512 bytes (POSIX ustar). A path of
  // more than 100 characters comes as the content of an entry of its own before the file (GNU `L`, POSIX `x`).
  let longPath: string | undefined;
  for (let offset = 0; offset + 512 <= tar.length; ) {
    const field = (start: number, length: number) =>
      tar.toString('latin1', offset + start, offset + start + length).replace(/\0.*$/s, '');
    const name = field(0, 100);
    if (name === '') break;
    const size = Number.parseInt(field(124, 12), 8);
    const content = tar.subarray(offset + 512, offset + 512 + size);
    const prefix = field(257, 5) === 'ustar' && field(262, 2) !== ' ' ? field(345, 155) : '';
    const kind = field(156, 1);
    if (kind === 'L') longPath = content.toString('utf8').replace(/\0.*$/s, '');
    else if (kind === 'x') longPath = /^\d+ path=(.*)$/m.exec(content.toString('utf8'))?.[1];
    else {
      if (kind === '0' || kind === '') files.set(longPath ?? (prefix === '' ? name : `${prefix}/${name}`), content);
      longPath = undefined;
    }
    offset += 512 + Math.ceil(size / 512) * 512;
  }
  return files;
}

/** What OpenSSL says of each certificate of the corpora. */
export function readCertificateOracle(): Record<string, Record<string, unknown>> | undefined {
  const file = new URL('certs-oracle.json.gz', folder);
  return existsSync(file) ? JSON.parse(gunzipSync(readFileSync(file)).toString('utf8')) : undefined;
}

/** The small part of a corpus that the repository carries (`tests/vectors/<name>`), with the same paths. */
export function readVectors(name: string): ReadonlyMap<string, Uint8Array> {
  const root = fileURLToPath(new URL('../../../tests/vectors/', import.meta.url));
  const entries = readdirSync(join(root, name), { recursive: true, withFileTypes: true });
  return new Map(
    entries
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name))
      .map((path) => [relative(root, path).split(sep).join('/'), new Uint8Array(readFileSync(path))]),
  );
}
