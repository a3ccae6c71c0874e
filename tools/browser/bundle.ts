/**
 * Makes one ES module for browsers from a TypeScript file: `node --conditions=source tools/browser/bundle.ts OUT [ENTRY]`.
 *
 * ENTRY is the envelope package unless given. The bundle has no `eval`, no WebAssembly and loads nothing, so a page may
 * serve it under `script-src 'self'`.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { gzipSync } from 'node:zlib';
import { rolldown } from 'rolldown';

const root = resolve(import.meta.dirname, '../..');
export const envelopeEntry = join(root, 'packages/envelope/src/index.ts');

// Browsers without explicit resource management get the one symbol that `using` is compiled to; classes name their
// method by it, so it must be there before them.
const disposeSymbol =
  "Symbol.dispose ?? Object.defineProperty(Symbol, 'dispose', { value: Symbol('Symbol.dispose') });";

export interface BrowserBundle {
  readonly code: string;
  readonly bytes: number;
  readonly gzipBytes: number;
}

/** Throws when something does not resolve: a bundle that would look for a module at run time is none. */
export async function bundleForBrowser(entry: string = envelopeEntry): Promise<BrowserBundle> {
  const bundle = await rolldown({
    input: entry,
    platform: 'browser',
    resolve: { conditionNames: ['browser', 'source', 'import', 'default'] },
    transform: { target: 'es2022' },
    onLog: (_level, log) => {
      throw new Error(`the bundle is not whole: ${log.message}`);
    },
  });
  try {
    const { output } = await bundle.generate({
      format: 'esm',
      minify: true,
      codeSplitting: false,
      banner: disposeSymbol,
    });
    const [chunk] = output;
    return {
      code: chunk.code,
      bytes: Buffer.byteLength(chunk.code),
      gzipBytes: gzipSync(chunk.code, { level: 9 }).length,
    };
  } finally {
    await bundle.close();
  }
}

if (import.meta.main) {
  const [out, entry] = process.argv.slice(2);
  if (out === undefined) throw new Error('usage: bundle.ts OUT [ENTRY]');
  const { code, bytes, gzipBytes } = await bundleForBrowser(entry === undefined ? envelopeEntry : resolve(entry));
  mkdirSync(dirname(resolve(out)), { recursive: true });
  writeFileSync(out, code);
  console.log(`${out}: ${bytes} bytes, ${gzipBytes} with gzip`);
}
