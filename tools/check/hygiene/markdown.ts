/** Internal links of markdown pages lead somewhere, and commands they show exist. */
import { existsSync, readFileSync, statSync } from 'node:fs';
import { join, posix } from 'node:path';
import { listFiles } from '../../lint/source-tree.ts';
import type { Problem } from '../problem.ts';

/** Text with fenced blocks and inline code blanked, line by line, so that examples are not taken for links. */
function withoutCode(text: string): string {
  return text.replace(/^(```|~~~)[^\n]*\n[\s\S]*?^\1[^\n]*$/gm, '').replace(/`[^`\n]*`/g, '``');
}

/** The anchor that GitHub gives a heading. */
export function anchorOf(heading: string): string {
  return heading
    .trim()
    .toLowerCase()
    .replace(/\[([^\]]*)\]\([^)]*\)/g, '$1')
    .replace(/[^\p{L}\p{N}\s_-]/gu, '')
    .replace(/\s/g, '-');
}

export function anchorsOf(text: string): Set<string> {
  const anchors = new Set<string>();
  const plain = text.replace(/^(```|~~~)[^\n]*\n[\s\S]*?^\1[^\n]*$/gm, '');
  for (const [, heading = ''] of plain.matchAll(/^#{1,6}\s+(.+?)\s*#*$/gm)) {
    const anchor = anchorOf(heading);
    let name = anchor;
    for (let n = 1; anchors.has(name); n += 1) name = `${anchor}-${n}`;
    anchors.add(name);
  }
  for (const [, name = ''] of plain.matchAll(/<a\s+(?:name|id)="([^"]+)"/g)) anchors.add(name);
  return anchors;
}

export function linksOf(text: string): string[] {
  const plain = withoutCode(text);
  const inline = [...plain.matchAll(/\]\(\s*<?([^)\s>]+)>?(?:\s+"[^"]*")?\s*\)/g)].map(([, target = '']) => target);
  const references = [...plain.matchAll(/^\[[^\]]+\]:\s*(\S+)/gm)].map(([, target = '']) => target);
  return [...inline, ...references].filter((target) => !/^[a-z][a-z+.-]*:/i.test(target));
}

export function linkProblems(root: string, file: string, text: string): Problem[] {
  return linksOf(text).flatMap((link) => {
    const [path = '', anchor] = decodeURIComponent(link).split('#');
    const target = path === '' ? file : path.startsWith('/') ? path.slice(1) : posix.join(posix.dirname(file), path);
    if (target.startsWith('..')) return [{ file, message: `the link ${link} leads out of the repository` }];
    const full = join(root, target);
    if (!existsSync(full)) return [{ file, message: `the link ${link} leads nowhere` }];
    if (anchor === undefined || !target.endsWith('.md') || !statSync(full).isFile()) return [];
    const known = anchorsOf(readFileSync(full, 'utf8')).has(anchor);
    return known ? [] : [{ file, message: `the link ${link} names a heading that is not there` }];
  });
}

/** `npm run x`, `npm test`, `npm start` and `node path` as they stand in code of a page. */
export function commandProblems(
  root: string,
  file: string,
  text: string,
  scripts: Readonly<Record<string, string>>,
): Problem[] {
  const code = [...text.matchAll(/^(?:```|~~~)[^\n]*\n([\s\S]*?)^(?:```|~~~)/gm), ...text.matchAll(/`([^`\n]+)`/g)];
  const problems: Problem[] = [];
  for (const [, block = ''] of code) {
    for (const [, name = ''] of block.matchAll(/\bnpm (?:run )([a-z][a-z0-9:-]*)/g)) {
      if (scripts[name] === undefined) problems.push({ file, message: `npm run ${name} is not in package.json` });
    }
    for (const [, name = ''] of block.matchAll(/\bnpm (test|start)\b/g)) {
      if (scripts[name] === undefined) problems.push({ file, message: `npm ${name} is not in package.json` });
    }
    for (const [, path = ''] of block.matchAll(/\bnode (?:--\S+ )*((?:tools|apps)\/\S+\.m?[jt]s)\b/g)) {
      if (!existsSync(join(root, path))) problems.push({ file, message: `node ${path}: there is no such file` });
    }
  }
  return problems;
}

export function markdownProblems(root: string): Problem[] {
  const { scripts = {} }: { scripts?: Record<string, string> } = JSON.parse(
    readFileSync(join(root, 'package.json'), 'utf8'),
  );
  return listFiles(root, (path) => path.endsWith('.md') && !path.startsWith('tests/vectors/')).flatMap((file) => {
    const text = readFileSync(join(root, file), 'utf8');
    return [...linkProblems(root, file, text), ...commandProblems(root, file, text, scripts)];
  });
}
