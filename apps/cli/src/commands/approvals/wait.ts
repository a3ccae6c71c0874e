import type { ApprovalView } from '@quantumvault/api';
import type { Cli, JsonOption } from '../../cli.ts';
import { connect } from '../../connection/connect.ts';
import { isPassing } from '../../connection/failures.ts';
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

const isOpen = ({ status }: ApprovalView): boolean => status === 'pending' || status === 'approved';

/**
 * Looks at a request until others have decided. Ends with 0 when it was carried out or may be by who asked, with 1 when it
 * ended otherwise, and with 6 while it still waits.
 */
export async function waitForApproval(cli: Cli, text: string, { minutes, json }: WaitOptions): Promise<ExitCode> {
  const id = needId(text, 'a request for approval');
  const { client } = await connect(cli);
  const begun = cli.clock.now();
  let seenAt = begun;
  let approvedAt: number | undefined;
  for (;;) {
    const approval = await look();
    const now = cli.clock.now();
    if (approval !== undefined) {
      seenAt = now;
      approvedAt = approval.status === 'approved' ? (approvedAt ?? now) : undefined;
      const isStuck = approvedAt !== undefined && now - approvedAt >= carryOutMs;
      if (!isOpen(approval) || isStuck || now - begun >= minutes * minuteMs) return tell(cli, approval, json);
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

function tell(cli: Cli, approval: ApprovalView, json: boolean | undefined): ExitCode {
  const { id, status, summary, missing } = approval;
  if (json) cli.output.json(approval);
  else {
    cli.output.line(`Request ${id} is ${status}: ${safeText(summary)}`);
    for (const sentence of missing) cli.output.line(`waits for ${safeText(sentence)}`);
    if (status === 'approved')
      cli.output.line(
        `Run what you asked for once more; what the server does itself, qv approvals execute ${id} does.`,
      );
  }
  if (status === 'pending') return exitCodes.waitsForApproval;
  return status === 'executed' || status === 'approved' ? exitCodes.done : exitCodes.negative;
}
