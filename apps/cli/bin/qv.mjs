#!/usr/bin/env node
// The `qv` command. Runs on any Node 20 or newer: continues on the packaged Node 26, and compiles first when sources
// changed. On Node 26 (which `npx` finds first, in node_modules/.bin) the command runs in this very process.
import { spawnSync } from 'node:child_process';
import { existsSync, realpathSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { checkFreshness } from '../../../tools/build/freshness.mjs';
import { continueOnNode, findNode, isNodeRecentEnough, LaunchError } from '../../../tools/launcher/runtime.mjs';

const EXIT_INTERNAL = 5;
const self = realpathSync(fileURLToPath(import.meta.url));
const root = dirname(dirname(dirname(dirname(self))));
const entry = join(root, 'apps', 'cli', 'dist', 'main.js');

function buildWhenStale() {
  // An image may ship without sources or compiler; what it has is what it runs.
  if (!existsSync(join(root, '.swcrc')) || checkFreshness(root).fresh) return;
  const built = spawnSync(process.execPath, [join(root, 'tools', 'build', 'build.ts'), '--quiet'], {
    // Standard output belongs to the command: whatever the build says goes to standard error.
    stdio: ['ignore', 2, 2],
  });
  if (built.status !== 0) throw new LaunchError('LAUNCH_BUILD_FAILED', 'qv could not be compiled; see above.');
}

async function main() {
  if (!isNodeRecentEnough()) {
    const env = { NODE_COMPILE_CACHE: join(root, '.cache', 'node'), ...process.env };
    await continueOnNode({ node: findNode(root), file: self, args: process.argv.slice(2), env });
  }
  buildWhenStale();
  // The command must see itself as the program that was called.
  process.argv[1] = entry;
  const { enableCompileCache } = await import('node:module');
  enableCompileCache(join(root, '.cache', 'node'));
  await import(pathToFileURL(entry).href);
}

try {
  await main();
} catch (error) {
  if (!(error instanceof LaunchError)) throw error;
  console.error(`qv: ${error.message}`);
  process.exitCode = EXIT_INTERNAL;
}
