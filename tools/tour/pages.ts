/**
 * `npm run tour -- --pages DIR`: photographs of every page of the console in every state, at three widths, light and dark,
 * for those who change its looks. axe looks at each, too.
 */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { chromium } from 'playwright-core';
import { fillOrganization } from '../../tests/console/every-page/full-organization.ts';
import { walkEveryPage } from '../../tests/console/every-page/walk.ts';
import { Installation } from '../../tests/harness/installation.ts';
import { missingPrograms } from '../services/debian-packages.ts';
import { TourError } from './stage.ts';

const program = '/usr/bin/chromium';
const widths = [1280, 390, 1920];

/** Writes `NAME-WIDTH-THEME.png`; throws `TourError` where there is no browser, or a page has a fault. */
export async function photographPages(folder: string, only: string | undefined): Promise<void> {
  const missing = missingPrograms({ file: program, debianPackage: 'chromium' });
  if (missing !== undefined) throw new TourError(`No pictures of the console: ${missing}`);
  mkdirSync(folder, { recursive: true });
  const installation = await Installation.prepare({
    QV_LOG_LEVEL: 'error',
    QV_SCAN_ALLOW: '127.0.0.0/8',
    QV_RATE_LIMIT_PER_MINUTE: '1000000',
    QV_RATE_LIMIT_SIGN_IN_PER_MINUTE: '1000000',
    QV_RATE_LIMIT_COSTLY_PER_MINUTE: '1000000',
  });
  try {
    await installation.start();
    const world = await fillOrganization(installation);
    try {
      const args = [
        '--no-sandbox',
        '--disable-dev-shm-usage',
        '--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1',
      ];
      const browser = await chromium.launch({ executablePath: program, args, timeout: 60_000 });
      try {
        const { scenes, looks, faults } = await walkEveryPage({
          browser,
          origin: installation.url,
          world,
          widths,
          only: only === undefined ? undefined : new RegExp(only),
          onLook: async ({ scene, width, theme, page }) => {
            await page.evaluate('scrollTo(0, 0)');
            // A dialog covers the window, not the length of the page behind it.
            const fullPage = (await page.locator('dialog[open]').count()) === 0;
            await page.screenshot({ path: join(folder, `${scene.name}-${width}-${theme}.png`), fullPage });
          },
        });
        process.stdout.write(`${scenes} pages, ${looks} photographs in ${folder}, ${faults.length} faults\n`);
        if (faults.length > 0) throw new TourError(faults.join('\n'));
      } finally {
        await browser.close();
      }
    } finally {
      await world.close();
    }
  } finally {
    await installation.remove();
  }
}
