// Tells whether `apps/console/dist` was made from the sources as they are. Plain JavaScript: the launcher asks on any Node.
import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { listFiles } from './freshness.mjs';

/** Folders that the console is made of, relative to the root; the packages are taken as sources. */
const SOURCES = ['apps/console', 'packages/api/src', 'packages/tlog/src', 'packages/cbor/src', 'packages/crypto/src'];
// Next writes next-env.d.ts while it builds: counted, the first build of a fresh clone would never be that of its sources.
const NOT_SOURCE = /(^|\/)(dist|\.next|\.export|node_modules)\/|(^|\/)next-env\.d\.ts$|\.test\.tsx?$|~$/;

/** One hash over every source of the console and the version of what builds it. */
export function consoleHash(root) {
  const hash = createHash('sha256');
  for (const folder of SOURCES) {
    for (const path of listFiles(join(root, folder)).sort()) {
      if (NOT_SOURCE.test(path)) continue;
      hash.update(`${folder}/${path}\n`).update(readFileSync(join(root, folder, path)));
    }
  }
  for (const name of ['next', 'react', 'react-dom']) {
    const file = join(root, 'node_modules', name, 'package.json');
    hash.update(existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')).version : 'none');
  }
  return hash.digest('hex');
}

/** Whether there is a build of exactly these sources. */
export function isConsoleFresh(root) {
  try {
    return JSON.parse(readFileSync(join(root, 'apps/console/dist/build.json'), 'utf8')).hash === consoleHash(root);
  } catch {
    return false;
  }
}
