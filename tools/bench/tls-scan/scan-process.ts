/** Starts the endpoints of a round, and scanners of ours and of others against them. */
import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { promisify } from 'node:util';
import type { ScanProfile } from '@quantumvault/inventory';
import { askTool, type OtherTool } from '../../compare/tool.ts';
import { missingPrograms } from '../../services/debian-packages.ts';
import { endpointAddress } from './endpoint-address.ts';

export interface ScanMeasure {
  readonly scanned: number;
  readonly seconds: number;
  readonly maxRssMiB: number;
}

const run = promisify(execFile);
const nodeWords = (file: string, ...words: string[]): string[] => [
  '--conditions=source',
  join(import.meta.dirname, file),
  ...words,
];

export class Endpoints {
  static async start(count: number): Promise<Endpoints> {
    const child = spawn(process.execPath, nodeWords('endpoints.ts', String(count)), {
      stdio: ['pipe', 'pipe', 'inherit'],
    });
    const [line] = await once(createInterface(child.stdout), 'line');
    // They end with their standard input, which ends with this process; waiting for them would keep it alive.
    child.unref();
    for (const stream of [child.stdin, child.stdout])
      if ('unref' in stream && typeof stream.unref === 'function') stream.unref();
    return new Endpoints(Number(line));
  }

  readonly #port: number;
  private constructor(port: number) {
    this.#port = port;
  }

  async scan(profile: ScanProfile, count: number): Promise<ScanMeasure> {
    const { stdout } = await run(process.execPath, nodeWords('scanner.ts', profile, String(this.#port), String(count)));
    return JSON.parse(stdout);
  }

  /** Endpoints per second of another scanner, two of its processes at once, or why it cannot be asked. */
  async scanWith(tool: OtherTool, count: number): Promise<number | string> {
    const missing = missingPrograms(tool.program);
    if (missing !== undefined) return missing;
    const left = Array.from({ length: count }, (_, number) => endpointAddress(number));
    const since = performance.now();
    const work = async () => {
      for (let host = left.pop(); host !== undefined; host = left.pop()) {
        const answer = await askTool(tool, { host, port: this.#port });
        if (answer.kind === 'none') throw new Error(`${tool.name} read nothing: ${answer.reason}`);
      }
    };
    await Promise.all([work(), work()]);
    return count / ((performance.now() - since) / 1000);
  }
}
