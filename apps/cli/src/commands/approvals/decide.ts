import type { RouteOutput, Routes } from '@quantumvault/api';
import type { ApprovalStatement } from '@quantumvault/envelope';
import type { Cli, JsonOption } from '../../cli.ts';
import { type Connection, connect, needBody } from '../../connection/connect.ts';
import { needId } from '../../connection/resolve.ts';
import { CliError, type ExitCode, exitCodes } from '../../errors.ts';
import { safeText } from '../../terminal/safe-text.ts';
import { signerOfFile } from '../envelope/signers.ts';
import { readApproval } from './plan.ts';

export interface DecideOptions extends JsonOption {
  readonly hash: string;
  readonly reason?: string;
  readonly key?: string;
}

type Decided = RouteOutput<Routes['approveApproval']>;

const digitsMin = 12;

/**
 * Decides about the plan whose hash the person has seen. The hash is computed here from the plan that the server shows: a
 * server that shows one plan and names the hash of another is found out before anything is sent or signed.
 */
export async function decide(
  cli: Cli,
  decision: 'approve' | 'reject',
  text: string,
  { hash, reason, key, json }: DecideOptions,
): Promise<ExitCode> {
  const id = needId(text, 'a request for approval');
  const seen = hash.toLowerCase();
  if (!/^[0-9a-f]{12,64}$/.test(seen))
    throw new CliError(
      'CLI_WRONG_USE',
      `--hash is at least the first ${digitsMin} digits of the plan hash (0-9, a-f).`,
    );
  const connection = await connect(cli);
  const { client, routes } = connection;
  const { organizationId, actorId } = await client.whoAmI();
  const { approval, plan, planHash } = await readApproval(connection, { id, organizationId });
  if (!planHash.startsWith(seen))
    throw new CliError('CLI_WRONG_USE', 'The hash is not that of this plan: look at it again with qv approvals show.');
  const { kind, id: requesterId } = approval.requester;
  const signature =
    key === undefined
      ? undefined
      : await signed(cli, key, {
          plan,
          requestId: id,
          requester: { kind, id: requesterId },
          approverId: actorId,
          decision,
        });
  const contract = decision === 'approve' ? routes.approveApproval : routes.rejectApproval;
  const body = needBody(
    contract,
    { planHash, ...(reason === undefined ? {} : { reason }), ...(signature === undefined ? {} : { signature }) },
    { reason: '--reason' },
  );
  const call = decision === 'approve' ? client.approveApproval : client.rejectApproval;
  return answer(cli, await call({ params: { id }, body }), json);
}

async function signed(cli: Cli, key: string, statement: ApprovalStatement): Promise<string> {
  const { signApproval } = await import('@quantumvault/envelope');
  const signer = await signerOfFile(cli, key);
  const signature = await signApproval(statement, { signer, statedAt: cli.clock.now() });
  return Buffer.from(signature).toString('base64');
}

export async function execute(cli: Cli, text: string, { json }: JsonOption): Promise<ExitCode> {
  const id = needId(text, 'a request for approval');
  const { client } = await connect(cli);
  return answer(cli, await client.executeApproval({ params: { id } }), json);
}

export async function cancel(cli: Cli, text: string, { json }: JsonOption): Promise<void> {
  const id = needId(text, 'a request for approval');
  const { client }: Connection = await connect(cli);
  const approval = await client.cancelApproval({ params: { id } });
  if (json) cli.output.json(approval);
  else cli.output.line(`Request ${id} is ${approval.status}.`);
}

function answer(cli: Cli, decided: Decided, json: boolean | undefined): ExitCode {
  const { approval, execution } = decided;
  const exitCode = execution?.outcome === 'failed' ? exitCodes.negative : exitCodes.done;
  if (json) {
    cli.output.json(decided);
    return exitCode;
  }
  cli.output.line(`Request ${approval.id} is ${approval.status}: ${safeText(approval.summary)}`);
  for (const missing of approval.missing) cli.output.line(`waits for ${safeText(missing)}`);
  if (execution?.outcome === 'executed')
    cli.output.line(`It was carried out${execution.resultId === null ? '' : `; it made ${execution.resultId}`}.`);
  if (execution?.outcome === 'waits-for-requester')
    cli.output.line('Whoever asked does it now, by asking once more in the same way.');
  if (execution?.outcome === 'failed')
    cli.output.note(`qv: it was not carried out: ${safeText(execution.message ?? '')} [${execution.code ?? ''}]`);
  return exitCode;
}
