/**
 * Reads the corpora that lie beside the checkout (`../shared/corpora`), when they do. They are large and belong to
 * others, so the repository does not carry them: a test that needs one skips itself aloud when this returns undefined.
 */
import { existsSync, readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';

const folder = new URL('../../../../shared/corpora/', import.meta.url);

/** The regular files of `<name>.tar.gz` by their path in the archive. */
export function readCorpus(name: string): ReadonlyMap<string, Uint8Array> | undefined {
  const archive = new URL(`${name}.tar.gz`, folder);
  if (!existsSync(archive)) return undefined;
  const tar = gunzipSync(readFileSync(archive));
  const files = new Map<string, Uint8Array>();
  // A tar archive is a row of 512-byte headers, each followed by its file padded to 512 bytes (POSIX ustar).
  for (let offset = 0; offset + 512 <= tar.length; ) {
    const field = (start: number, length: number) =>
      tar.toString('latin1', offset + start, offset + start + length).replace(/\0.*$/s, '');
    const path = field(0, 100);
    if (path === '') break;
    const size = Number.parseInt(field(124, 12), 8);
    const prefix = field(345, 155);
    if (field(156, 1) === '0' || field(156, 1) === '') {
      files.set(prefix === '' ? path : `${prefix}/${path}`, tar.subarray(offset + 512, offset + 512 + size));
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
