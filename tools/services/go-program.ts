/**
 * Programs written in Go, built once from their published source, whose checksums the Go command checks against its public
 * log. They are kept outside the repository, in the folder for caches of the person who tests.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';

export interface GoProgram {
  /** `filippo.io/age/cmd/...` */
  readonly path: string;
  /** One exact version; a newer one is somebody's decision. */
  readonly version: string;
  /** The programs that the build gives. */
  readonly programs: readonly string[];
}

export type BuiltProgram = { readonly folder: string } | { readonly missing: string };

const goPlaces = ['/usr/local/go/bin/go', '/usr/bin/go', '/usr/lib/go/bin/go'];

/** The folder with the built programs, or why there is none. Building is an installation: QV_SERVICES_INSTALL=off forbids it. */
export function goProgram({ path, version, programs }: GoProgram): BuiltProgram {
  const cache = join(process.env.XDG_CACHE_HOME ?? join(homedir(), '.cache'), 'quantumvault');
  const folder = join(cache, `${path.replaceAll(/[^a-z0-9]+/gi, '-')}${version}`);
  const areThere = (): boolean => programs.every((name) => existsSync(join(folder, name)));
  if (areThere()) return { folder };
  const what = `${path}@${version} is not built`;
  if (process.env.QV_SERVICES_INSTALL === 'off') return { missing: `${what}, and QV_SERVICES_INSTALL is off` };
  const go = goPlaces.find((file) => existsSync(file));
  if (go === undefined) return { missing: `${what}, and Go is not installed` };
  mkdirSync(folder, { recursive: true });
  const built = spawnSync(go, ['install', `${path}@${version}`], {
    stdio: ['ignore', 'ignore', 'pipe'],
    encoding: 'utf8',
    env: { ...process.env, GOBIN: folder, GOFLAGS: '', GOTOOLCHAIN: 'local' },
    timeout: 600_000,
  });
  if (built.status === 0 && areThere()) return { folder };
  return { missing: `${what}: ${built.stderr?.trim().split('\n').at(-1) ?? 'go did not run'}` };
}
