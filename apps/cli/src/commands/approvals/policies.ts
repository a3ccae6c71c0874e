import type { ApprovalPolicyView } from '@quantumvault/api';
import type { Cli, JsonOption } from '../../cli.ts';
import { connect, needBody } from '../../connection/connect.ts';
import { formatList } from '../../terminal/format.ts';
import { safeText } from '../../terminal/safe-text.ts';
import { printFields, printTable } from '../../terminal/table.ts';

export interface SetPolicyOptions extends JsonOption {
  readonly quorum: number;
  readonly role?: string;
  readonly hours?: number;
  readonly signed?: boolean;
  /** False with --no-reason. */
  readonly reason: boolean;
  readonly network?: readonly string[];
}

const secondsOfHour = 3_600;

const demandOf = ({ quorum, approverRole, signatureRequired }: ApprovalPolicyView): string =>
  [
    quorum === 1 ? 'one approval' : `${quorum} approvals`,
    ...(approverRole === null ? [] : [`by ${approverRole}`]),
    ...(signatureRequired ? ['signed'] : []),
  ].join(', ');

export async function listPolicies(cli: Cli, { json }: JsonOption): Promise<void> {
  const { client } = await connect(cli);
  const { items } = await client.listApprovalPolicies();
  if (json) return cli.output.json(items);
  printTable(
    cli.output,
    [{ title: 'OPERATION' }, { title: 'DEMANDS' }, { title: 'WHAT IT DOES' }],
    items.map(({ operation, policy, sentence }) => [operation, policy === null ? 'free' : demandOf(policy), sentence]),
  );
}

export async function setPolicy(cli: Cli, operation: string, options: SetPolicyOptions): Promise<void> {
  const { quorum, role, hours, signed, reason, network, json } = options;
  const { client, routes, api } = await connect(cli);
  const draft = needBody(
    routes.setApprovalPolicy,
    {
      operation,
      quorum,
      signatureRequired: signed === true,
      reasonRequired: reason,
      ...(role === undefined ? {} : { approverRole: role }),
      ...(hours === undefined ? {} : { expiresInSeconds: hours * secondsOfHour }),
      ...(network === undefined ? {} : { approverNetworks: [...network] }),
    },
    { operation: 'the operation', approverRole: '--role', approverNetworks: '--network' },
  );
  const policy = await client.setApprovalPolicy({ body: api.setApprovalPolicyBody.parse(draft) });
  if (json) return cli.output.json(policy);
  printFields(cli.output, [
    ['operation', policy.operation],
    ['demands', demandOf(policy)],
    ['expires', `${policy.expiresInSeconds / secondsOfHour} h after it was asked`],
    ['reason', policy.reasonRequired ? 'demanded' : 'welcome'],
    ['networks', formatList(policy.approverNetworks)],
    ['version', String(policy.version)],
  ]);
}

export async function freeOperation(cli: Cli, operation: string, { json }: JsonOption): Promise<void> {
  const { client } = await connect(cli);
  await client.removeApprovalPolicy({ params: { operation } });
  if (json) return cli.output.json({ freed: operation });
  cli.output.line(`${safeText(operation)} is free of approval.`);
}
