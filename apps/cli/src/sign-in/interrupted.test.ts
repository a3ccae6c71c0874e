import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import type { StoredSession } from './credential.ts';
import { CredentialStore } from './credential-store.ts';

// The program as a process of its own, stopped where a token was used up and the next one is not kept yet.

const tokenOf = (letter: string): string => `qvr_${letter.repeat(43)}`;
const session = (letter: string, expiresAt: string): StoredSession => ({
  kind: 'session',
  sessionId: '01920000-0000-7000-8000-000000000060',
  subjectId: '01920000-0000-7000-8000-000000000071',
  organizationId: '01920000-0000-7000-8000-000000000001',
  accessToken: `a.${letter}.c`,
  refreshToken: tokenOf(letter),
  expiresAt,
  sessionEndsAt: '2100-01-01T00:00:00.000Z',
});

it.each([
  ['SIGINT', 130],
  ['SIGTERM', 143],
] as const)(
  'ACC-4: %s while a session is renewed waits for the next tokens and keeps them',
  async (signal, exitCode) => {
    const home = mkdtempSync(join(tmpdir(), 'qv-interrupted-'));
    let interrupt: () => void = () => {};
    const asked: string[] = [];
    const server = createServer((request, response) => {
      asked.push(request.url ?? '');
      interrupt();
      // Long enough for the signal to arrive, which comes first.
      setTimeout(() => {
        const { kind: _, ...renewed } = session('N', '2100-01-01T00:00:00.000Z');
        const answer = {
          status: 'signed-in',
          transport: 'token',
          csrfToken: null,
          mustChangePassword: false,
          ...renewed,
        };
        response.setHeader('content-type', 'application/json').end(JSON.stringify(answer));
      }, 300);
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const address = server.address();
    const origin = `http://127.0.0.1:${typeof address === 'object' && address !== null ? address.port : 0}`;
    const store = new CredentialStore({ folder: home, get: (name) => (name === 'HOME' ? home : undefined) });
    store.write(origin, session('O', '2020-01-01T00:00:00.000Z'));
    try {
      const { PATH = '' } = process.env;
      const main = join(import.meta.dirname, '../main.ts');
      const child = spawn(process.execPath, ['--conditions=source', main, 'whoami'], {
        cwd: home,
        env: { PATH, HOME: home, QV_URL: origin, QV_DATA_DIR: join(home, 'none') },
        stdio: 'ignore',
      });
      interrupt = () => child.kill(signal);
      const code = await new Promise((resolve) => child.once('close', resolve));
      expect([code, asked]).toEqual([exitCode, ['/api/auth/refresh']]);
      expect(store.read(origin)).toMatchObject({ refreshToken: tokenOf('N') });
    } finally {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
      rmSync(home, { recursive: true, force: true });
    }
  },
);
