/**
 * Instruments modules as they are loaded. Only our packages' sources are, and only in the thread that asked: call
 * `instrumentLoading` first and import what is to be fuzzed afterwards.
 */
import { readFileSync } from 'node:fs';
import { registerHooks } from 'node:module';
import { relative, resolve, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import { instrument, mapName } from './instrument.ts';

/** More than all our packages have together. */
const countersMax = 65_536;

const root = resolve(import.meta.dirname, '../../..');

export interface LoadedCode {
  /** One byte for each counter, which stops at 255. */
  readonly map: Uint8ClampedArray<ArrayBuffer>;
  /** Counters that have been given out, in the order of loading. */
  readonly counters: number;
  readonly literals: ReadonlySet<string | number>;
}

export function instrumentLoading(): LoadedCode {
  const map = new Uint8ClampedArray(countersMax);
  const literals = new Set<string | number>();
  let counters = 0;
  Object.defineProperty(globalThis, mapName, { value: map });
  registerHooks({
    load(url, context, nextLoad) {
      const path = url.startsWith('file:') ? relative(root, fileURLToPath(url)).split(sep).join('/') : '';
      if (!/^packages\/[a-z0-9]+\/src\/.*\.ts$/.test(path)) return nextLoad(url, context);
      const made = instrument(path, readFileSync(fileURLToPath(url), 'utf8'), counters);
      counters += made.counters;
      if (counters > countersMax) throw new Error(`more than ${countersMax} counters`);
      for (const literal of made.literals) literals.add(literal);
      return { format: 'module-typescript', source: made.text, shortCircuit: true };
    },
  });
  return {
    map,
    literals,
    get counters() {
      return counters;
    },
  };
}
