/** Published certificates (tests/vectors/certificates), as DER and as PEM. */
import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';

const folder = resolve(import.meta.dirname, '../../../../tests/vectors/certificates');

function files(ending: string): Uint8Array[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith(ending))
    .map((entry) => join(entry.parentPath, entry.name))
    .sort()
    .map((path) => new Uint8Array(readFileSync(path)));
}

export const pemFiles = (bytesMax: number): Uint8Array[] => files('.pem').filter(({ length }) => length <= bytesMax);

export function certificates(bytesMax: number): Uint8Array[] {
  const inPem = files('.pem').flatMap((bytes) => {
    const base64 = /-----BEGIN CERTIFICATE-----([^-]*)-----END/.exec(Buffer.from(bytes).toString('latin1'))?.[1];
    return base64 === undefined ? [] : [new Uint8Array(Buffer.from(base64, 'base64'))];
  });
  return [...files('.der'), ...inPem].filter(({ length }) => length <= bytesMax);
}
