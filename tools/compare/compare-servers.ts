/** Starts each server, asks every scanner about it, and judges what they say. */
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { missingPrograms } from '../services/debian-packages.ts';
import { withService } from '../services/service.ts';
import { type AcceptedDifference, acceptedDifferences, explainSilence, type Judged, judge } from './accepted.ts';
import { compareFacts, type Facts } from './facts.ts';
import { ourFacts, type QvScan } from './our-facts.ts';
import type { ComparedServer } from './servers.ts';
import { askTool, type OtherTool, type ToolAnswer, type ToolTarget } from './tool.ts';

export interface ToolReport {
  readonly server: string;
  readonly tool: string;
  readonly rows: readonly Judged[];
  /** Why there are no rows, when the tool gave no answer. */
  readonly silence?: { readonly reason: string; readonly because: string | undefined };
  readonly milliseconds: number;
  readonly ourMilliseconds: number;
}

export interface CompareReport {
  readonly reports: readonly ToolReport[];
  /** What was left out, and why. */
  readonly skipped: readonly { readonly what: string; readonly reason: string }[];
  /** Entries of the accepted differences that explained nothing in this run. */
  readonly unused: readonly AcceptedDifference[];
}

export interface CompareOptions {
  readonly servers: readonly ComparedServer[];
  readonly tools: readonly OtherTool[];
  /** Which tool is asked about which server; testssl.sh takes half a minute for each. */
  readonly isAsked?: (tool: OtherTool, server: ComparedServer) => boolean;
  readonly onReport?: (report: ToolReport) => void;
}

const program = join(import.meta.dirname, '../../apps/cli/bin/qv.mjs');

export async function compareServers({ servers, tools, isAsked, onReport }: CompareOptions): Promise<CompareReport> {
  const used = new Set<AcceptedDifference>();
  const reports: ToolReport[] = [];
  const skipped: { what: string; reason: string }[] = [];
  const present = tools.filter((tool) => {
    const reason = missingPrograms(tool.program);
    if (reason !== undefined) skipped.push({ what: tool.name, reason });
    return reason === undefined;
  });
  for (const server of servers) {
    const asked = present.filter((tool) => isAsked?.(tool, server) ?? true);
    if (asked.length === 0) continue;
    const missing = server.service.missing();
    if (missing !== undefined) {
      skipped.push({ what: server.name, reason: missing });
      continue;
    }
    await withService(server.service, async () => {
      const target = server.target();
      const since = performance.now();
      const ours = await scanWithQv(target);
      const ourMilliseconds = performance.now() - since;
      for (const tool of asked) {
        const place = { tool: tool.name, server: server.name };
        const answer = await askTool(tool, target);
        const judged = judgeAnswer(ours, answer, (comparison) =>
          judge(comparison, place, { accepted: acceptedDifferences, used }),
        );
        const silence =
          answer.kind === 'facts'
            ? {}
            : {
                silence: {
                  reason: answer.reason,
                  because: explainSilence(place, { accepted: acceptedDifferences, used }),
                },
              };
        const report = { ...place, rows: judged, ...silence, milliseconds: answer.milliseconds, ourMilliseconds };
        reports.push(report);
        onReport?.(report);
      }
    });
  }
  return { reports, skipped, unused: acceptedDifferences.filter((entry) => !used.has(entry)) };
}

function judgeAnswer(
  ours: Facts,
  answer: ToolAnswer,
  judgeOne: (comparison: ReturnType<typeof compareFacts>[number]) => Judged,
): readonly Judged[] {
  return answer.kind === 'facts' ? compareFacts(ours, answer.facts).map(judgeOne) : [];
}

/** Our scanner as its users have it: the command, in a process of its own. */
async function scanWithQv({ port, starttls }: ToolTarget): Promise<Facts> {
  const target = `${starttls === undefined ? '' : `${starttls}://`}127.0.0.1:${port}`;
  const child = spawn(process.execPath, [program, 'scan', 'tls', target, '--json'], {
    stdio: ['ignore', 'pipe', 'pipe'],
    timeout: 120_000,
  });
  const said = { output: '', errors: '' };
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    said.output += text;
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    said.errors += text;
  });
  const code = await new Promise((settle, fail) => {
    child.once('error', fail);
    child.once('close', settle);
  });
  const [result]: readonly QvScan[] = said.output === '' ? [] : JSON.parse(said.output);
  if (result === undefined) throw new Error(`qv ended with ${code}: ${said.errors}`);
  return ourFacts(result);
}
