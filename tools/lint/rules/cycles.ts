/** Two modules that need each other are one module, or one of them should publish an event. */
import type { Finding, PlacedFile, Rule } from '../finding.ts';
import { importsOf, resolveSpecifier } from '../imports.ts';
import { isWiring, zoneOf } from '../zones.ts';

interface Edge {
  readonly to: string;
  readonly file: string;
  readonly line: number;
}

/** Module to module, one edge per pair; wiring does not count, since it only assembles. */
function moduleEdges(files: readonly PlacedFile[]): Map<string, Map<string, Edge>> {
  const edges = new Map<string, Map<string, Edge>>();
  for (const file of files) {
    if (file.zone.kind !== 'module' || file.isTest || isWiring(file.zone)) continue;
    for (const used of importsOf(file)) {
      const target = resolveSpecifier(file.path, used.specifier);
      if (target.kind !== 'own') continue;
      const zone = zoneOf(target.path);
      if (zone.kind !== 'module' || zone.module === file.zone.module) continue;
      const from = edges.get(file.zone.module) ?? new Map<string, Edge>();
      if (!from.has(zone.module)) {
        from.set(zone.module, { to: zone.module, file: file.path, line: file.lineOf(used.offset) });
      }
      edges.set(file.zone.module, from);
    }
  }
  return edges;
}

export const cycleRule: Rule = {
  id: 'layer/module-cycle',
  demand: 'Server modules form no cycle.',
  check: (files) => {
    const edges = moduleEdges(files);
    const findings: Finding[] = [];
    const done = new Set<string>();
    const visit = (module: string, trail: readonly string[]): void => {
      if (done.has(module)) return;
      for (const edge of edges.get(module)?.values() ?? []) {
        const start = [...trail, module].indexOf(edge.to);
        if (start === -1) {
          visit(edge.to, [...trail, module]);
          continue;
        }
        const cycle = [...[...trail, module].slice(start), edge.to].join(' -> ');
        findings.push({ file: edge.file, line: edge.line, rule: 'layer/module-cycle', message: cycle });
      }
      done.add(module);
    };
    for (const module of [...edges.keys()].sort()) visit(module, []);
    return findings;
  },
};
