/** QUA-6: the TLS scanner on 1,000 loopback addresses with ECDSA certificates, served by another process. */
import { sslscan } from '../../compare/sslscan.ts';
import { testssl } from '../../compare/testssl.ts';
import type { OtherTool } from '../../compare/tool.ts';
import type { Bench, Measurement } from '../bench.ts';
import { Endpoints, type ScanMeasure } from '../tls-scan/scan-process.ts';

const endpointsMax = 1_000;

let opened: Promise<Endpoints> | undefined;
const endpoints = () => (opened ??= Endpoints.start(endpointsMax));
const rateOf = ({ scanned, seconds }: ScanMeasure): number => scanned / seconds;

// The others need seconds for one endpoint, so a few endpoints of the same run stand for all.
const others: readonly { readonly tool: OtherTool; readonly count: number }[] = [
  { tool: sslscan, count: 8 },
  { tool: testssl, count: 2 },
];
const otherRates = new Map<string, Promise<number | string>>();

async function baselineOf({ tool, count }: (typeof others)[number]): Promise<number | null> {
  const known = otherRates.get(tool.name);
  const asked = known ?? (await endpoints()).scanWith(tool, count);
  otherRates.set(tool.name, Promise.resolve(asked));
  const rate = await asked;
  if (typeof rate === 'number') return rate;
  if (known === undefined) console.log(`  without ${tool.name}: ${rate}`);
  return null;
}

const measureOf =
  (value: (measure: ScanMeasure) => number, profile: 'quick' | 'full', count: number) =>
  async (): Promise<Measurement> => ({ value: value(await (await endpoints()).scan(profile, count)), baseline: null });

export const benches: readonly Bench[] = [
  {
    id: 'tls-scan.quick',
    name: 'TLS scan, quick, 1,000 endpoints',
    unit: 'per s',
    target: { value: 1_000 },
    run: measureOf(rateOf, 'quick', endpointsMax),
  },
  ...others.map(
    (other): Bench => ({
      id: `tls-scan.full.${other.tool.name}`,
      name: `TLS scan, full, to ${other.tool.name}`,
      unit: 'per s',
      target: { value: 50 },
      run: async () => {
        const { value } = await measureOf(rateOf, 'full', endpointsMax / 5)();
        return { value, baseline: await baselineOf(other) };
      },
    }),
  ),
  {
    id: 'tls-scan.one',
    name: 'TLS scan, full, one endpoint, from cold',
    unit: 'ms',
    target: { atMost: 200 },
    run: measureOf(({ seconds }) => seconds * 1_000, 'full', 1),
  },
  {
    id: 'tls-scan.memory',
    name: 'TLS scan, full, 1,000 endpoints, peak RSS',
    unit: 'MiB',
    target: { atMost: 200 },
    run: measureOf(({ maxRssMiB }) => maxRssMiB, 'full', endpointsMax),
  },
];
