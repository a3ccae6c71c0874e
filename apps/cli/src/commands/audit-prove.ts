import { resolve } from 'node:path';
import type { Command } from 'commander';
import { addCommand, type Cli, ending, type JsonOption, type Running } from '../cli.ts';
import { connect } from '../connection/connect.ts';
import { needId } from '../connection/resolve.ts';
import { type ExitCode, exitCodes } from '../errors.ts';
import { readTextFile } from '../local/input-file.ts';
import { needFreePath, writeOutputFile } from '../local/output-file.ts';
import { safeText } from '../terminal/safe-text.ts';
import { readKeys } from './audit-verify.ts';

interface ProveOptions extends JsonOption {
  readonly out?: string;
  readonly key?: string;
  readonly force?: boolean;
}

export function addAuditProve(audit: Command, cli: Running): void {
  addCommand(
    audit,
    'prove <event-id>',
    'Fetch the proof that one event is in the log, and check it when keys are given',
  )
    .option('--out <file>', 'write the proof (C2SP tlog-proof) that an outsider can check alone')
    .option('--key <file>', 'pinned public keys of the log (log.vkey); exit code 1 when the proof does not hold')
    .option('--force', 'replace the file')
    .action(ending(cli, (id: string, options: ProveOptions) => prove(cli, id, options)));
}

interface Check {
  readonly valid: boolean;
  readonly reason: string | null;
}

async function prove(cli: Cli, given: string, { out, key, force, json }: ProveOptions): Promise<ExitCode> {
  const id = needId(given, 'an audit event');
  const path = (name: string): string => resolve(cli.environment.folder, name);
  const file = out === undefined ? undefined : path(out);
  if (file !== undefined) needFreePath(file, force === true);
  const keyText = key === undefined ? undefined : readTextFile(path(key));
  const { client } = await connect(cli);
  const answer = await client.proveAuditEvent({ params: { id } });
  const check = keyText === undefined ? undefined : await checkProof(answer, id, keyText, key ?? '');
  if (file !== undefined) writeOutputFile(file, answer.proof, { force: force === true, mode: 0o644 });
  const exitCode = check === undefined || check.valid ? exitCodes.done : exitCodes.negative;
  if (json) {
    cli.output.json({ ...answer, ...(check === undefined ? {} : { check }) });
    return exitCode;
  }
  cli.output.line(`event ${id} is said to be leaf ${answer.logIndex} of the log`);
  if (check === undefined) cli.output.line('not checked: give the pinned keys with --key log.vkey');
  else if (check.valid) cli.output.line(cli.output.paint('VALID: the signed checkpoint contains this event', 'green'));
  else cli.output.line(`${cli.output.paint('NOT VALID', 'red')}: ${safeText(check.reason ?? '')}`);
  if (file !== undefined) cli.output.line(`wrote ${safeText(file)}`);
  return exitCode;
}

/** Believes nothing that the server says beside the proof: the id and the index must come out of the proof itself. */
async function checkProof(
  answer: { readonly logIndex: number; readonly proof: string },
  id: string,
  keyText: string,
  keyFile: string,
): Promise<Check> {
  const { parseLogKeys, verifyProofFile } = await import('@quantumvault/tlog');
  const keys = readKeys(parseLogKeys, keyText, keyFile);
  try {
    const proved = verifyProofFile(answer.proof, keys);
    if (proved.event.id !== id) return { valid: false, reason: 'the proof is of another event' };
    if (proved.index !== BigInt(answer.logIndex)) return { valid: false, reason: 'the proof is of another place' };
    return { valid: true, reason: null };
  } catch (error) {
    if (!(error instanceof Error) || error.name !== 'TlogError') throw error;
    return { valid: false, reason: `${error.message} [${String(Reflect.get(error, 'code'))}]` };
  }
}
