import { spawn } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { expect, it } from 'vitest';
import { freePort } from '../../tests/harness/free-port.ts';

const root = path.resolve(import.meta.dirname, '../..');

it.skipIf(process.platform === 'win32')('the example ends when the npm that started it is ended', async () => {
  const port = await freePort();
  // npm ends at the signal and passes none on; the server holds standard output open for as long as it lives.
  const npm = spawn('npm', ['run', 'example:tls', '--', '--port', `${port}`], { cwd: root });
  let out = '';
  npm.stdout.setEncoding('utf8').on('data', (text: string) => {
    out += text;
    if (out.includes('TLS server')) npm.kill('SIGTERM');
  });
  await once(npm, 'close', { signal: AbortSignal.timeout(50_000) });
  expect(out).toContain(`localhost:${port}`);
});
