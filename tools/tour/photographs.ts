/** Pictures of the console over what the tour has made, in Debian's Chromium: those that the README shows. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { chromium, type Page } from 'playwright-core';
import { watchRequests } from '../browser/settled-page.ts';
import { readRunFile } from '../launcher/run-file.ts';
import { missingPrograms } from '../services/debian-packages.ts';
import { type Stage, TourError } from './stage.ts';

const program = '/usr/bin/chromium';
const size = { width: 1280, height: 800 };

/** Writes `home.png`, `asset.png` and `proof.png` into `folder`. Throws `TourError` where there is no browser. */
export async function takePhotographs(stage: Stage, folder: string): Promise<void> {
  const missing = missingPrograms({ file: program, debianPackage: 'chromium' });
  if (missing !== undefined) throw new TourError(`No pictures of the console: ${missing}`);
  const origin = readRunFile(stage.dataDir)?.url;
  if (origin == null) throw new TourError('No pictures of the console: nothing serves it.');
  // Chromium's sandbox needs user namespaces, which containers and root rarely have; the only pages are our own.
  const args = ['--no-sandbox', '--disable-dev-shm-usage', '--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1'];
  const browser = await chromium.launch({ executablePath: program, args, timeout: 60_000 });
  try {
    const page = await browser.newPage({ viewport: size });
    const settled = watchRequests(page);
    const keep = async (name: string) => {
      await page.evaluate('scrollTo(0, 0)');
      await page.screenshot({ path: join(folder, `${name}.png`) });
    };
    await signIn(page, origin, stage.dataDir);
    const worst = page.getByRole('region', { name: 'At most risk' }).getByRole('link').first();
    await worst.waitFor();
    await settled();
    await keep('home');
    await worst.click();
    await page.getByRole('link', { name: 'Every event of this asset' }).waitFor();
    await settled();
    await keep('asset');
    await page.getByRole('link', { name: 'Every event of this asset' }).click();
    await page.getByRole('button', { name: 'Verify all of these in this browser' }).click();
    await page.getByText(/^(\d+) of \1 events are proven/).waitFor();
    await keep('proof');
  } finally {
    await browser.close();
  }
}

async function signIn(page: Page, origin: string, dataDir: string): Promise<void> {
  const { email, password } = JSON.parse(readFileSync(join(dataDir, 'bootstrap-admin.json'), 'utf8'));
  await page.goto(`${origin}/sign-in`);
  await page.getByLabel('Email').fill(email);
  await page.getByLabel('Password', { exact: true }).fill(password);
  await page.getByRole('button', { name: 'Sign in', exact: true }).click();
  await page.getByRole('heading', { level: 1, name: 'Home' }).waitFor();
}
