/** Another scanner, as a process of its own with a time limit. */
import { spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { StartTlsProtocol } from '@quantumvault/inventory';
import type { NeededProgram } from '../services/debian-packages.ts';
import type { Facts } from './facts.ts';

/** Where the servers of the comparison stand unless a target says otherwise. */
export const loopback = '127.0.0.1';

export interface ToolTarget {
  readonly host?: string;
  readonly port: number;
  readonly starttls?: StartTlsProtocol;
  readonly serverName?: string;
}

export interface OtherTool {
  readonly name: 'sslscan' | 'testssl.sh';
  readonly program: NeededProgram;
  readonly versionWords: readonly string[];
  readonly versionPattern: RegExp;
  readonly timeoutMs: number;
  /** Its arguments. What it is to write goes to standard output, or to `resultFile`. */
  words(target: ToolTarget, resultFile: string): readonly string[];
  read(result: string): Facts;
}

export type ToolAnswer =
  | { readonly kind: 'facts'; readonly facts: Facts; readonly milliseconds: number }
  /** It ended without facts, or was ended: what it said last. */
  | { readonly kind: 'none'; readonly reason: string; readonly milliseconds: number };

export async function askTool(tool: OtherTool, target: ToolTarget): Promise<ToolAnswer> {
  const folder = mkdtempSync(join(tmpdir(), 'qv-compare-'));
  const resultFile = join(folder, 'result');
  const since = performance.now();
  try {
    const said = await runProgram(tool.program.file, tool.words(target, resultFile), tool.timeoutMs);
    const milliseconds = performance.now() - since;
    const facts = tool.read(said.output.trimStart().startsWith('<?xml') ? said.output : readIfThere(resultFile));
    // Without a version it has not reached the server, whatever else it printed.
    const isEmpty = (facts.get('versions')?.values.length ?? 0) === 0;
    const reason = said.isTimeout
      ? `it took more than ${tool.timeoutMs / 1000} s`
      : lastLine(said.errors) || lastLine(said.output) || 'it found no version of TLS';
    return isEmpty ? { kind: 'none', reason, milliseconds } : { kind: 'facts', facts, milliseconds };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** `sslscan 2.0.7`, as the program itself says. */
export function toolVersion({ name, program, versionWords, versionPattern }: OtherTool): string {
  const said = spawnSync(program.file, versionWords, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });
  return `${name} ${versionPattern.exec(said.stdout + said.stderr)?.[1] ?? 'of unknown version'}`;
}

interface Said {
  readonly output: string;
  readonly errors: string;
  readonly isTimeout: boolean;
}

/** In a process group of its own: testssl.sh is a shell script with children, and all of them must end with it. */
async function runProgram(file: string, words: readonly string[], timeoutMs: number): Promise<Said> {
  const child = spawn(file, words, { stdio: ['ignore', 'pipe', 'pipe'], detached: true });
  const said = { output: '', errors: '', isTimeout: false };
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    said.output += text;
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    said.errors += text;
  });
  const timer = setTimeout(() => {
    said.isTimeout = true;
    if (child.pid !== undefined) process.kill(-child.pid, 'SIGKILL');
  }, timeoutMs);
  await new Promise((settle, fail) => {
    child.once('error', fail);
    child.once('close', settle);
  });
  clearTimeout(timer);
  return said;
}

function readIfThere(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return '';
  }
}

/** The last that is said in words: of a document in XML only an error is. */
function lastLine(text: string): string {
  if (text.startsWith('<?xml')) return /<error><!\[CDATA\[([^\]]*)/.exec(text)?.[1] ?? '';
  return text.trim().split('\n').at(-1)?.trim() ?? '';
}
