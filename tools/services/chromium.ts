/**
 * Debian's Chromium without a window, with one page from a server of ours on 127.0.0.1. It loads nothing else: the page's
 * policy allows its own script alone, and the browser may reach no other host.
 */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { type Browser, chromium, type Page } from 'playwright-core';
import { missingPrograms } from './debian-packages.ts';
import { freePort, type Service } from './service.ts';

export interface ChromiumOptions {
  /** The module that the page runs, served as `/page.js`. */
  readonly script: string;
}

const program = '/usr/bin/chromium';
const startTimeoutMs = 60_000;
const bodyBytesMax = 512 * 1024 * 1024;

const html = '<!doctype html><meta charset="utf-8"><title>test</title><script type="module" src="/page.js"></script>';
/** What a page of ours would have: its own scripts and its own server, no inline code, no eval, no WebAssembly. */
const policy = "default-src 'none'; script-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'none'";

interface Reply {
  readonly status: number;
  readonly type: string;
  readonly body: string | Uint8Array;
}

export class Chromium implements Service {
  readonly name = 'chromium';
  /** Bytes that the page fetches from `/data/NAME`, and those that it puts there. */
  readonly data = new Map<string, Uint8Array>();
  readonly #script: string;
  readonly #errors: string[] = [];
  #server: Server | undefined;
  #browser: Browser | undefined;
  #page: Page | undefined;
  #port = 0;

  constructor({ script }: ChromiumOptions) {
    this.#script = script;
  }

  missing(): string | undefined {
    return missingPrograms({ file: program, debianPackage: 'chromium' });
  }

  get page(): Page {
    if (this.#page === undefined) throw new Error('Chromium is not ready');
    return this.#page;
  }

  /** For example `Chromium 156.0.8078.108`. */
  get version(): string {
    return `Chromium ${this.#browser?.version() ?? 'not started'}`;
  }

  /** What the page complained about: refused scripts, exceptions. */
  get errors(): readonly string[] {
    return this.#errors;
  }

  /** Process ids of everything that runs pages: the page's own process, and one that waits for the next page. */
  async rendererPids(): Promise<readonly number[]> {
    const session = await this.#browser?.newBrowserCDPSession();
    if (session === undefined) throw new Error('Chromium was not started');
    const { processInfo } = await session.send('SystemInfo.getProcessInfo');
    await session.detach();
    return processInfo.filter(({ type }) => type === 'renderer').map(({ id }) => id);
  }

  async start(): Promise<void> {
    this.#port = await freePort();
    const server = createServer((request, response) => this.#answer(request, response));
    this.#server = server;
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject);
      server.listen(this.#port, '127.0.0.1', resolve);
    });
    // Chromium's sandbox needs user namespaces, which containers and root rarely have; the only page is our own.
    const args = [
      '--no-sandbox',
      '--disable-dev-shm-usage',
      '--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1',
    ];
    this.#browser = await chromium.launch({ executablePath: program, args, timeout: startTimeoutMs });
  }

  async ready(timeoutMs: number = startTimeoutMs): Promise<void> {
    // A page at a time, so that a call for a second one means a fresh process.
    await this.#page?.close();
    const page = await this.#browser?.newPage();
    if (page === undefined) throw new Error('Chromium was not started');
    page.on('pageerror', (error) => this.#errors.push(error.message));
    page.on('console', (message) => {
      if (message.type() === 'error') this.#errors.push(message.text());
    });
    await page.goto(`http://127.0.0.1:${this.#port}/`, { timeout: timeoutMs });
    this.#page = page;
  }

  async stop(): Promise<void> {
    await this.#browser?.close();
    this.#browser = undefined;
    const server = this.#server;
    this.#server = undefined;
    if (server === undefined) return;
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  }

  #answer(request: IncomingMessage, response: ServerResponse): void {
    const { pathname } = new URL(request.url ?? '/', 'http://127.0.0.1');
    const reply = this.#replyTo(pathname);
    const name = reply === undefined ? /^\/data\/([a-z0-9-]+)$/.exec(pathname)?.[1] : undefined;
    const send = ({ status, type, body }: Reply): void => {
      response.writeHead(status, {
        'content-type': type,
        'content-security-policy': policy,
        'x-content-type-options': 'nosniff',
      });
      response.end(body);
    };
    if (request.method === 'PUT' && name !== undefined) {
      this.#receive(name, request, () => send({ status: 204, type: 'text/plain', body: '' }));
      return;
    }
    const bytes = name === undefined ? undefined : this.data.get(name);
    const found: Reply | undefined = bytes && { status: 200, type: 'application/octet-stream', body: bytes };
    send(reply ?? found ?? { status: 404, type: 'text/plain', body: '' });
  }

  #replyTo(pathname: string): Reply | undefined {
    if (pathname === '/') return { status: 200, type: 'text/html; charset=utf-8', body: html };
    if (pathname === '/page.js') return { status: 200, type: 'text/javascript; charset=utf-8', body: this.#script };
    return pathname === '/favicon.ico' ? { status: 204, type: 'text/plain', body: '' } : undefined;
  }

  #receive(name: string, request: IncomingMessage, done: () => void): void {
    const chunks: Buffer[] = [];
    let length = 0;
    request.on('data', (chunk: Buffer) => {
      length += chunk.length;
      if (length > bodyBytesMax) request.destroy();
      else chunks.push(chunk);
    });
    request.on('end', () => {
      this.data.set(name, new Uint8Array(Buffer.concat(chunks)));
      done();
    });
  }
}
