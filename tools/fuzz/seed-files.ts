/**
 * Kept inputs of each target, in base64, one a line: `tests/fuzz/seeds` reach much and are written by `--keep`;
 * `tests/fuzz/regressions` once broke a promise and stay. New findings go to `.cache/fuzz`, as they are.
 */
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';

const root = resolve(import.meta.dirname, '../..');
const fileOf = (kind: 'seeds' | 'regressions', target: string): string =>
  join(root, 'tests/fuzz', kind, `${target}.txt`);

function readInputs(path: string): Uint8Array[] {
  if (!existsSync(path)) return [];
  const lines = readFileSync(path, 'utf8').split('\n');
  return lines.filter((line) => line !== '').map((line) => new Uint8Array(Buffer.from(line, 'base64')));
}

/** What a run begins with; regressions first, so that a short run has them all. */
export const readSeeds = (target: string): Uint8Array[] => [
  ...readInputs(fileOf('regressions', target)),
  ...readInputs(fileOf('seeds', target)),
];

/** Puts these seeds in the place of the old ones. */
export function replaceSeeds(target: string, seeds: readonly Uint8Array[]): void {
  const lines = seeds.map((bytes) => `${Buffer.from(bytes).toString('base64')}\n`);
  mkdirSync(join(root, 'tests/fuzz/seeds'), { recursive: true });
  writeFileSync(fileOf('seeds', target), lines.sort().join(''));
}

/** Saves the input of a finding; gives its path. */
export function saveFinding(target: string, bytes: Uint8Array): string {
  const folder = join(root, '.cache/fuzz', target);
  mkdirSync(folder, { recursive: true });
  const path = join(folder, createHash('sha256').update(bytes).digest('hex').slice(0, 16));
  writeFileSync(path, bytes);
  return path;
}
