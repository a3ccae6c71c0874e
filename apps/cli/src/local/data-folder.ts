import { existsSync, readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Environment, readSetting } from '../environment.ts';
import { readJsonObject, textField } from './json-file.ts';

const folderName = '.quantumvault';

/** The data folder of this machine's installation: QV_DATA_DIR, else `.quantumvault` in the checkout. */
export function dataFolder(environment: Environment): string {
  const given = readSetting(environment, 'QV_DATA_DIR');
  if (given !== undefined) return resolve(environment.folder, given);
  return join(checkoutRoot() ?? environment.folder, folderName);
}

/** The checkout that this very file belongs to, wherever the command was called from. */
function checkoutRoot(): string | undefined {
  let folder = dirname(fileURLToPath(import.meta.url));
  for (;;) {
    const file = join(folder, 'package.json');
    if (existsSync(file) && /"name"\s*:\s*"quantumvault"/.test(readFileSync(file, 'utf8'))) return folder;
    const parent = dirname(folder);
    if (parent === folder) return undefined;
    folder = parent;
  }
}

/** What the first start wrote for its administrator. Holds secrets: never print more of it than the URL. */
export interface BootstrapFile {
  readonly url: string | undefined;
  readonly apiKey: string | undefined;
}

export const bootstrapPath = (folder: string): string => join(folder, 'bootstrap-admin.json');

/** Undefined when the file was moved away, as it should be. */
export function readBootstrapFile(folder: string): BootstrapFile | undefined {
  const value = readJsonObject(bootstrapPath(folder));
  return value === undefined ? undefined : { url: textField(value, 'url'), apiKey: textField(value, 'apiKey') };
}
