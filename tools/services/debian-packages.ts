/**
 * Debian's packages, installed where root may and `QV_SERVICES_INSTALL` is not `off`.
 *
 * Some packages start a system service as they are installed. The tests never use those, and a machine that only runs tests
 * should not serve mail afterwards: while apt runs, `policy-rc.d`, Debian's own switch for this, denies every start. A
 * switch that is there already is left as it is.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, rmSync, writeFileSync } from 'node:fs';

export interface NeededProgram {
  readonly file: string;
  readonly debianPackage: string;
}

const policyFile = '/usr/sbin/policy-rc.d';

/** Why these programs cannot be had, or undefined once all of them are there. */
export function missingPrograms(...needed: readonly NeededProgram[]): string | undefined {
  const absent = (): NeededProgram[] => needed.filter(({ file }) => !existsSync(file));
  const packages = [...new Set(absent().map(({ debianPackage }) => debianPackage))];
  if (packages.length === 0) return undefined;
  const reason = installDebianPackages(packages);
  if (reason !== undefined) return reason;
  const [still] = absent();
  return still === undefined ? undefined : `${still.file} is missing after installing ${still.debianPackage}`;
}

function installDebianPackages(names: readonly string[]): string | undefined {
  const what = `${names.join(' and ')} ${names.length === 1 ? 'is' : 'are'} not installed`;
  if (process.env.QV_SERVICES_INSTALL === 'off') return `${what}, and QV_SERVICES_INSTALL is off`;
  if (process.getuid?.() !== 0) return `${what}, and only root can install`;
  const apt = (...args: string[]) =>
    spawnSync('apt-get', args, {
      stdio: ['ignore', 'ignore', 'pipe'],
      encoding: 'utf8',
      env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
      timeout: 300_000,
    });
  if (apt('update').status !== 0) return `${what}, and apt-get update failed`;
  const denied = denyServiceStarts();
  try {
    const installed = apt('install', '-y', '--no-install-recommends', ...names);
    return installed.status === 0 ? undefined : `${what}, and apt-get install failed`;
  } finally {
    if (denied) rmSync(policyFile, { force: true });
  }
}

/** True when the switch is ours to take away again. */
function denyServiceStarts(): boolean {
  try {
    writeFileSync(policyFile, '#!/bin/sh\nexit 101\n', { mode: 0o755, flag: 'wx' });
    return true;
  } catch {
    return false;
  }
}
