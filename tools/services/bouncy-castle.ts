/**
 * Bouncy Castle, which writes messages of CMS that others do not write yet: fetched with Maven at one version, held against
 * the digests below, and kept in the user's cache.
 */
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';

export const bouncyCastleVersion = '1.83';

/** SHA-256 of what was looked at when the version was chosen. A jar that differs is not run. */
const jars: Readonly<Record<string, string>> = {
  'bcpkix-jdk18on': 'd3c4c6b700c74ef8164bb15e549d939721b8f14fc0ff89fe19b220243bcfcbd8',
  'bcprov-jdk18on': '82cf3a2af766c3bc874f6d36b9f20a8b99a8f09762dc776e8a227a45d8daaafb',
  'bcutil-jdk18on': 'ee7d0eb4e74de70a735f7fb36b604dd5c6ad35720d50b914604db042114a0185',
};

const java = '/usr/bin/java';
const maven = '/usr/bin/mvn';

/** The folder of the jars, or why there is none. Fetching is an installation: QV_SERVICES_INSTALL=off forbids it. */
export function bouncyCastle(): { readonly folder: string } | { readonly missing: string } {
  if (!existsSync(java)) return { missing: 'Bouncy Castle needs Java, which is not installed' };
  const cache = join(process.env.XDG_CACHE_HOME ?? join(homedir(), '.cache'), 'quantumvault');
  const folder = join(cache, `bouncy-castle-${bouncyCastleVersion}`);
  for (const [name, digest] of Object.entries(jars)) {
    const file = join(folder, `${name}-${bouncyCastleVersion}.jar`);
    const reason = existsSync(file) ? undefined : fetchJar(name, folder);
    if (reason !== undefined) return { missing: reason };
    if (!existsSync(file)) return { missing: `Maven did not bring ${name}` };
    const found = createHash('sha256').update(readFileSync(file)).digest('hex');
    if (found !== digest) return { missing: `${file} is not the jar that was chosen` };
  }
  return { folder };
}

function fetchJar(name: string, folder: string): string | undefined {
  const what = `${name} ${bouncyCastleVersion} is not fetched`;
  if (process.env.QV_SERVICES_INSTALL === 'off') return `${what}, and QV_SERVICES_INSTALL is off`;
  if (!existsSync(maven)) return `${what}, and Maven is not installed`;
  mkdirSync(folder, { recursive: true });
  const artifact = `org.bouncycastle:${name}:${bouncyCastleVersion}`;
  const fetched = spawnSync(
    maven,
    ['-q', '-B', 'dependency:copy', `-Dartifact=${artifact}`, `-DoutputDirectory=${folder}`],
    { cwd: folder, stdio: 'ignore', timeout: 300_000 },
  );
  return fetched.status === 0 ? undefined : `${what}, and Maven could not fetch it`;
}

/** Runs one of the programs beside this file. The answer is what it printed; throws with what it complained of. */
export function runBouncyCastle(folder: string, program: string, args: readonly string[]): string {
  const source = join(import.meta.dirname, 'bouncy-castle', program);
  const { status, stdout, stderr } = spawnSync(java, ['-cp', join(folder, '*'), source, ...args], {
    encoding: 'utf8',
    timeout: 300_000,
  });
  if (status !== 0) throw new Error(`${program} ended with ${status}: ${stderr.slice(-2000)}`);
  return stdout.trim();
}
