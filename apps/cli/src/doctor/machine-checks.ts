import { existsSync, readFileSync, statfsSync } from 'node:fs';
import { basename, dirname } from 'node:path';
import { createSecureContext } from 'node:tls';
import { runSelfTests } from '@quantumvault/crypto';
import { formatBytes } from '../terminal/format.ts';
import { type Check, fail, ok, warn } from './check.ts';

const nodeMajorMin = 26;
const hybridGroup = 'X25519MLKEM768';

/** Node's version, and whether its OpenSSL really does what this product stands on. */
export async function checkRuntime(version: string): Promise<Check[]> {
  const isRecent = Number(version.split('.')[0]) >= nodeMajorMin;
  const node = isRecent
    ? ok('node', `version ${version}`)
    : fail(
        'node',
        `version ${version} is too old`,
        `Run qv through npx, which uses the packaged Node ${nodeMajorMin}.`,
      );
  const report = await runSelfTests();
  const failed = report.tests.filter((test) => !test.ok).map(({ algorithm }) => algorithm);
  const tests =
    failed.length === 0
      ? ok('algorithms', `${report.tests.length} known-answer tests passed, ML-KEM and ML-DSA among them`)
      : fail(
          'algorithms',
          `${failed.join(', ')} failed`,
          'Do not use this Node; install the packaged one with npm ci.',
        );
  return [node, tests, checkTlsGroup()];
}

function checkTlsGroup(): Check {
  try {
    createSecureContext({ ecdhCurve: hybridGroup });
    return ok('post-quantum TLS', `${hybridGroup} is available`);
  } catch {
    const remedy = 'Use the packaged Node (npm ci); servers of this Node cannot offer post-quantum key exchange.';
    return fail('post-quantum TLS', `${hybridGroup} is not available`, remedy);
  }
}

/** Swap without encryption may keep key material on disk after it was erased from memory. */
export function checkSwap(swaps = '/proc/swaps', blockFolder = '/sys/class/block'): Check {
  const name = 'swap';
  if (!existsSync(swaps)) return ok(name, 'not looked at on this system');
  const devices = readFileSync(swaps, 'utf8')
    .split('\n')
    .slice(1)
    .map((line) => line.split(/\s+/)[0] ?? '')
    .filter((device) => device !== '');
  const open = devices.filter((device) => !isProtected(device, blockFolder));
  if (devices.length === 0) return ok(name, 'none');
  if (open.length === 0) return ok(name, 'in memory or encrypted');
  const remedy = 'Keys in memory may be written to it: encrypt swap (dm-crypt) or turn it off (swapoff -a).';
  return warn(name, `${open.join(', ')} is not known to be encrypted`, remedy);
}

function isProtected(device: string, blockFolder: string): boolean {
  const block = basename(device);
  // zram compresses in memory and touches no disk.
  if (/^zram\d+$/.test(block)) return true;
  const uuid = `${blockFolder}/${block}/dm/uuid`;
  return existsSync(uuid) && readFileSync(uuid, 'utf8').startsWith('CRYPT-');
}

/** Where the kernel tells of processes; a test has a folder of its own. */
export interface ProcessFiles {
  readonly limits: string;
  readonly commandLine: string;
  readonly corePattern: string;
}

const filesOf = (pid: number): ProcessFiles => ({
  limits: `/proc/${pid}/limits`,
  commandLine: `/proc/${pid}/cmdline`,
  corePattern: '/proc/sys/kernel/core_pattern',
});

function readOr(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return undefined;
  }
}

/** CRY-8: whether a crash of the server, or a signal to it, would let its memory out. Empty while it does not run here. */
export function checkServerMemory(pid: number | undefined, files?: ProcessFiles): Check[] {
  if (pid === undefined) return [];
  const { limits, commandLine, corePattern } = files ?? filesOf(pid);
  const cores = 'core dumps';
  const limit = /^Max core file size\s+(\S+)/m.exec(readOr(limits) ?? '')?.[1];
  const flags = readOr(commandLine)?.split('\0');
  const checks: Check[] = [];
  if (limit === undefined) checks.push(ok(cores, 'not looked at on this system'));
  else if (limit !== '0') {
    const remedy = 'Start the server with npm start, or under "ulimit -c 0" (systemd: LimitCORE=0).';
    checks.push(warn(cores, `a crash of the server would write its memory to disk (limit ${limit})`, remedy));
  } else if (readOr(corePattern)?.startsWith('|') === true) {
    // The kernel hands the whole image to the collector whatever the limit is, and trusts it to look at the limit.
    const remedy =
      'Have the collector keep nothing (systemd-coredump: Storage=none), or set kernel.core_pattern to a file.';
    checks.push(warn(cores, 'off, but the kernel pipes crashes to a collector, which may keep them', remedy));
  } else checks.push(ok(cores, 'off for the server'));
  if (flags !== undefined) {
    const debuggerCheck = 'debugger';
    const isOff = flags.includes('--disable-sigusr1');
    const remedy = 'Start the server with npm start, or give Node --disable-sigusr1.';
    checks.push(
      isOff
        ? ok(debuggerCheck, 'no signal opens one on the server')
        : warn(debuggerCheck, 'SIGUSR1 opens one on the server', remedy),
    );
  }
  return checks;
}

const diskBytesFail = 100 * 2 ** 20;
const diskBytesWarn = 2 ** 30;

/** Room for the database, the audit log and its tiles. */
export function checkDisk(folder: string): Check {
  const name = 'free disk';
  let place = folder;
  while (!existsSync(place) && dirname(place) !== place) place = dirname(place);
  const { bavail, bsize } = statfsSync(place);
  return judgeDisk(name, bavail * bsize);
}

export function judgeDisk(name: string, free: number): Check {
  const remedy = 'Make room: a full disk stops the audit log, and with it every change.';
  const message = `${formatBytes(free)} free`;
  if (free < diskBytesFail) return fail(name, message, remedy);
  return free < diskBytesWarn ? warn(name, message, remedy) : ok(name, message);
}
