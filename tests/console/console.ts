import { type Browser, type BrowserContext, chromium, type Page } from 'playwright-core';
import { watchRequests } from '../../tools/browser/settled-page.ts';
import { buildConsole } from '../../tools/build/console.ts';
import { missingPrograms } from '../../tools/services/debian-packages.ts';
import { startTestServer, type TestServer } from '../harness/server.ts';

/*
 * The built console in Debian's Chromium against the real server. Whatever the browser complains of is a fault: a report of
 * the content policy, an exception, an error in the console, a request to anybody else. The name is localhost: Chromium
 * keeps the session's cookies there and at 127.0.0.1, but binds passkeys to a name alone.
 */

const program = '/usr/bin/chromium';
/** Why there is no browser here; undefined: there is one. */
export const chromiumMissing = missingPrograms({ file: program, debianPackage: 'chromium' });

export interface Person {
  readonly email: string;
  readonly password: string;
}

export interface ConsolePage {
  readonly page: Page;
  readonly context: BrowserContext;
  /** What the browser complained of since the page was made. */
  readonly faults: readonly string[];
  /** Signs in with email and password and waits for the first page behind it. */
  signIn(who?: Person): Promise<void>;
  /** Waits until the page asks for nothing any more, its streams aside. */
  settled(): Promise<void>;
  /** A page of the console, once its heading is there. */
  visit(path: string): Promise<void>;
}

export interface ConsoleWorld {
  readonly server: TestServer;
  readonly browser: Browser;
  readonly origin: string;
  /** A browser of its own: no cookies and no storage of another one. */
  open(options?: Parameters<Browser['newContext']>[0]): Promise<ConsolePage>;
  /** Throws when a browser has complained of something in any page: so every test of the console is one of its faults too. */
  close(): Promise<void>;
}

export interface ConsoleWorldOptions {
  readonly environment?: Readonly<Record<string, string>>;
  /** Switches that Playwright gives to Chromium by itself and that this test does not want. */
  readonly withoutSwitches?: string[];
}

export async function startConsole(options: ConsoleWorldOptions = {}): Promise<ConsoleWorld> {
  await buildConsole(new URL('../..', import.meta.url).pathname);
  const server = await startTestServer({ QV_HOST: 'localhost', ...options.environment });
  // Chromium's sandbox needs user namespaces, which containers and root rarely have; the only pages are our own.
  const args = ['--no-sandbox', '--disable-dev-shm-usage', '--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE localhost'];
  const browser = await chromium.launch({
    executablePath: program,
    args,
    timeout: 60_000,
    ...(options.withoutSwitches === undefined ? {} : { ignoreDefaultArgs: options.withoutSwitches }),
  });
  const origin = `http://localhost:${new URL(server.url).port}`;
  const pages: ConsolePage[] = [];
  return {
    server,
    browser,
    origin,
    open: async (contextOptions = {}) => {
      const context = await browser.newContext({ viewport: { width: 1280, height: 900 }, ...contextOptions });
      const page = await context.newPage();
      const opened = await consolePage({ page, context, origin, admin: server.signIn });
      pages.push(opened);
      return opened;
    },
    close: async () => {
      await browser.close();
      await server.stop();
      const faults = pages.flatMap((page) => page.faults);
      if (faults.length > 0) throw new Error(`the browser complained:\n${[...new Set(faults)].join('\n')}`);
    },
  };
}

interface Parts {
  readonly page: Page;
  readonly context: BrowserContext;
  readonly origin: string;
  readonly admin: Person;
}

async function consolePage({ page, context, origin, admin }: Parts): Promise<ConsolePage> {
  const faults: string[] = [];
  const settled = watchRequests(page);
  page.on('pageerror', (error) => faults.push(`exception: ${error.message}`));
  page.on('request', (request) => {
    const url = new URL(request.url());
    if (url.origin !== origin && url.protocol !== 'data:') faults.push(`request to another host: ${url.href}`);
  });
  page.on('response', (response) => {
    // A refusal may be what a test is about; that something of the console is missing, or that the server failed, never is.
    const { pathname } = new URL(response.url());
    const isApi = pathname.startsWith('/api/') || pathname === '/graphql';
    if (response.status() >= (isApi ? 500 : 400)) faults.push(`${response.status()} ${response.url()}`);
  });
  page.on('console', (message) => {
    const isAnswer = message.text().startsWith('Failed to load resource');
    // How long a busy machine took from a style sheet to the page that wants it is no fault of the page.
    const isSlow = message.text().includes('was preloaded using link preload but not used within a few seconds');
    if ((message.type() === 'error' || message.type() === 'warning') && !isAnswer && !isSlow) {
      faults.push(`${message.type()}: ${message.text()}`);
    }
  });
  await page.addInitScript(`
    addEventListener('securitypolicyviolation', ({ violatedDirective, blockedURI, sample }) =>
      console.error('content policy', violatedDirective, blockedURI, sample));
  `);
  return {
    page,
    context,
    faults,
    settled,
    signIn: async (who = admin) => {
      await page.goto(`${origin}/sign-in`);
      await page.getByLabel('Email').fill(who.email);
      await page.getByLabel('Password', { exact: true }).fill(who.password);
      await page.getByRole('button', { name: 'Sign in', exact: true }).click();
      await page.waitForURL((url) => url.pathname === '/');
      await page.getByRole('heading', { level: 1 }).waitFor();
    },
    visit: async (path) => {
      await page.goto(`${origin}${path}`);
      await page.getByRole('heading', { level: 1 }).waitFor();
    },
  };
}
