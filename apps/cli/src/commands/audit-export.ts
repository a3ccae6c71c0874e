import { resolve } from 'node:path';
import type { Command } from 'commander';
import { addCommand, type Cli, ending, type JsonOption, type Running } from '../cli.ts';
import { connect } from '../connection/connect.ts';
import { CliError, type ExitCode, exitCodes } from '../errors.ts';
import { OutputFile } from '../local/output-file.ts';
import { formatBytes } from '../terminal/format.ts';
import { safeText } from '../terminal/safe-text.ts';
import { approvalOf, exitOfApproval, followApproval } from './approvals/wait.ts';
import { parseWhole } from './option-values.ts';

interface ExportOptions extends JsonOption {
  readonly out: string;
  readonly all?: boolean;
  readonly force?: boolean;
  readonly wait?: number;
}

// A whole log may take long; silence for this long means that nothing more comes.
const silenceMaxMs = 60_000;
const parseMinutes = parseWhole(1, 43_200);

export function addAuditExport(audit: Command, cli: Running): void {
  addCommand(audit, 'export', 'Write the audit log to a file that qv audit verify can check offline')
    .requiredOption('--out <file>', 'file to write (JSON Lines), readable by you alone')
    .option('--all', 'every leaf of the installation, not only your organization; platform administrators only')
    .option('--force', 'replace the file')
    .option('--wait <minutes>', 'when others must approve it: wait so long for them, then export', parseMinutes)
    .action(ending(cli, (options: ExportOptions) => exportLog(cli, options)));
}

async function exportLog(cli: Cli, options: ExportOptions): Promise<ExitCode> {
  try {
    await writeExport(cli, options);
    return exitCodes.done;
  } catch (error) {
    const id = approvalOf(error);
    if (options.wait === undefined || id === undefined) throw error;
    cli.output.note(`qv: waits for the approval of others: ${safeText(id)}`);
    const approval = await followApproval(cli, await connect(cli), { id, minutes: options.wait, isOwn: true });
    if (approval.status !== 'approved') {
      cli.output.note(`qv: not exported: the request is ${approval.status}.`);
      return exitOfApproval(approval);
    }
    await writeExport(cli, options);
    return exitCodes.done;
  }
}

async function writeExport(cli: Cli, { out, all, force, json }: ExportOptions): Promise<void> {
  const path = resolve(cli.environment.folder, out);
  const { api, options, routes } = await connect(cli);
  const file = new OutputFile(path, { force: force === true, mode: 0o600 });
  const silence = new AbortController();
  let timer = setTimeout(() => silence.abort(), silenceMaxMs);
  let bytes = 0;
  let lines = 0;
  let lastByte = 0;
  try {
    const query = all ? { scope: 'all' as const } : {};
    const response = await api.sendRoute(options, routes.exportAudit, { query }, { signal: silence.signal });
    if (response.body === null) throw new CliError('CLI_ANSWER_BROKEN', 'The server sent no export.');
    for await (const chunk of response.body) {
      clearTimeout(timer);
      timer = setTimeout(() => silence.abort(), silenceMaxMs);
      file.write(chunk);
      bytes += chunk.length;
      for (let at = chunk.indexOf(0x0a); at >= 0; at = chunk.indexOf(0x0a, at + 1)) lines += 1;
      lastByte = chunk.at(-1) ?? lastByte;
    }
    // An export that broke off between two lines is told by the verifier (TAIL_MISSING); one within a line is told here.
    if (lines === 0 || lastByte !== 0x0a)
      throw new CliError('CLI_ANSWER_BROKEN', 'The export broke off; nothing was kept.');
    file.finish();
  } catch (error) {
    file.discard();
    if (error instanceof CliError || (error instanceof Error && /^Api/.test(error.name))) throw error;
    throw new CliError('CLI_ANSWER_BROKEN', 'The export broke off; nothing was kept.', { cause: error });
  } finally {
    clearTimeout(timer);
  }
  // The first line is the header.
  if (json) return cli.output.json({ file: path, lines: lines - 1, bytes });
  cli.output.line(`wrote ${safeText(path)}: ${lines - 1} lines of the log, ${formatBytes(bytes)}`);
  cli.output.line(`Check it anywhere: qv audit verify ${safeText(out)} --key log.vkey --checkpoint FILE --tiles DIR`);
}
