import { resolve } from 'node:path';
import type { ScanTarget, TlsScanResult } from '@quantumvault/inventory';
import type { TlsScanOutcome } from '@quantumvault/providers/discovery/tls';
import type { Cli } from '../cli.ts';
import { CliError } from '../errors.ts';
import { JournalFile } from '../local/journal-file.ts';

/** What `--jsonl` writes for each target as it ends; a cancelled one has not ended. */
export interface JournalLine {
  readonly target: string;
  readonly outcome: 'scanned' | 'refused';
  readonly result: TlsScanResult | null;
  /** Why it was not touched. */
  readonly reason: string | null;
}

export interface ScanJournal {
  /** Targets that the file does not have yet. */
  readonly left: readonly ScanTarget[];
  add(outcome: TlsScanOutcome): void;
  close(): void;
}

/** Opens the file of a scan. Resumed, it says which targets are done; throws CLI_FILE_UNREADABLE when it is another file. */
export async function openScanJournal(
  cli: Cli,
  name: string,
  options: { readonly targets: readonly ScanTarget[]; readonly isResumed: boolean },
): Promise<ScanJournal> {
  const { targetKey } = await import('@quantumvault/inventory');
  const done = new Set<string>();
  const file = new JournalFile(resolve(cli.environment.folder, name), {
    isResumed: options.isResumed,
    onLine: (line) => done.add(targetOfLine(name, line)),
  });
  return {
    left: options.targets.filter((target) => !done.has(targetKey(target))),
    add: (outcome) => {
      if (outcome.kind === 'cancelled') return;
      const line: JournalLine = {
        target: targetKey(outcome.target),
        outcome: outcome.kind,
        result: outcome.kind === 'scanned' ? outcome.result : null,
        reason: outcome.kind === 'refused' ? outcome.refusal.reason : null,
      };
      file.write(JSON.stringify(line));
    },
    close: () => file.close(),
  };
}

function targetOfLine(name: string, line: string): string {
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch {
    value = null;
  }
  if (typeof value === 'object' && value !== null && 'target' in value && typeof value.target === 'string')
    return value.target;
  throw new CliError('CLI_FILE_UNREADABLE', `${name} is not the file of a scan; nothing was scanned.`);
}
