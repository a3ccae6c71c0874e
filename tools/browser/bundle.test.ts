import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { formatKeyFile, generateKey, openEnvelope, parseKeyFile, sealEnvelope } from '@quantumvault/envelope';
import { describe, expect, it } from 'vitest';
import { bundleForBrowser } from './bundle.ts';

const facts = {
  tenant: '019a0000-0000-7000-8000-00000000000a',
  purpose: 'data-at-rest',
  context: { row: '7' },
  contentType: 'text/plain',
  createdAt: 1_764_115_200_000,
} as const;

const { tenant, purpose, context } = facts;
const expected = { tenant, purpose, context };

async function joined(chunks: AsyncIterable<Uint8Array>): Promise<Buffer> {
  const parts: Uint8Array[] = [];
  for await (const chunk of chunks) parts.push(chunk);
  return Buffer.concat(parts);
}

/** Opens what it is given with the bundle, and seals an answer to the same key. In a process that knows nothing else. */
const partner = `
import { openEnvelope, parseKeyFile, parseRecipient, sealEnvelope } from './envelope.mjs';
const [keyText, envelope] = process.argv.slice(2).map((word) => Buffer.from(word, 'base64'));
const recipient = parseRecipient(/recipient: (\\S+)/.exec(keyText.toString())[1]);
const joined = async (chunks) => Buffer.concat(await Array.fromAsync(chunks));
const facts = ${JSON.stringify(facts)};
const { tenant, purpose, context } = facts;
const keys = parseKeyFile(new Uint8Array(keyText));
const opened = await joined(openEnvelope([envelope], { keys, expected: { tenant, purpose, context }, profile: 'standard' }));
const back = await joined(sealEnvelope([Buffer.from('and back')], { to: { recipients: [recipient] }, facts, segmentBytes: 64, profile: 'standard' }));
console.log(JSON.stringify({ opened: opened.toString(), back: back.toString('base64') }));
`;

describe('the bundle for browsers', () => {
  it('is one module without a runtime of its own, and opens what Node seals', async () => {
    const { code, bytes, gzipBytes } = await bundleForBrowser();
    console.log(`[browser bundle] ${bytes} bytes, ${gzipBytes} with gzip`);
    expect(code).not.toMatch(/\bimport\s*[({"'*]|["'`]node:|\beval\(|new Function|WebAssembly/);

    const folder = mkdtempSync(join(tmpdir(), 'qv-bundle-'));
    try {
      writeFileSync(join(folder, 'envelope.mjs'), code);
      writeFileSync(join(folder, 'run.mjs'), partner);
      const generated = generateKey();
      const keyFile = Buffer.from(formatKeyFile(generated, '2026-11-26T12:00:00Z'));
      const options = {
        to: { recipients: [generated.recipient] },
        facts,
        segmentBytes: 64,
        profile: 'standard',
      } as const;
      const sealed = await joined(sealEnvelope([Buffer.from('from Node, in segments of sixty-four bytes')], options));
      const words = [keyFile, sealed].map((bytes) => bytes.toString('base64'));
      const printed = execFileSync(process.execPath, [join(folder, 'run.mjs'), ...words], { encoding: 'utf8' });
      const { opened, back }: { opened: string; back: string } = JSON.parse(printed);
      expect(opened).toBe('from Node, in segments of sixty-four bytes');
      const keys = parseKeyFile(keyFile);
      const returned = openEnvelope([Buffer.from(back, 'base64')], { keys, expected, profile: 'standard' });
      expect((await joined(returned)).toString()).toBe('and back');
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });

  it('is refused when a module does not resolve', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'qv-bundle-'));
    try {
      const file = join(folder, 'entry.ts');
      writeFileSync(file, "import { readFileSync } from 'node:fs';\nconsole.log(readFileSync);\n");
      await expect(bundleForBrowser(file)).rejects.toThrow('the bundle is not whole');
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });
});
