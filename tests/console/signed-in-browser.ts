import { type Browser, chromium, type Page } from 'playwright-core';
import { buildConsole } from '../../tools/build/console.ts';
import { missingPrograms } from '../../tools/services/debian-packages.ts';
import { startTestServer, type TestServer } from '../harness/server.ts';

/*
 * The built console in Chromium against the real server. The name is localhost, which browsers take for a secure origin
 * without TLS, so that the session's cookies are kept.
 */

const program = '/usr/bin/chromium';
export const chromiumMissing = missingPrograms({ file: program, debianPackage: 'chromium' });

export interface ConsoleBench {
  readonly server: TestServer;
  readonly origin: string;
  /** A browser of its own: other cookies, other storage. */
  signedInPage(who?: { readonly email: string; readonly password: string }): Promise<Page>;
  close(): Promise<void>;
}

export async function openConsoleBench(environment: Readonly<Record<string, string>> = {}): Promise<ConsoleBench> {
  await buildConsole(new URL('../..', import.meta.url).pathname);
  const server = await startTestServer({ QV_HOST: 'localhost', ...environment });
  const args = ['--no-sandbox', '--disable-dev-shm-usage', '--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE localhost'];
  const browser: Browser = await chromium.launch({ executablePath: program, args, timeout: 60_000 });
  const origin = `http://localhost:${new URL(server.url).port}`;
  return {
    server,
    origin,
    signedInPage: async (who = server.signIn) => {
      const context = await browser.newContext({ viewport: { width: 1280, height: 900 } });
      const page = await context.newPage();
      await page.goto(`${origin}/sign-in`);
      await page.getByLabel('Email').fill(who.email);
      await page.getByLabel('Password').fill(who.password);
      await page.getByRole('button', { name: 'Sign in', exact: true }).click();
      await page.waitForURL((url) => url.pathname === '/');
      return page;
    },
    close: async () => {
      await browser.close();
      await server.stop();
    },
  };
}
