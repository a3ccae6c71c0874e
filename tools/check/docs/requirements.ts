/** docs/reference/requirements.md: which requirement is met where, from the ids quoted beside code and tests. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { listFiles } from '../../lint/source-tree.ts';
import { isTestPath } from '../../lint/zones.ts';
import { generatedNote, type ReferencePage, table } from './page.ts';

const areas = ['CRY', 'ENV', 'PKI', 'KEY', 'ACC', 'VLT', 'INV', 'AUD', 'DAT', 'RES', 'IFC', 'QUA'];
const idShape = new RegExp(`\\b(?:${areas.join('|')})-[1-9][0-9]?\\b`, 'g');
const quotingFiles = /^(?:apps|packages|providers|tests|tools|deploy)\/.*\.(?:ts|tsx|mts|mjs|js|sql|sh|yaml|yml)$/;
/** The generator and its tests name ids without meeting them. */
const generatorFolder = 'tools/check/';

export interface Quotes {
  readonly code: string[];
  readonly tests: string[];
}

/** Where each id is quoted, from the texts of files by path. */
export function quotesIn(texts: ReadonlyMap<string, string>): Map<string, Quotes> {
  const quotes = new Map<string, Quotes>();
  for (const [path, text] of texts) {
    for (const id of new Set(text.match(idShape) ?? [])) {
      const entry = quotes.get(id) ?? { code: [], tests: [] };
      (isTestPath(path) ? entry.tests : entry.code).push(path);
      quotes.set(id, entry);
    }
  }
  return quotes;
}

const areaOf = (id: string): number => areas.indexOf(id.split('-')[0] ?? '');
const numberOf = (id: string): number => Number(id.split('-')[1]);

export const requirementsPage: ReferencePage = {
  path: 'docs/reference/requirements.md',
  build: ({ root }) => {
    const known: Record<string, string> = JSON.parse(
      readFileSync(join(import.meta.dirname, 'requirement-sentences.json'), 'utf8'),
    );
    const paths = listFiles(root, (path) => quotingFiles.test(path) && !path.startsWith(generatorFolder));
    const quotes = quotesIn(new Map(paths.map((path) => [path, readFileSync(join(root, path), 'utf8')])));
    const ids = [...quotes.keys()].sort((a, b) => areaOf(a) - areaOf(b) || numberOf(a) - numberOf(b));
    const unknown = ids.filter((id) => known[id] === undefined);
    if (unknown.length > 0) {
      throw new Error(`${unknown.join(', ')}: no such requirement in tools/check/docs/requirement-sentences.json`);
    }
    const list = (files: readonly string[]): string => files.map((file) => `\`${file}\``).join(' ') || '-';
    const rows = ids.map((id) => [
      id,
      known[id] ?? '',
      list(quotes.get(id)?.code ?? []),
      list(quotes.get(id)?.tests ?? []),
    ]);
    return [
      '# Requirements',
      '',
      'Requirements that code or tests quote, and where. A line says that work on a requirement is there, not that all',
      'of it is done; what a requirement still lacks is said in the README and the changelog.',
      '',
      generatedNote,
      '',
      table(['id', 'requirement', 'code', 'tests'], rows),
      '',
    ].join('\n');
  },
};
