// The one door to every command of this repository: `node tools/launcher/launch.mjs <command> [args]`.
// It runs on any Node 20 or newer with nothing installed: installs, finds the packaged Node 26, continues there.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { isConsoleFresh } from '../build/console-freshness.mjs';
import { checkFreshness } from '../build/freshness.mjs';
import { ensureInstalled } from './install.mjs';
import { continueOnNode, findNode, LaunchError } from './runtime.mjs';

const root = dirname(dirname(dirname(fileURLToPath(import.meta.url))));

const COMMANDS = {
  // Small semi-space: the launcher lives as long as the server and allocates next to nothing.
  start: { file: 'tools/launcher/start.ts', flags: ['--max-semi-space-size=1'] },
  test: { file: 'tools/test/run.ts' },
  check: { file: 'tools/check/run.ts' },
  format: { file: 'node_modules/@biomejs/biome/bin/biome', args: ['check', '--write'] },
  build: { file: 'tools/build/build.ts' },
  bench: { file: 'tools/bench/run.ts' },
  fuzz: { file: 'tools/fuzz/run.ts', flags: ['--conditions=source'] },
  timing: { file: 'tools/timing/run.ts', flags: ['--conditions=source'] },
  tour: { file: 'tools/tour/run.ts', flags: ['--conditions=source'] },
  compare: { file: 'tools/compare/run.ts' },
  // Node's Web Crypto calls ML-DSA experimental; the example's certificate needs it.
  'example:tls': { file: 'tools/examples/tls-server.ts', flags: ['--disable-warning=ExperimentalWarning'] },
};

/**
 * Fills the compile cache for the launcher in a process that ends. The launcher stays as long as the server; stripping
 * its own types would leave 35 MB of compiler in its memory. A checkout that cannot be written goes without.
 */
function warmCompileCache({ node, flags, file, env }) {
  const sources = readdirSync(join(root, 'tools', 'launcher'), { recursive: true })
    .map(String)
    .filter((name) => /(?<!\.test)\.(ts|mjs)$/.test(name))
    .sort();
  const hash = createHash('sha256').update(process.platform === 'win32' ? '' : String(process.getuid()));
  for (const name of sources) hash.update(readFileSync(join(root, 'tools', 'launcher', name)));
  const mark = join(env.NODE_COMPILE_CACHE, `launcher-${hash.digest('hex').slice(0, 16)}`);
  if (existsSync(mark)) return;
  try {
    mkdirSync(env.NODE_COMPILE_CACHE, { recursive: true });
    // Imported, not run as a program, start.ts does nothing.
    spawnSync(
      node,
      [...flags, '--input-type=module', '--eval', `await import(${JSON.stringify(pathToFileURL(file).href)})`],
      { env, stdio: 'ignore' },
    );
    writeFileSync(mark, '');
  } catch {
    // Only memory is lost.
  }
}

/** Compiles what changed. Here and not in start.ts: the memory that the check needs ends with this process. */
function buildWhenStale(node, env) {
  if (!existsSync(join(root, '.swcrc')) || checkFreshness(root).fresh) return;
  console.error('Compiling ...');
  const build = spawnSync(node, [join(root, 'tools', 'build', 'build.ts'), '--quiet'], { env, stdio: 'inherit' });
  if (build.status !== 0) throw new LaunchError('LAUNCH_BUILD_FAILED', 'The sources do not compile; see above.');
}

/** The same for the console's pages. */
function buildConsoleWhenStale(node, env) {
  if (!existsSync(join(root, 'apps', 'console')) || isConsoleFresh(root)) return;
  console.error('Building the console ...');
  const build = spawnSync(node, [join(root, 'tools', 'build', 'console.ts'), '--quiet'], { env, stdio: 'inherit' });
  if (build.status !== 0) throw new LaunchError('LAUNCH_BUILD_FAILED', 'The console does not build; see above.');
}

async function main([name, ...args]) {
  if (Number(process.versions.node.split('.')[0]) < 20) {
    throw new LaunchError('LAUNCH_NODE_TOO_OLD', `Node 20 or newer is needed to begin; this is ${process.version}.`);
  }
  const command = Object.hasOwn(COMMANDS, name ?? '') ? COMMANDS[name] : undefined;
  if (command === undefined) {
    throw new LaunchError(
      'LAUNCH_COMMAND_UNKNOWN',
      `Usage: node tools/launcher/launch.mjs ${Object.keys(COMMANDS).join('|')} [args]`,
    );
  }
  await ensureInstalled(root);
  const node = findNode(root);
  // Node keeps the stripped TypeScript there: half the start time and much less memory than stripping it every time.
  const env = { NODE_COMPILE_CACHE: join(root, '.cache', 'node'), ...process.env };
  const file = join(root, command.file);
  const flags = command.flags ?? [];
  if (name === 'start') {
    buildWhenStale(node, env);
    buildConsoleWhenStale(node, env);
    warmCompileCache({ node, flags, file, env });
  }
  await continueOnNode({ node, flags, file, args: [...(command.args ?? []), ...args], env });
}

try {
  await main(process.argv.slice(2));
} catch (error) {
  if (!(error instanceof LaunchError)) throw error;
  console.error(`quantumvault: ${error.message}`);
  process.exitCode = error.code === 'LAUNCH_COMMAND_UNKNOWN' ? 2 : 1;
}
