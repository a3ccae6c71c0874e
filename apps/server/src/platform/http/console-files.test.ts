import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import fastify from 'fastify';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { pagePolicy, readConsole } from './console-files.ts';
import { serveConsole } from './serve-console.ts';

const page = '<html><script>one()</script><script src="/_next/static/a.js"></script><script>two()</script></html>';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'qv-console-'));
  mkdirSync(path.join(folder, '_next/static'), { recursive: true });
  writeFileSync(path.join(folder, 'index.html'), page);
  writeFileSync(path.join(folder, 'sign-in.html'), page);
  writeFileSync(path.join(folder, '_next/static/a.js'), `// ${'x'.repeat(2000)}`);
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

async function ask(url: string, headers: Record<string, string> = {}, from = folder) {
  const app = fastify();
  serveConsole(app as unknown as Parameters<typeof serveConsole>[0], readConsole(from));
  const answer = await app.inject({ url, headers });
  await app.close();
  return answer;
}

describe('IFC-5: the console’s files', () => {
  it('IFC-5: a page’s policy names its own inline scripts by hash and allows nothing else inline', () => {
    const policy = pagePolicy(page);
    expect(policy.match(/'sha256-/g)).toHaveLength(2);
    expect(policy).toContain("default-src 'none'");
    expect(policy).toContain("require-trusted-types-for 'script'");
    expect(policy).toContain("frame-ancestors 'none'");
    expect(policy).not.toMatch(/unsafe|https?:|\*/);
  });

  it('IFC-5: pages answer to their path without an ending and are asked for anew; files named by content are kept', async () => {
    const pageAnswer = await ask('/sign-in?next=/jobs');
    expect(pageAnswer.statusCode).toBe(200);
    expect(pageAnswer.headers['cache-control']).toBe('no-cache');
    expect(pageAnswer.headers['content-security-policy']).toContain("script-src 'self' 'sha256-");
    const again = await ask('/', { 'if-none-match': String((await ask('/')).headers.etag) });
    expect([again.statusCode, again.body]).toEqual([304, '']);
    const script = await ask('/_next/static/a.js', { 'accept-encoding': 'gzip' });
    expect(script.headers['cache-control']).toContain('immutable');
    expect(script.headers['content-encoding']).toBe('gzip');
  });

  it('IFC-5: who typed an address that leads nowhere gets a page that says so, and programs a problem document', async () => {
    writeFileSync(path.join(folder, '404.html'), page);
    const accept = 'text/html,application/xhtml+xml';
    const typed = await ask('/nowhere', { accept });
    expect([typed.statusCode, typed.body]).toEqual([404, page]);
    expect(typed.headers['content-security-policy']).toContain("script-src 'self' 'sha256-");
    for (const answer of [await ask('/nowhere'), await ask('/api/nowhere', { accept })]) {
      expect(answer.statusCode).toBe(404);
      expect(answer.body).not.toBe(page);
    }
  });

  it('IFC-5, attack 18: nothing outside the folder answers, however it is written', async () => {
    for (const url of ['/../index.ts', '/%2e%2e/%2e%2e/etc/passwd', '/sign-in/../../x', '/..%5cx', '/nothing'])
      expect((await ask(url)).statusCode).not.toBe(200);
  });

  it('IFC-5: HEAD says of a page what GET says, without the page', async () => {
    const app = fastify();
    serveConsole(app as unknown as Parameters<typeof serveConsole>[0], readConsole(folder));
    const answer = await app.inject({ method: 'HEAD', url: '/sign-in' });
    const missing = await app.inject({ method: 'HEAD', url: '/nothing' });
    await app.close();
    expect([answer.statusCode, answer.body, answer.headers['content-length']]).toEqual([200, '', String(page.length)]);
    expect(missing.statusCode).toBe(404);
  });

  it('without a console a browser is led to the description of the interface', async () => {
    const answer = await ask('/', {}, path.join(folder, 'none'));
    expect([answer.statusCode, answer.headers.location]).toEqual([302, '/api/docs']);
  });
});
