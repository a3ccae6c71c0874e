import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { CmsError } from '../../../../packages/cms/src/errors.ts';
import { parseCmsKey, parseCmsKeyFile } from '../../../../packages/cms/src/private-key.ts';
import type { FuzzTarget } from '../../engine/fuzz-loop.ts';
import { unlessRefused } from '../outcome.ts';

const folder = resolve(import.meta.dirname, '../../../../tests/vectors/cms-kemri');

/** KEM keys as PKCS#8: seeds, expanded keys and both. */
export function makeTarget(): FuzzTarget {
  const names = readdirSync(folder).filter((name) => name.endsWith('priv.der'));
  const keys = names.map((name) => new Uint8Array(readFileSync(join(folder, name))));
  const [first = new Uint8Array(0)] = keys;
  const pem = `-----BEGIN PRIVATE KEY-----\n${Buffer.from(first).toString('base64')}\n-----END PRIVATE KEY-----\n`;
  return {
    bytesMax: 4096,
    samples: [...keys, new TextEncoder().encode(pem)],
    run(bytes) {
      unlessRefused(CmsError, () => parseCmsKey(bytes.slice()));
      unlessRefused(CmsError, () => parseCmsKeyFile(bytes.slice()));
    },
  };
}
