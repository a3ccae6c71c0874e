/** A reference page that is written from the code, and therefore cannot disagree with it. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { SourceFile } from '../../lint/source-tree.ts';

export interface PageInput {
  readonly root: string;
  readonly sources: readonly SourceFile[];
  /** The page as it is now, or empty. People may write sentences there that the code does not have. */
  readonly current: string;
}

export interface ReferencePage {
  /** Where the page lives, from the root. */
  readonly path: string;
  /** The page as it ought to be. Throws `MissingSource` when its source file does not exist. */
  build(input: PageInput): Promise<string> | string;
  /** What is still wrong with a page that is up to date, for example a sentence that nobody has written. */
  gaps?(page: string): string[];
}

export class MissingSource extends Error {
  override readonly name = 'MissingSource';
}

/** Product code: everything that ships, without its tests and without the tools of this repository. */
export function isProduct(path: string): boolean {
  return /^(?:apps|packages|providers|chaincode)\//.test(path) && !/\.test\.tsx?$|\/tests?\//.test(path);
}

export function needFile(root: string, path: string): string {
  const full = join(root, path);
  if (!existsSync(full)) throw new MissingSource(`${path} is missing, and the page is made from it`);
  return readFileSync(full, 'utf8');
}

const escapeCell = (text: string): string => text.replaceAll('|', '\\|').replaceAll('\n', ' ').trim();

export function table(heads: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string => `| ${cells.map(escapeCell).join(' | ')} |`;
  return [line(heads), `|${heads.map(() => '---').join('|')}|`, ...rows.map(line)].join('\n');
}

/** The cells of a page's table rows, keyed by the first cell without its back-ticks. */
export function rowsOf(page: string): Map<string, string[]> {
  const rows = new Map<string, string[]>();
  for (const line of page.split('\n')) {
    if (!line.startsWith('|') || line.startsWith('|-')) continue;
    const cells = line
      .replaceAll('\\|', '\u0000')
      .split('|')
      .slice(1, -1)
      .map((cell) => cell.replaceAll('\u0000', '|').trim());
    const [key = ''] = cells;
    rows.set(key.replaceAll('`', ''), cells);
  }
  return rows;
}

export const generatedNote =
  'Written by `node tools/check/docs/generate.ts` from the code, and compared with it by `npm run check`.';
