import type { ApprovalSummary, ApprovalView } from '@quantumvault/api';
import type { Cli, JsonOption } from '../../cli.ts';
import { collect, connect } from '../../connection/connect.ts';
import { needId } from '../../connection/resolve.ts';
import { formatInstant } from '../../terminal/format.ts';
import { safeText } from '../../terminal/safe-text.ts';
import { printFields, printTable } from '../../terminal/table.ts';
import { readApproval } from './plan.ts';

export interface InboxOptions extends JsonOption {
  readonly status?: ApprovalSummary['status'];
  readonly mine?: 'requested' | 'decided' | 'to-decide';
  readonly limit: number;
}

export async function listApprovals(cli: Cli, { status, mine, limit, json }: InboxOptions): Promise<void> {
  const { client } = await connect(cli);
  const filter = { ...(status === undefined ? {} : { status }), ...(mine === undefined ? {} : { mine }) };
  const items = await collect(limit, (page) => client.listApprovals({ query: { ...page, ...filter } }));
  if (json) return cli.output.json(items);
  if (items.length === 0) return cli.output.line('No requests for approval.');
  printTable(
    cli.output,
    [{ title: 'ID' }, { title: 'STATUS' }, { title: 'EXPIRES' }, { title: 'ASKED BY' }, { title: 'PLAN' }],
    items.map((item) => [item.id, item.status, formatInstant(item.expiresAt), item.requester.name, item.summary]),
  );
}

export async function showApproval(cli: Cli, text: string, { json }: JsonOption): Promise<void> {
  const id = needId(text, 'a request for approval');
  const connection = await connect(cli);
  const { organizationId } = await connection.client.whoAmI();
  const { approval, plan } = await readApproval(connection, { id, organizationId });
  if (json) return cli.output.json(approval);
  // The lines are made here from what the hash is of, not taken from the server.
  const { planLines } = await import('@quantumvault/envelope');
  printApproval(cli, approval, planLines(plan.plan));
}

function printApproval(cli: Cli, approval: ApprovalView, lines: readonly string[]): void {
  const { requester, demands } = approval;
  printFields(cli.output, [
    ['approval', approval.id],
    ['plan', approval.summary],
    ['operation', `${approval.operation} on ${approval.resource.type} ${approval.resource.id}`],
    ['plan hash', approval.planHash],
    ['status', approval.status],
    ['asked by', `${requester.name} (${requester.kind} ${requester.id}), ${formatInstant(approval.createdAt)}`],
    ['reason', approval.reason ?? '-'],
    ['expires', formatInstant(approval.expiresAt)],
    ...demands.thresholds.map(
      ({ quorum, counted, approverRole }) =>
        ['approvals', `${counted} of ${quorum}${approverRole === null ? '' : ` of the role ${approverRole}`}`] as const,
    ),
    ['signatures', demands.signatureRequired ? 'demanded' : 'welcome'],
  ]);
  cli.output.line('The exact plan:');
  for (const line of lines) cli.output.line(`  ${safeText(line)}`);
  for (const { approver, decision, at, reason, signed, counts } of approval.votes) {
    const notes = [
      signed ? 'signed' : 'not signed',
      ...(counts || decision === 'reject' ? [] : ['does not count now']),
    ];
    const why = reason === null ? '' : `: ${reason}`;
    cli.output.line(
      safeText(
        `${decision === 'approve' ? 'approved' : 'rejected'} by ${approver.name}, ${formatInstant(at)} (${notes.join(', ')})${why}`,
      ),
    );
  }
  for (const missing of approval.missing) cli.output.line(`waits for ${safeText(missing)}`);
  if (approval.status === 'pending')
    cli.output.line(approval.mayDecide ? 'You may decide.' : `You may not decide: ${approval.whyNot ?? 'unknown'}.`);
}

export async function showApprovers(cli: Cli, text: string, { json }: JsonOption): Promise<void> {
  const id = needId(text, 'a request for approval');
  const { client } = await connect(cli);
  const found = await client.listApprovers({ params: { id } });
  if (json) return cli.output.json(found);
  for (const { quorum, approverRole, approvers, truncated } of found.thresholds) {
    const people = quorum === 1 ? '1 person' : `${quorum} people`;
    const whose = approverRole === null ? 'who may decide approvals' : `of the role ${approverRole}`;
    cli.output.line(safeText(`${people} ${whose}; now these could:`));
    for (const { name, email } of approvers)
      cli.output.line(safeText(`  ${name === email ? name : `${name} (${email})`}`));
    if (approvers.length === 0) cli.output.line('  nobody but the one who asks: an administrator must give the role.');
    if (truncated) cli.output.line('  and more people');
  }
}
