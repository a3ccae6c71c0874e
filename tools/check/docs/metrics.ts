/** docs/reference/metrics.md: every metric declared under apps/server/src/platform/metrics (QUA-10). */
import { type Node, type SourceFile, walk } from '../../lint/source-tree.ts';
import { literalOf, propertiesOf, textProperty } from './literals.ts';
import { generatedNote, isProduct, MissingSource, type ReferencePage, table } from './page.ts';

const folder = 'apps/server/src/platform/metrics/';
const nameShape = /^quantumvault_[a-z0-9_]+$/;

/** The six names that dashboards of others rely on. */
export const fixedMetrics = [
  'quantumvault_jobs_pending',
  'quantumvault_jobs_completed_total',
  'quantumvault_jobs_failed_total',
  'quantumvault_api_requests_total',
  'quantumvault_audit_chain_valid',
  'quantumvault_crypto_operations_duration',
] as const;

export interface Metric {
  readonly name: string;
  readonly type: string;
  readonly labels: readonly string[];
  readonly help: string;
}

function labelsOf(node: Node): readonly string[] {
  const labels = propertiesOf(node).find(([key]) => key === 'labelNames')?.[1];
  const values = labels === undefined ? [] : literalOf(labels);
  return Array.isArray(values) ? values.filter((value) => typeof value === 'string') : [];
}

/** Metrics of one file: object literals with a `name` and a `help`; the type is the class they are given to. */
export function metricsOf(file: SourceFile): Metric[] {
  const found: Metric[] = [];
  walk(file.program, (node, parent) => {
    if (node.type !== 'ObjectExpression') return;
    const name = textProperty(node, 'name');
    if (name === undefined || !nameShape.test(name)) return;
    const isMade = parent?.type === 'NewExpression' || parent?.type === 'CallExpression';
    const maker = isMade && parent.callee.type === 'Identifier' ? parent.callee.name.toLowerCase() : '';
    const type =
      textProperty(node, 'type') ?? ['counter', 'gauge', 'histogram', 'summary'].find((t) => maker.includes(t));
    found.push({ name, type: type ?? '', labels: labelsOf(node), help: textProperty(node, 'help') ?? '' });
  });
  return found;
}

export const metricsPage: ReferencePage = {
  path: 'docs/reference/metrics.md',
  build: ({ sources }) => {
    const metrics = sources
      .filter((file) => file.path.startsWith(folder) && isProduct(file.path))
      .flatMap(metricsOf)
      .sort((a, b) => a.name.localeCompare(b.name, 'en'));
    const missing = fixedMetrics.filter((name) => !metrics.some((metric) => metric.name === name));
    if (missing.length > 0) throw new MissingSource(`${folder} does not declare ${missing.join(', ')}`);
    const rows = metrics.map(({ name, type, labels, help }) => [`\`${name}\``, type, labels.join(', ') || '-', help]);
    return [
      '# Metrics',
      '',
      'Served at `/metrics` in the Prometheus text format. Labels take values from closed lists only.',
      '',
      generatedNote,
      '',
      table(['metric', 'type', 'labels', 'meaning'], rows),
      '',
    ].join('\n');
  },
  gaps: (page) =>
    page
      .split('\n')
      .filter((line) => line.startsWith('| `') && (/\|\s*\|/.test(line) || /\|\s*$/.test(line.slice(0, -1))))
      .map((line) => `a metric lacks its type or help: ${line}`),
};
