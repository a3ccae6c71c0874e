/**
 * One scan in a process of its own, so that its memory is only the scanner's: `node scanner.ts PROFILE PORT COUNT` prints
 * what it took as JSON.
 */
import { readFileSync } from 'node:fs';
import { setFlagsFromString } from 'node:v8';
import type { ScanProfile } from '@quantumvault/inventory';
import { scanTls } from '@quantumvault/providers/discovery/tls';
import { endpointAddress } from './endpoint-address.ts';

const [, , profile, port, count] = process.argv;
if (profile !== 'quick' && profile !== 'full') throw new Error('PROFILE is quick or full');

// As `qv scan tls` does.
setFlagsFromString('--semi-space-growth-factor=1');

function* targets() {
  for (let number = 0; number < Number(count); number += 1) yield { host: endpointAddress(number), port: Number(port) };
}

const complete: Readonly<Record<ScanProfile, (suites: number, groups: number) => boolean>> = {
  quick: (suites, groups) => suites === 1 && groups >= 1,
  full: (suites, groups) => suites > 3 && groups > 1,
};
let scanned = 0;
const since = performance.now();
await scanTls(targets(), {
  guard: { mode: 'local', allow: [] },
  now: () => new Date(),
  profile,
  keepOutcomes: false,
  onOutcome: (outcome) => {
    if (outcome.kind !== 'scanned') throw new Error(`an endpoint ended as ${outcome.kind}`);
    const { chain, error, suites, groups, unresolved } = outcome.result;
    const isComplete = error === null && chain.length === 1 && complete[profile](suites.length, groups.length);
    if (!isComplete) throw new Error(`an endpoint was not read: ${error ?? JSON.stringify(unresolved)}`);
    scanned += 1;
  },
});
const seconds = (performance.now() - since) / 1000;
// Of this program alone: the system's own maximum (getrusage) begins with the process that started it.
const peak = /^VmHWM:\s+(\d+) kB$/m.exec(readFileSync('/proc/self/status', 'utf8'))?.[1];
console.log(JSON.stringify({ scanned, seconds, maxRssMiB: Number(peak) / 1024 }));
