import type { PasskeyCreation, PasskeyRequest, SignedIn, SignInAnswer } from '@quantumvault/api';
import { type Browser, chromium, type Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { missingPrograms } from '../../tools/services/debian-packages.ts';
import { startTestServer, type TestServer } from '../harness/server.ts';

// ACC-2: both ceremonies as a browser does them, with Chromium's own virtual authenticator, against the real server.

const program = '/usr/bin/chromium';
const reason = missingPrograms({ file: program, debianPackage: 'chromium' });
let server: TestServer;
let browser: Browser;
let page: Page;

beforeAll(async () => {
  if (reason !== undefined) return;
  server = await startTestServer({ QV_HOST: 'localhost' });
  const args = ['--no-sandbox', '--disable-dev-shm-usage', '--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE localhost'];
  browser = await chromium.launch({ executablePath: program, args, timeout: 60_000 });
  page = await browser.newPage();
  // A blank page of the server's origin: what runs in it is same-origin, with the server's real routes.
  await page.route('**/blank', (route) => route.fulfill({ contentType: 'text/html', body: '<!doctype html>' }));
  await page.goto(`${new URL(server.url).protocol}//localhost:${new URL(server.url).port}/blank`);
  const devtools = await page.context().newCDPSession(page);
  await devtools.send('WebAuthn.enable');
  await devtools.send('WebAuthn.addVirtualAuthenticator', {
    options: {
      protocol: 'ctap2',
      transport: 'internal',
      hasResidentKey: true,
      hasUserVerification: true,
      isUserVerified: true,
      automaticPresenceSimulation: true,
    },
  });
}, 120_000);
afterAll(async () => {
  await browser?.close();
  await server?.stop();
});

/** What a page has and this program has not. */
interface PageGlobals {
  readonly document: { readonly cookie: string };
  readonly navigator: {
    readonly credentials: Record<'create' | 'get', (options: object) => Promise<{ toJSON(): unknown }>>;
  };
  readonly PublicKeyCredential: Record<
    'parseCreationOptionsFromJSON' | 'parseRequestOptionsFromJSON',
    (from: object) => object
  >;
}

/** A request of the page itself: with its cookies, its origin and the session's token against forgery. */
const call = <T>(path: string, body?: unknown): Promise<T> =>
  page.evaluate(
    async ([target, given]) => {
      const { document } = globalThis as unknown as PageGlobals;
      const csrf = /(?:^|; )[^=]*csrf[^=]*=([^;]+)/i.exec(document.cookie)?.[1];
      const response = await fetch(target, {
        method: 'POST',
        headers: {
          ...(given === undefined ? {} : { 'content-type': 'application/json' }),
          ...(csrf === undefined ? {} : { 'x-csrf-token': csrf }),
        },
        ...(given === undefined ? {} : { body: JSON.stringify(given) }),
      });
      if (!response.ok) throw new Error(`${response.status} ${await response.text()}`);
      return (response.status === 204 ? null : await response.json()) as never;
    },
    [path, body] as const,
  );

const create = (options: PasskeyCreation['options']) =>
  page.evaluate(async (given) => {
    const { navigator, PublicKeyCredential } = globalThis as unknown as PageGlobals;
    const publicKey = PublicKeyCredential.parseCreationOptionsFromJSON(given);
    const credential = await navigator.credentials.create({ publicKey });
    return JSON.parse(JSON.stringify(credential.toJSON())) as unknown;
  }, options);

const get = (options: PasskeyRequest['options']) =>
  page.evaluate(async (given) => {
    const { navigator, PublicKeyCredential } = globalThis as unknown as PageGlobals;
    const publicKey = PublicKeyCredential.parseRequestOptionsFromJSON(given);
    const credential = await navigator.credentials.get({ publicKey });
    return JSON.parse(JSON.stringify(credential.toJSON())) as unknown;
  }, options);

describe('passkeys in Chromium', () => {
  it('ACC-2: register, sign in alone, as the second step, and step up', async (ctx) => {
    if (reason !== undefined) return ctx.skip(reason);
    console.log(`[passkeys] Chromium ${browser.version()} with its virtual authenticator`);
    const { email, password } = server.signIn;
    const first = await call<SignInAnswer>('/api/auth/sign-in', { email, password });
    expect(first).toMatchObject({ status: 'signed-in', transport: 'cookie' });

    const creation = await call<PasskeyCreation>('/api/me/second-factors/passkeys/options');
    const credential = await create(creation.options);
    const made = await call<{ recoveryCodes: string[]; name: string }>('/api/me/second-factors/passkeys', {
      challengeId: creation.challengeId,
      name: 'Chromium',
      credential,
    });
    expect(made.recoveryCodes).toHaveLength(10);

    await call('/api/auth/sign-out');
    const alone = await call<PasskeyRequest>('/api/auth/passkey/options');
    expect(alone.options.allowCredentials).toEqual([]);
    const assertion = await get(alone.options);
    const opened = await call<SignedIn>('/api/auth/passkey', { challengeId: alone.challengeId, credential: assertion });
    expect(opened).toMatchObject({ status: 'signed-in', transport: 'cookie', accessToken: null });

    const step = await call<PasskeyRequest>('/api/auth/step-up/passkey');
    const raised = await call<{ mfaAt: string }>('/api/auth/step-up', {
      method: 'passkey',
      challengeId: step.challengeId,
      credential: await get(step.options),
    });
    expect(raised.mfaAt).not.toBeNull();

    await call('/api/auth/sign-out');
    const second = await call<SignInAnswer>('/api/auth/sign-in', { email, password });
    if (second.status !== 'second-factor') throw new Error(second.status);
    expect(second.methods).toEqual(['passkey', 'recovery-code']);
    const { ticket } = second;
    const ceremony = await call<PasskeyRequest>('/api/auth/second-factor/passkey', { ticket });
    const shown = { challengeId: ceremony.challengeId, credential: await get(ceremony.options) };
    const complete = await call<SignedIn>('/api/auth/second-factor', { ticket, method: 'passkey', ...shown });
    expect(complete.status).toBe('signed-in');
  }, 120_000);
});
