/**
 * Where a file stands in the architecture.
 *
 * A module under ten files stays flat, so the layer of a server file comes from its folder first and from its name
 * second; a flat file that declares a class with an `execute` method is a use case.
 */
import type { SourceFile } from './source-tree.ts';

export type Layer = 'domain' | 'usecase' | 'port' | 'adapter' | 'api' | 'wiring' | 'index' | 'plain';

export type Zone =
  | { readonly kind: 'package'; readonly name: string }
  | { readonly kind: 'provider'; readonly port: string; readonly vendor: string }
  | { readonly kind: 'module'; readonly module: string; readonly layer: Layer }
  | { readonly kind: 'server'; readonly part: 'wiring' | 'kernel' | 'config' | 'platform' | 'other' }
  | { readonly kind: 'app'; readonly name: string }
  | { readonly kind: 'outside' };

const layerFolders: Readonly<Record<string, Layer>> = {
  domain: 'domain',
  usecases: 'usecase',
  ports: 'port',
  adapters: 'adapter',
  api: 'api',
};

/** Names that say what a file of a flat module is. The first match wins. */
const layerNames: readonly (readonly [RegExp, Layer])[] = [
  [/\.module\.ts$/, 'wiring'],
  [/^index\.ts$/, 'index'],
  [/\.(?:controller|resolver)\.ts$/, 'api'],
  [/(?:^|[.-])dto\.ts$/, 'api'],
  [/^(?:postgres|kysely|file|memory|redis|http)-.*\.ts$/, 'adapter'],
  [/-adapter\.ts$/, 'adapter'],
  [/^errors\.ts$/, 'domain'],
  [/-(?:repository|port)\.ts$/, 'port'],
];

const declaresExecute = /^\s+(?:public\s+)?(?:async\s+)?execute\s*[(<]/m;

function layerOf(parts: readonly string[], text: string): Layer {
  const [folder, file] = parts.length > 1 ? [parts[0], parts.at(-1)] : [undefined, parts[0]];
  if (file === undefined) return 'plain';
  if (file.endsWith('.module.ts')) return 'wiring';
  // A module that has grown has parts with the same five folders: identity/factors/usecases.
  const inner = parts.length > 2 ? parts[1] : undefined;
  const byFolder = layerFolders[folder ?? ''] ?? layerFolders[inner ?? ''];
  if (byFolder !== undefined) return byFolder;
  for (const [pattern, layer] of layerNames) if (pattern.test(file)) return layer;
  return declaresExecute.test(text) ? 'usecase' : 'plain';
}

export function zoneOf(path: string, text = ''): Zone {
  const parts = path.split('/');
  const [top, second, third, fourth] = parts;
  if (top === 'packages' && second !== undefined && parts.length > 2) return { kind: 'package', name: second };
  if (top === 'providers' && second === 'src') {
    return { kind: 'provider', port: third ?? '', vendor: parts.length > 4 ? (fourth ?? '') : '' };
  }
  if (top !== 'apps' || second === undefined) return { kind: 'outside' };
  if (second !== 'server') return { kind: 'app', name: second };
  if (third !== 'src') return { kind: 'server', part: 'other' };
  if (fourth === 'modules' && parts.length > 5) {
    return { kind: 'module', module: parts[4] ?? '', layer: layerOf(parts.slice(5), text) };
  }
  if (parts.length === 4) {
    const isWiring = /^(?:main(?:\..+)?|.*\.module)\.ts$/.test(fourth ?? '');
    return { kind: 'server', part: isWiring ? 'wiring' : 'other' };
  }
  if (path.endsWith('.module.ts')) return { kind: 'server', part: 'wiring' };
  if (fourth === 'kernel' || fourth === 'config' || fourth === 'platform') return { kind: 'server', part: fourth };
  return { kind: 'server', part: 'other' };
}

export function isTestPath(path: string): boolean {
  return /\.test\.tsx?$/.test(path) || /(?:^|\/)(?:tests?|testing)\//.test(path) || /\.test-support\.ts$/.test(path);
}

export function isWiring(zone: Zone): boolean {
  return (zone.kind === 'module' && zone.layer === 'wiring') || (zone.kind === 'server' && zone.part === 'wiring');
}

export function placed(file: SourceFile): SourceFile & { zone: Zone; isTest: boolean } {
  return { ...file, zone: zoneOf(file.path, file.text), isTest: isTestPath(file.path) };
}
