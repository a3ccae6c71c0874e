import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect, it } from 'vitest';

it.skipIf(process.platform === 'win32')(
  'on a Node that cannot replace itself, the end of npm ends what it started',
  async () => {
    const folder = mkdtempSync(path.join(tmpdir(), 'qv-runtime-'));
    try {
      const runtime = path.join(import.meta.dirname, 'runtime.mjs');
      const work = path.join(folder, 'work.mjs');
      writeFileSync(
        work,
        "process.on('SIGTERM', () => { console.log('asked to stop'); process.exit(0); }); console.log('works'); setInterval(() => {}, 1000);",
      );
      const launch = path.join(folder, 'launch.mjs');
      writeFileSync(
        launch,
        `delete process.execve; import(${JSON.stringify(runtime)}).then(({ continueOnNode }) =>
        continueOnNode({ node: process.execPath, file: ${JSON.stringify(work)}, args: [] }));`,
      );
      // As npm does it: a process that starts ours, and does not tell it that it ends. Output stays open while ours lives.
      const npm = spawn(
        process.execPath,
        [
          '-e',
          "require('node:child_process').spawn(process.execPath, [process.argv[1]], { stdio: 'inherit' })",
          launch,
        ],
        {
          env: { ...process.env, npm_lifecycle_event: 'start' },
        },
      );
      let out = '';
      npm.stdout.setEncoding('utf8').on('data', (text: string) => {
        out += text;
        if (out.includes('works')) npm.kill('SIGKILL');
      });
      await once(npm, 'close', { signal: AbortSignal.timeout(30_000) });
      expect(out).toContain('asked to stop');
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  },
  60_000,
);
