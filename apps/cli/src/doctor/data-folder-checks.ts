import { lstatSync, readFileSync, type Stats, statSync } from 'node:fs';
import { join } from 'node:path';
import { bootstrapPath } from '../local/data-folder.ts';
import { type Check, fail, ok, warn } from './check.ts';

const hasModes = process.platform !== 'win32';
const octal = (stat: Stats): string => (stat.mode & 0o777).toString(8).padStart(4, '0');

function statOf(path: string, stat: (path: string) => Stats = statSync): Stats | undefined {
  try {
    return stat(path);
  } catch {
    return undefined;
  }
}

/** Whoever may write in the data folder owns the installation. */
export function checkDataFolder(folder: string): Check[] {
  const name = 'data folder';
  const stat = statOf(folder);
  if (stat === undefined) {
    return [warn(name, `${folder} is not there`, 'Start the server once with npm start, or set QV_DATA_DIR.')];
  }
  if (!stat.isDirectory()) return [fail(name, `${folder} is not a folder`, 'Set QV_DATA_DIR to a folder.')];
  const remedy = `Run: chmod 700 ${folder}`;
  if (hasModes && (stat.mode & 0o022) !== 0) {
    return [fail(name, `${folder} can be written by others (mode ${octal(stat)})`, remedy)];
  }
  // Entering without reading (0710) is what the database user needs when the server runs as root.
  if (hasModes && (stat.mode & 0o047) !== 0) {
    return [warn(name, `${folder} can be read by others (mode ${octal(stat)})`, remedy)];
  }
  return [ok(name, `${folder} (mode ${octal(stat)})`)];
}

const secretFiles = ['database-roles.json', 'database-owner.json', 'postgres.json'] as const;

/** Modes of the files that hold secrets, and the credentials of the first start that ought to be gone. */
export function checkSecretFiles(folder: string, keyFile: string | undefined): Check[] {
  const checks: Check[] = [];
  const isInstalled = statOf(join(folder, 'database-roles.json')) !== undefined;
  const seal = keyFile ?? join(folder, 'seal.key');
  const sealStat = statOf(seal, lstatSync);
  if (sealStat !== undefined || isInstalled) checks.push(checkSealKey(seal, sealStat));
  const exposed = secretFiles.filter((file) => isExposed(statOf(join(folder, file))));
  if (exposed.length > 0) {
    const paths = exposed.map((file) => join(folder, file)).join(' ');
    checks.push(fail('secret files', `${exposed.join(', ')} can be read by others`, `Run: chmod 600 ${paths}`));
  } else if (isInstalled) checks.push(ok('secret files', 'readable by their owner alone'));
  const bootstrap = statOf(bootstrapPath(folder));
  if (bootstrap !== undefined) checks.push(checkBootstrap(bootstrapPath(folder), bootstrap));
  return checks;
}

const isExposed = (stat: Stats | undefined): boolean => hasModes && stat !== undefined && (stat.mode & 0o077) !== 0;

/** Form only; whether it is the right key shows when the server unseals. The content is not kept. */
function hasSealKeyForm(path: string): boolean {
  try {
    return /^quantumvault-seal-key-1\n[0-9a-f]{64}\n$/.test(readFileSync(path, 'latin1'));
  } catch {
    return false;
  }
}

function checkSealKey(path: string, stat: Stats | undefined): Check {
  const name = 'seal key';
  if (stat === undefined) {
    return fail(name, `${path} is missing`, 'Bring the copy back: without it nothing that was sealed can be opened.');
  }
  if (!stat.isFile()) return fail(name, `${path} is not a plain file`, 'Put the key file itself there, not a link.');
  if (isExposed(stat))
    return fail(name, `${path} can be read by others (mode ${octal(stat)})`, `Run: chmod 600 ${path}`);
  if (!hasSealKeyForm(path))
    return fail(name, `${path} does not hold a seal key`, 'Bring the copy of the key file back.');
  return ok(name, `${path} (mode ${octal(stat)}); keep a copy apart from the database`);
}

function checkBootstrap(path: string, stat: Stats): Check {
  const name = 'first credentials';
  if (isExposed(stat)) {
    const remedy = `Run: chmod 600 ${path}; then change the password and the API key, since others may have read them.`;
    return fail(name, `${path} can be read by others (mode ${octal(stat)})`, remedy);
  }
  const remedy = 'Move password and API key to a safe place and delete the file; give qv the key by QV_API_KEY_FILE.';
  return warn(name, `${path} is still there`, remedy);
}
