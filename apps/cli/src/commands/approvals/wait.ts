import type { ApprovalView } from '@quantumvault/api';
import type { Cli, JsonOption } from '../../cli.ts';
import { type Connection, connect } from '../../connection/connect.ts';
import { isPassing, problemOf } from '../../connection/failures.ts';
import { needId } from '../../connection/resolve.ts';
import { type ExitCode, exitCodes } from '../../errors.ts';
import { safeText } from '../../terminal/safe-text.ts';

export interface WaitOptions extends JsonOption {
  readonly minutes: number;
}

// People decide: a look every two seconds is soon enough, and costs the server little.
const pollMs = 2_000;
// The last approval carries the plan out in the same request; approved for longer, somebody has to act.
const carryOutMs = 5_000;
const absenceMaxMs = 60_000;
const minuteMs = 60_000;

/**
 * Looks at a request until others have decided, or the time is over. `isOwn`: who asked carries it out, so it is over when it
 * is approved; else the server does. A server that goes away for a moment does not end it.
 */
export async function followApproval(
  cli: Cli,
  { client }: Pick<Connection, 'client'>,
  { id, minutes, isOwn = false }: { readonly id: string; readonly minutes: number; readonly isOwn?: boolean },
): Promise<ApprovalView> {
  const begun = cli.clock.now();
  let seenAt = begun;
  let approvedAt: number | undefined;
  for (;;) {
    const approval = await look();
    const now = cli.clock.now();
    if (approval !== undefined) {
      seenAt = now;
      approvedAt = approval.status === 'approved' ? (approvedAt ?? now) : undefined;
      const isLeft = approvedAt !== undefined && (isOwn || now - approvedAt >= carryOutMs);
      const isOpen = approval.status === 'pending' || approval.status === 'approved';
      if (!isOpen || isLeft || now - begun >= minutes * minuteMs) return approval;
    }
    await cli.clock.sleep(pollMs);
  }

  async function look(): Promise<ApprovalView | undefined> {
    try {
      return await client.getApproval({ params: { id } });
    } catch (error) {
      if (!isPassing(error) || cli.clock.now() - seenAt > absenceMaxMs) throw error;
      return undefined;
    }
  }
}

/** 0 when it was carried out or may be by who asked, 1 when it ended otherwise, 6 while it still waits. */
export function exitOfApproval({ status }: Pick<ApprovalView, 'status'>): ExitCode {
  if (status === 'pending') return exitCodes.waitsForApproval;
  return status === 'executed' || status === 'approved' ? exitCodes.done : exitCodes.negative;
}

/** The id of the request that this error tells of, when it is that an approval is needed. */
export function approvalOf(error: unknown): string | undefined {
  const { code, approvalId } = problemOf(error) ?? {};
  return code === 'APPROVALS_REQUIRED' ? approvalId : undefined;
}

type Started = { readonly id: string } | { readonly id: null; readonly exitCode: ExitCode };

/** Asks for something that makes one thing; when others must approve it, waits for them and for what the server made then. */
export async function whenApproved(
  cli: Cli,
  connection: Connection,
  { minutes, ask }: { readonly minutes: number | undefined; readonly ask: () => Promise<string> },
): Promise<Started> {
  try {
    return { id: await ask() };
  } catch (error) {
    const id = approvalOf(error);
    if (minutes === undefined || id === undefined) throw error;
    cli.output.note(`qv: waits for the approval of others: ${safeText(id)}`);
    const approval = await followApproval(cli, connection, { id, minutes });
    if (approval.status === 'executed' && approval.resultId !== null) return { id: approval.resultId };
    cli.output.note(`qv: not done: the request is ${approval.status}.`);
    const exitCode = exitOfApproval(approval);
    return { id: null, exitCode: exitCode === exitCodes.done ? exitCodes.negative : exitCode };
  }
}

export async function waitForApproval(cli: Cli, text: string, { minutes, json }: WaitOptions): Promise<ExitCode> {
  const id = needId(text, 'a request for approval');
  const approval = await followApproval(cli, await connect(cli), { id, minutes });
  const { status, summary, missing, resultId } = approval;
  if (json) {
    cli.output.json(approval);
    return exitOfApproval(approval);
  }
  cli.output.line(`Request ${id} is ${status}: ${safeText(summary)}`);
  if (resultId !== null) cli.output.line(`It made ${resultId}.`);
  for (const sentence of missing) cli.output.line(`waits for ${safeText(sentence)}`);
  if (status === 'approved')
    cli.output.line(`Run what you asked for once more; what the server does itself, qv approvals execute ${id} does.`);
  return exitOfApproval(approval);
}
