import { resolve } from 'node:path';
import type { ApprovalEvidence } from '@quantumvault/api';
import type { PublicSigner } from '@quantumvault/envelope';
import type { Cli, JsonOption } from '../../cli.ts';
import { connect } from '../../connection/connect.ts';
import { needId } from '../../connection/resolve.ts';
import { CliError, type ExitCode, exitCodes } from '../../errors.ts';
import { readTextFile } from '../../local/input-file.ts';
import { writeOutputFile } from '../../local/output-file.ts';
import { formatInstant } from '../../terminal/format.ts';
import { safeText } from '../../terminal/safe-text.ts';
import { linesOfFile, wrongUse } from '../envelope/keys.ts';
import { hexOf } from '../envelope/signers.ts';
import { isHash, planOf } from './plan.ts';

export interface EvidenceOptions extends JsonOption {
  readonly out: string;
  readonly force?: boolean;
}

export interface VerifyOptions extends JsonOption {
  readonly signersFile: string;
  readonly quorum: number;
}

export async function keepEvidence(cli: Cli, text: string, { out, force, json }: EvidenceOptions): Promise<void> {
  const id = needId(text, 'a request for approval');
  const { client } = await connect(cli);
  const evidence = await client.getApprovalEvidence({ params: { id } });
  const file = resolve(cli.environment.folder, out);
  writeOutputFile(file, new TextEncoder().encode(`${JSON.stringify(evidence, null, 2)}\n`), {
    force: force === true,
    mode: 0o600,
  });
  const signed = evidence.statements.filter(({ signature }) => signature !== null).length;
  if (json) return cli.output.json({ file, statements: evidence.statements.length, signed });
  cli.output.line(`wrote ${safeText(file)}: ${evidence.statements.length} statements, ${signed} of them signed`);
}

interface Checked {
  readonly approverId: string;
  readonly decision: string;
  readonly verified: boolean;
  /** By the approver's clock; null when nothing was verified. */
  readonly statedAt: string | null;
}

/** Trusts nothing in the file but what a signer of the list has signed (APR-7). Ends with 1 when the quorum is not there. */
export async function verifyEvidence(
  cli: Cli,
  name: string,
  { signersFile, quorum, json }: VerifyOptions,
): Promise<ExitCode> {
  const evidence = await readEvidence(cli, name);
  const known = await signersOf(cli, signersFile);
  const { planHash } = await import('@quantumvault/envelope');
  const computed = planHash(planOf(evidence.tenant, evidence));
  const hash = hexOf(computed);
  const isStated = await isHash(computed, evidence.planHash);
  const checked: Checked[] = [];
  for (const statement of evidence.statements)
    checked.push(await check(evidence, statement, known.get(statement.approverId) ?? []));
  const approvers = checked.filter(({ verified, decision }) => verified && decision === 'approve').length;
  const isThere = isStated && approvers >= quorum;
  if (json) cli.output.json({ valid: isThere, planHash: hash, approvers, quorum, statements: checked });
  else {
    cli.output.line(`plan hash  ${hash}${isStated ? '' : ' (the file says another one)'}`);
    for (const { approverId, decision, verified, statedAt } of checked)
      cli.output.line(
        verified
          ? `signed     ${decision} by ${approverId}, who says ${formatInstant(statedAt)}`
          : `not shown  ${decision} by ${safeText(approverId)}: no signature by a signer of the list`,
      );
    cli.output.line(`${isThere ? 'valid' : 'NOT valid'}: ${approvers} of ${quorum} approvals are signed`);
  }
  return isThere ? exitCodes.done : exitCodes.negative;
}

async function readEvidence(cli: Cli, name: string): Promise<ApprovalEvidence> {
  const { approvalEvidenceSchema } = await import('@quantumvault/api');
  const text = readTextFile(resolve(cli.environment.folder, name));
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    value = null;
  }
  const parsed = approvalEvidenceSchema.safeParse(value);
  if (parsed.success) return parsed.data;
  throw new CliError('CLI_WRONG_USE', `${safeText(name)} is no evidence of an approval.`);
}

/** Lines of `<approver id> <qvs1...>`: whose key it is, the reader knows and the file does not say. */
async function signersOf(cli: Cli, file: string): Promise<ReadonlyMap<string, PublicSigner[]>> {
  const { parseSigner } = await import('@quantumvault/envelope');
  const known = new Map<string, PublicSigner[]>();
  for (const { text, where } of await linesOfFile(cli, file)) {
    const [id = '', signer = '', ...rest] = text.split(/\s+/);
    if (signer === '' || rest.length > 0)
      throw new CliError('CLI_WRONG_USE', `${where}: an approver id and a signer are wanted.`);
    const approverId = needId(id, 'an approver');
    try {
      known.set(approverId, [...(known.get(approverId) ?? []), parseSigner(signer)]);
    } catch (error) {
      throw wrongUse(where, error);
    }
  }
  return known;
}

async function check(
  evidence: ApprovalEvidence,
  { approverId, decision, signature }: ApprovalEvidence['statements'][number],
  signers: readonly PublicSigner[],
): Promise<Checked> {
  const refused = { approverId, decision, verified: false, statedAt: null };
  if (signature === null) return refused;
  const { EnvelopeError, verifyApproval } = await import('@quantumvault/envelope');
  const { tenant, requestId, requester } = evidence;
  try {
    const { statedAt } = await verifyApproval(
      { plan: planOf(tenant, evidence), requestId, requester, approverId, decision },
      { signature: new Uint8Array(Buffer.from(signature, 'base64')), signers },
    );
    return { approverId, decision, verified: true, statedAt: new Date(statedAt).toISOString() };
  } catch (error) {
    if (error instanceof EnvelopeError) return refused;
    throw error;
  }
}
