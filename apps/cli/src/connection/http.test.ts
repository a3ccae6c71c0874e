import { createServer, type Server } from 'node:https';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { TestAuthority } from '../../../../tests/harness/tls-authority.ts';
import { httpClient } from './http.ts';

let authority: TestAuthority;
let server: Server;

/** Answers `/STATUS` with that status, and `/cut` with less than it promised. */
beforeAll(async () => {
  authority = await TestAuthority.create();
  server = createServer(await authority.issue('server', 'CN=vault'), ({ url = '' }, answer) => {
    if (url === '/cut') {
      answer.writeHead(200, { 'content-length': '100' });
      answer.write('half', () => answer.destroy());
    } else {
      answer.writeHead(Number(url.slice(1)), { location: '/200' }).end();
    }
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
});

afterAll(async () => {
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
  authority.remove();
});

function get(path: string): Promise<Response> {
  const settings: Readonly<Record<string, string>> = { QV_CA: authority.root };
  const address = server.address();
  const port = typeof address === 'object' ? address?.port : undefined;
  const http = httpClient({ folder: authority.folder, get: (name) => settings[name] });
  return http(`https://127.0.0.1:${port}/${path}`, { method: 'GET', headers: {} });
}

it.each([204, 205])('an answer of status %d has no body', async (status) => {
  const answer = await get(String(status));
  expect([answer.status, await answer.text()]).toEqual([status, '']);
});

it.each([300, 302, 304, 600, 799, 999])('status %d is refused', async (status) => {
  await expect(get(String(status))).rejects.toThrow(TypeError);
});

it('an answer that breaks off is an error for whoever reads it', async () => {
  const answer = await get('cut');
  expect(answer.status).toBe(200);
  await expect(answer.text()).rejects.toThrow();
});
