/** docs/reference/tls-findings.md: every rule of the TLS scanner (INV-3), from the list that the scanner runs. */
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { generatedNote, needFile, type PageInput, type ReferencePage, table } from './page.ts';

const rulesPath = 'packages/inventory/src/scan/findings.ts';

function textOf(rule: object, key: string): string {
  const value: unknown = new Map<string, unknown>(Object.entries(rule)).get(key);
  if (typeof value !== 'string' || value === '') throw new Error(`a rule of ${rulesPath} lacks its ${key}`);
  return value;
}

/** Rows of the page; checks the shape of a list that was imported at run time. */
export function findingRows(rules: unknown): string[][] {
  if (!Array.isArray(rules)) throw new Error(`${rulesPath} exports no rules`);
  return rules.map((rule: unknown) => {
    if (typeof rule !== 'object' || rule === null) throw new Error(`${rulesPath} holds something that is not a rule`);
    return [`\`${textOf(rule, 'id')}\``, ...['severity', 'when', 'remedy'].map((key) => textOf(rule, key))];
  });
}

export const tlsFindingsPage: ReferencePage = {
  path: 'docs/reference/tls-findings.md',
  build: async ({ root }: PageInput) => {
    needFile(root, rulesPath);
    const module: { tlsFindingRules?: unknown } = await import(pathToFileURL(join(root, rulesPath)).href);
    return [
      '# TLS findings',
      '',
      'What a TLS scan reports beyond the facts. Each finding has the id and severity of its rule, a message, the evidence',
      '(exactly what was seen) and the remedy. Ids are stable. A rule fires on what was seen: a question without an answer',
      'is listed as unresolved and never counts as "no".',
      '',
      generatedNote,
      '',
      table(['id', 'severity', 'when', 'remedy'], findingRows(module.tlsFindingRules)),
      '',
    ].join('\n');
  },
};
