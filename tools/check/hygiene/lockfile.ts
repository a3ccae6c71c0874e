/**
 * Attack 29, the part that files can show: exact versions, no registry addresses, no scripts that run at install.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { listFiles } from '../../lint/source-tree.ts';
import type { Problem } from '../problem.ts';

interface LockEntry {
  readonly version?: string;
  readonly resolved?: string;
  readonly integrity?: string;
  readonly link?: boolean;
  readonly hasInstallScript?: boolean;
}

export interface LockFile {
  readonly packages: Readonly<Record<string, LockEntry>>;
}

export interface Manifest {
  readonly scripts?: Readonly<Record<string, string>>;
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly devDependencies?: Readonly<Record<string, string>>;
  readonly optionalDependencies?: Readonly<Record<string, string>>;
  readonly allowScripts?: Readonly<Record<string, boolean>>;
}

const exactVersion = /^\d+\.\d+\.\d+(?:-[0-9A-Za-z.-]+)?$/;
const installScripts = ['preinstall', 'install', 'postinstall', 'prepare', 'prepublish'];

export function lockProblems(lock: LockFile): Problem[] {
  const problem = (message: string): Problem => ({ file: 'package-lock.json', message });
  return Object.entries(lock.packages).flatMap(([path, entry]) => {
    if (!path.includes('node_modules/')) return [];
    if (entry.link === true) return [];
    const found: Problem[] = [];
    if (entry.resolved !== undefined) found.push(problem(`${path} names an address: ${entry.resolved}`));
    if (entry.integrity === undefined) found.push(problem(`${path} has no integrity hash`));
    return found;
  });
}

export function manifestProblems(file: string, manifest: Manifest): Problem[] {
  const groups = [manifest.dependencies, manifest.devDependencies, manifest.optionalDependencies];
  const loose = groups
    .flatMap((group) => Object.entries(group ?? {}))
    .filter(([, version]) => !exactVersion.test(version))
    .map(([name, version]) => ({ file, message: `${name} is not pinned to one version: ${version}` }));
  const scripts = installScripts
    .filter((name) => manifest.scripts?.[name] !== undefined)
    .map((name) => ({ file, message: `the script ${name} would run at install` }));
  return [...loose, ...scripts];
}

const neededNpmrc = ['omit-lockfile-registry-resolved=true', 'save-exact=true', 'ignore-scripts=true'];

export function npmrcProblems(text: string): Problem[] {
  const lines = new Set(text.split('\n').map((line) => line.trim()));
  const missing = neededNpmrc.filter((line) => !lines.has(line));
  const leaking = [...lines].filter(
    (line) => /registry\s*=|_auth|_password|token/i.test(line) && !neededNpmrc.includes(line),
  );
  return [
    ...missing.map((line) => ({ file: '.npmrc', message: `lacks ${line}` })),
    ...leaking.map(() => ({ file: '.npmrc', message: 'names a registry or a credential' })),
  ];
}

export function dependencyProblems(root: string): Problem[] {
  const read = (path: string): string => readFileSync(join(root, path), 'utf8');
  const lock: LockFile = JSON.parse(read('package-lock.json'));
  const manifests = listFiles(root, (path) => /(?:^|\/)package\.json$/.test(path));
  return [
    ...lockProblems(lock),
    ...npmrcProblems(read('.npmrc')),
    ...manifests.flatMap((path) => manifestProblems(path, JSON.parse(read(path)))),
  ];
}
