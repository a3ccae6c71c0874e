import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { buildConsole } from '../../tools/build/console.ts';

// IFC-5: what a browser loads before a page works, measured in the files as they are served.

const root = new URL('../..', import.meta.url).pathname;
const dist = path.join(root, 'apps/console/dist');
const kib = 1024;

function scriptBytes(page: string): number {
  const html = readFileSync(path.join(dist, page), 'utf8');
  const sources = new Set(
    [...html.matchAll(/<script[^>]*\ssrc="([^"]+)"([^>]*)>/g)].flatMap(
      // Browsers of this decade do not load what is marked for those before modules.
      ([whole, source = '']) => (/\snomodule/i.test(whole) ? [] : [source]),
    ),
  );
  const inline = [...html.matchAll(/<script(?![^>]*\ssrc=)[^>]*>([\s\S]*?)<\/script>/g)].map(([, text = '']) => text);
  const files = [...sources].map((source) => gzipSync(readFileSync(path.join(dist, source)), { level: 9 }).length);
  return files.reduce((sum, bytes) => sum + bytes, gzipSync(inline.join('')).length);
}

describe('the first load', () => {
  it('IFC-5: script under 200 KiB (gzip) for the sign-in and under 400 KiB for any page', async () => {
    await buildConsole(root);
    const pages = readdirSync(dist, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.html'));
    const sizes = new Map(pages.map((page) => [page, scriptBytes(page)]));
    for (const [page, bytes] of sizes) console.log(`[first load] ${page}: ${(bytes / kib).toFixed(1)} KiB`);
    expect(sizes.get('sign-in.html')).toBeGreaterThan(50 * kib);
    expect(sizes.get('sign-in.html')).toBeLessThan(200 * kib);
    for (const [page, bytes] of sizes) expect(bytes, page).toBeLessThan(400 * kib);
  }, 240_000);
});
