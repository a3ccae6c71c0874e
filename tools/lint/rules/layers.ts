/** Direction of imports. Type imports count like the others: a dependency of types is a dependency. */
import { fileRule, type PlacedFile, type Rule } from '../finding.ts';
import { type ImportedSpecifier, importsOf, resolveSpecifier, type Target } from '../imports.ts';
import {
  cliPackages,
  cliProviders,
  consolePackages,
  consoleProviders,
  frameworkLibraries,
  ioBuiltins,
  ordinaryLibraries,
} from '../vocabulary.ts';
import { isWiring, type Zone, zoneOf } from '../zones.ts';

interface SeenImport {
  readonly file: PlacedFile;
  readonly used: ImportedSpecifier;
  readonly target: Target;
  /** Where the imported file stands; undefined for libraries and built-ins. */
  readonly zone: Zone | undefined;
}

/** A rule over one import at a time; the answer is the complaint, or undefined when all is well. */
function importRule(id: string, demand: string, judge: (seen: SeenImport) => string | undefined): Rule {
  return fileRule(id, demand, (file, report) => {
    if (file.isTest) return;
    for (const used of importsOf(file)) {
      const target = resolveSpecifier(file.path, used.specifier);
      const zone = target.kind === 'own' ? zoneOf(target.path) : undefined;
      const complaint = judge({ file, used, target, zone });
      if (complaint !== undefined) report(used.offset, complaint);
    }
  });
}

const isFramework = (name: string): boolean => frameworkLibraries.some((pattern) => pattern.test(name));
const isLayer = (zone: Zone, layer: string): boolean => zone.kind === 'module' && zone.layer === layer;
const sameModule = (a: Zone, b: Zone): boolean => a.kind === 'module' && b.kind === 'module' && a.module === b.module;
const isKernel = (zone: Zone): boolean => zone.kind === 'server' && zone.part === 'kernel';

function impurity(target: Target): string | undefined {
  if (target.kind === 'builtin' && ioBuiltins.has(target.name)) return `node:${target.name} reaches outside`;
  if (target.kind === 'library' && isFramework(target.name)) return `${target.name} is a framework or a driver`;
  return undefined;
}

function providerPath(zone: Zone): string {
  return zone.kind === 'provider' ? `${zone.port}/${zone.vendor}` : '';
}

/** Whether a client application may import this file of ours. */
function clientMayUse(zone: Zone, app: string, packages: ReadonlySet<string>, providers: ReadonlySet<string>): boolean {
  if (zone.kind === 'app') return zone.name === app;
  if (zone.kind === 'package') return packages.has(zone.name);
  return zone.kind === 'provider' && providers.has(providerPath(zone));
}

export const layerRules: readonly Rule[] = [
  importRule('layer/workspace-by-name', 'Another workspace is imported by its name.', ({ file, target, zone }) => {
    if (target.kind !== 'own' || !target.byPath || zone === undefined || file.zone.kind === 'outside') return undefined;
    const workspace = (path: string): string =>
      path
        .split('/')
        .slice(0, path.startsWith('providers/') ? 1 : 2)
        .join('/');
    return workspace(file.path) === workspace(target.path) || zone.kind === 'outside'
      ? undefined
      : `${target.path} belongs to another workspace; import it by name`;
  }),

  importRule('layer/package-only-packages', 'Packages import only other packages of ours.', ({ file, zone }) => {
    if (file.zone.kind !== 'package' || zone === undefined || zone.kind === 'package') return undefined;
    return 'a package may import nothing of ours but packages';
  }),

  importRule('layer/crypto-alone', 'packages/crypto imports nothing of ours.', ({ file, zone }) => {
    if (file.zone.kind !== 'package' || file.zone.name !== 'crypto' || zone?.kind !== 'package') return undefined;
    return zone.name === 'crypto' ? undefined : `crypto must not depend on ${zone.name}`;
  }),

  importRule('layer/package-pure', 'Packages know no network, no disk and no framework.', ({ file, target }) =>
    file.zone.kind === 'package' ? impurity(target) : undefined,
  ),

  importRule('layer/node-crypto-home', 'In packages, node:crypto is used only by crypto.', ({ file, target }) => {
    if (file.zone.kind !== 'package' || file.zone.name === 'crypto') return undefined;
    return target.kind === 'builtin' && target.name === 'crypto' ? 'use @quantumvault/crypto' : undefined;
  }),

  importRule('layer/domain-pure', 'A domain imports packages, the kernel and itself.', ({ file, target, zone }) => {
    if (!isLayer(file.zone, 'domain')) return undefined;
    if (zone !== undefined) {
      const allowed =
        zone.kind === 'package' || isKernel(zone) || (sameModule(file.zone, zone) && isDomainFile(target));
      return allowed ? undefined : 'a domain imports packages, the kernel and its own domain';
    }
    if (target.kind === 'library' && !(target.name in ordinaryLibraries)) return `${target.name} does not belong here`;
    return impurity(target);
  }),

  importRule('layer/kernel-inward', 'The kernel imports packages and itself.', ({ file, target, zone }) => {
    if (!isKernel(file.zone)) return undefined;
    if (zone === undefined) return impurity(target);
    return zone.kind === 'package' || isKernel(zone)
      ? undefined
      : 'all modules stand on the kernel, so it stands on none';
  }),

  importRule('layer/usecase-inward', 'A use case knows domain, ports and other modules.', ({ file, target, zone }) => {
    if (!isLayer(file.zone, 'usecase')) return undefined;
    if (zone === undefined) return impurity(target);
    if (zone.kind === 'package' || isKernel(zone)) return undefined;
    if (zone.kind === 'module' && !['adapter', 'api', 'wiring'].includes(zone.layer)) return undefined;
    return 'a use case imports domain, ports, the kernel and the index of other modules';
  }),

  importRule('layer/module-index', 'Other modules are imported through their index.ts.', ({ file, target, zone }) => {
    if (zone?.kind !== 'module' || file.zone.kind === 'outside' || sameModule(file.zone, zone)) return undefined;
    if (zone.layer === 'index' || (zone.layer === 'wiring' && isWiring(file.zone))) return undefined;
    return target.kind === 'own' ? `import apps/server/src/modules/${zone.module}/index.ts instead` : undefined;
  }),

  importRule('layer/adapter-inward', 'Adapters and transports point inward.', ({ file, zone }) => {
    if (file.zone.kind !== 'module' || zone === undefined) return undefined;
    if (file.zone.layer === 'adapter' && isLayer(zone, 'api')) return 'an adapter does not know the transport';
    if (file.zone.layer === 'wiring' || file.zone.layer === 'index') return undefined;
    return isWiring(zone) ? 'only wiring imports wiring' : undefined;
  }),

  importRule('layer/adapter-known', 'Only *.module.ts and main*.ts know adapters.', ({ file, zone }) => {
    const ours = file.zone;
    if (zone === undefined || isWiring(ours) || (ours.kind !== 'module' && ours.kind !== 'server')) return undefined;
    if (zone.kind === 'provider') return 'a provider is chosen in a *.module.ts or a main*.ts';
    if (!isLayer(zone, 'adapter')) return undefined;
    if (sameModule(ours, zone) && isLayer(ours, 'adapter')) return undefined;
    return 'an adapter is chosen in a *.module.ts or a main*.ts';
  }),

  importRule('layer/provider-inward', 'Providers import packages and their vendor SDK.', ({ file, zone }) => {
    if (file.zone.kind !== 'provider' || zone === undefined || zone.kind === 'package') return undefined;
    if (zone.kind === 'provider' && zone.port === file.zone.port) return undefined;
    return 'a provider imports packages and its own port folder, nothing else of ours';
  }),

  importRule('layer/provider-lazy-sdk', 'Providers load vendor SDKs when used.', ({ file, used, target }) => {
    if (file.zone.kind !== 'provider' || target.kind !== 'library' || used.kind !== 'static') return undefined;
    return target.name in ordinaryLibraries ? undefined : `load ${target.name} by import() where it is used`;
  }),

  importRule('layer/client-never-server', 'Command line and console never import the server.', ({ file, zone }) => {
    if (file.zone.kind !== 'app' || (zone?.kind !== 'server' && zone?.kind !== 'module')) return undefined;
    return 'a client speaks the published API';
  }),

  importRule('layer/cli-offline-only', 'The command line knows the API and offline parts.', ({ file, zone }) => {
    if (file.zone.kind !== 'app' || file.zone.name !== 'cli') return undefined;
    if (zone === undefined || zone.kind === 'server' || zone.kind === 'module') return undefined;
    // The entry script under bin/ may call the launcher, which is no product code.
    if (zone.kind === 'outside' && file.path.startsWith('apps/cli/bin/')) return undefined;
    return clientMayUse(zone, 'cli', cliPackages, cliProviders) ? undefined : 'not a part that works offline';
  }),

  importRule('layer/console-browser-only', 'The console knows the API and browser parts.', ({ file, zone }) => {
    if (file.zone.kind !== 'app' || file.zone.name !== 'console') return undefined;
    if (zone === undefined || zone.kind === 'server' || zone.kind === 'module') return undefined;
    return clientMayUse(zone, 'console', consolePackages, consoleProviders)
      ? undefined
      : 'not a part made for browsers';
  }),
];

/** In a flat module a plain file beside the domain is domain too, as long as nothing marks it as something else. */
function isDomainFile(target: Target): boolean {
  if (target.kind !== 'own') return false;
  const zone = zoneOf(target.path);
  return zone.kind === 'module' && (zone.layer === 'domain' || zone.layer === 'plain');
}
