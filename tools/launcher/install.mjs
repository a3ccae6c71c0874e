// Brings node_modules in line with package-lock.json, without asking the person at the screen to know npm.
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { acquireLockWithin } from './process-lock.mjs';
import { LaunchError } from './runtime.mjs';

const STAMP = '.qv-install';
// A slow mirror may need minutes; nobody wants to wait for a hung one for ever.
const INSTALL_WAIT_MS = 15 * 60_000;

function readJson(path) {
  try {
    return JSON.parse(readFileSync(path, 'utf8'));
  } catch {
    return null;
  }
}

function lockHash(root) {
  try {
    return createHash('sha256')
      .update(readFileSync(join(root, 'package-lock.json')))
      .digest('hex');
  } catch {
    throw new LaunchError('LAUNCH_LOCKFILE_MISSING', 'package-lock.json is missing: this is not a complete checkout.');
  }
}

function stampMatches(root, hash) {
  try {
    return readFileSync(join(root, 'node_modules', STAMP), 'utf8').trim() === hash;
  } catch {
    return false;
  }
}

/**
 * True when npm's own record of node_modules agrees with package-lock.json: somebody ran `npm ci` by hand, or an image
 * was built with it. Packages that are optional may be absent (other platforms); nothing may differ or be extra.
 */
export function installedTreeMatches(root) {
  const wanted = readJson(join(root, 'package-lock.json'))?.packages;
  const installed = readJson(join(root, 'node_modules', '.package-lock.json'))?.packages;
  if (!wanted || !installed) return false;
  for (const [path, entry] of Object.entries(wanted)) {
    if (!path.startsWith('node_modules/') && !path.includes('/node_modules/')) continue;
    const found = installed[path];
    if (found === undefined) {
      if (entry.optional || entry.devOptional) continue;
      return false;
    }
    const same = entry.link
      ? found.link === true && found.resolved === entry.resolved
      : found.version === entry.version && found.integrity === entry.integrity;
    if (!same) return false;
  }
  return Object.keys(installed).every((path) => wanted[path] !== undefined);
}

function writeStamp(root, hash) {
  try {
    writeFileSync(join(root, 'node_modules', STAMP), `${hash}\n`);
  } catch {
    // A read-only checkout keeps no stamp; the comparison with npm's record runs again next time.
  }
}

/** npm must not run on the Node inside node_modules: `npm ci` deletes it first. */
function npmCommand(root) {
  const { npm_execpath: script, npm_node_execpath: node } = process.env;
  const inside = join(root, 'node_modules');
  if (
    script &&
    node &&
    !node.startsWith(inside) &&
    !script.startsWith(inside) &&
    existsSync(script) &&
    /npm-cli\.c?js$/.test(script)
  ) {
    return { command: node, before: [script] };
  }
  return { command: process.platform === 'win32' ? 'npm.cmd' : 'npm', before: [] };
}

function runNpmCi(root) {
  const { command, before } = npmCommand(root);
  const bin = join(root, 'node_modules', '.bin');
  const path = (process.env.PATH ?? '')
    .split(delimiter)
    .filter((entry) => entry !== bin)
    .join(delimiter);
  // Production flags in the environment would drop the compiler and, with it, the build.
  const args = [...before, 'ci', '--include=dev', '--include=optional', '--no-audit', '--no-fund', '--loglevel=error'];
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, {
      cwd: root,
      stdio: ['ignore', 'inherit', 'inherit'],
      env: { ...process.env, PATH: path },
      shell: process.platform === 'win32' && before.length === 0,
    });
    child.on('error', (error) =>
      reject(
        new LaunchError(
          'LAUNCH_NPM_MISSING',
          `npm could not be run (${error.message}). Install npm, or run "npm ci" in ${root}.`,
        ),
      ),
    );
    child.on('exit', (code, signal) => {
      if (code === 0) return resolve();
      reject(
        new LaunchError(
          'LAUNCH_INSTALL_FAILED',
          `"npm ci" failed (${signal ?? `exit code ${code}`}). If it says that package.json and package-lock.json disagree, the checkout is incomplete or edited: restore both files.`,
        ),
      );
    });
  });
}

/** Installs what package-lock.json names unless that was done before. Prints how long it took, apart from the start. */
export async function ensureInstalled(root, print = console.error) {
  const hash = lockHash(root);
  if (stampMatches(root, hash)) return { installed: false, seconds: 0 };
  if (installedTreeMatches(root)) {
    writeStamp(root, hash);
    return { installed: false, seconds: 0 };
  }
  let lock;
  try {
    lock = await acquireLockWithin(join(root, '.cache', 'install.lock'), {
      waitMs: INSTALL_WAIT_MS,
      onWait: (holder) => print(`Another install is running (pid ${holder.pid}); waiting for it.`),
    });
  } catch (error) {
    throw new LaunchError(
      'LAUNCH_CHECKOUT_READ_ONLY',
      `Packages must be installed, but ${root} cannot be written (${error.code}). Run "npm ci" as its owner.`,
    );
  }
  if (!lock.held)
    throw new LaunchError('LAUNCH_INSTALL_BUSY', `Another install (pid ${lock.holder.pid}) did not finish in time.`);
  try {
    if (stampMatches(root, hash)) return { installed: false, seconds: 0 };
    print('Installing packages (npm ci) ...');
    const started = performance.now();
    await runNpmCi(root);
    writeStamp(root, hash);
    const seconds = (performance.now() - started) / 1000;
    print(`Installed in ${seconds.toFixed(1)} s.`);
    return { installed: true, seconds };
  } finally {
    lock.release();
  }
}
