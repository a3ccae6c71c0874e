import { type Command, Option } from 'commander';
import { addCommand, ending, type JsonOption, type Running } from '../../cli.ts';
import { collect as collectOption } from '../envelope/options.ts';
import { parseCount, parseWhole } from '../option-values.ts';
import { cancel, type DecideOptions, decide, execute } from './decide.ts';
import { type EvidenceOptions, keepEvidence, type VerifyOptions, verifyEvidence } from './evidence.ts';
import { type InboxOptions, listApprovals, showApproval, showApprovers } from './inbox.ts';
import { listKeys, registerKey, withdrawKey } from './keys.ts';
import { freeOperation, listPolicies, type SetPolicyOptions, setPolicy } from './policies.ts';
import { type WaitOptions, waitForApproval } from './wait.ts';

const examples = `
Examples:
  qv approvals --mine to-decide
  qv approvals show 01920000-0000-7000-8000-000000000000
  qv approvals approve 01920000-0000-7000-8000-000000000000 --hash 3f9a0c52e1b7 --reason 'Agreed in the change board'`;

const parseQuorum = parseWhole(1, 20);
const parseHours = parseWhole(1, 720);
const parseMinutes = parseWhole(1, 43_200);

export function addApprovals(program: Command, cli: Running): void {
  const approvals = program.command('approvals').description('Operations that wait for the approval of others');
  addInbox(approvals, cli);
  addDecisions(approvals, cli);
  addEvidence(approvals, cli);
  addPolicies(approvals.command('policies').description('What is under approval, and what approvals demand'), cli);
  addKeys(approvals.command('keys').description('Your keys for signing approvals'), cli);
  approvals.addHelpText('after', examples);
}

function addInbox(approvals: Command, cli: Running): void {
  addCommand(approvals, 'list', 'List requests that concern you, newest first', { isDefault: true })
    .addOption(
      new Option('--status <status>', 'only these').choices([
        'pending',
        'approved',
        'executed',
        'rejected',
        'cancelled',
        'expired',
      ]),
    )
    .addOption(
      new Option('--mine <which>', 'asked by you, decided by you, or waiting for you').choices([
        'requested',
        'decided',
        'to-decide',
      ]),
    )
    .option('--limit <count>', 'at most this many', parseCount, 50)
    .action(ending(cli, (options: InboxOptions) => listApprovals(cli, options)));
  addCommand(approvals, 'show <id>', 'Show the exact plan, its hash, who decided how, and what is missing').action(
    ending(cli, (id: string, options: JsonOption) => showApproval(cli, id, options)),
  );
  addCommand(approvals, 'approvers <id>', 'Show who could approve a request now, for each of its demands').action(
    ending(cli, (id: string, options: JsonOption) => showApprovers(cli, id, options)),
  );
}

function addDecisions(approvals: Command, cli: Running): void {
  for (const decision of ['approve', 'reject'] as const) {
    addCommand(
      approvals,
      `${decision} <id>`,
      decision === 'approve'
        ? 'Approve the plan that you have seen; the last approval carries it out'
        : 'Reject the plan that you have seen; that ends the request',
    )
      .requiredOption('--hash <digits>', 'plan hash that you have seen, at least its first 12 digits')
      .option('--reason <text>', 'why')
      .option('-k, --key <file>', 'sign the decision with this key (qv keygen --sign)')
      .action(ending(cli, (id: string, options: DecideOptions) => decide(cli, decision, id, options)));
  }
  addCommand(approvals, 'cancel <id>', 'Take your own request back').action(
    ending(cli, (id: string, options: JsonOption) => cancel(cli, id, options)),
  );
  addCommand(approvals, 'wait <id>', 'Wait until others have decided')
    .option('--minutes <minutes>', 'at most so long', parseMinutes, 60)
    .action(ending(cli, (id: string, options: WaitOptions) => waitForApproval(cli, id, options)));
  addCommand(approvals, 'execute <id>', 'Carry an approved plan out, when its first execution failed').action(
    ending(cli, (id: string, options: JsonOption) => execute(cli, id, options)),
  );
}

function addEvidence(approvals: Command, cli: Running): void {
  addCommand(approvals, 'evidence <id>', 'Write plan and signed statements to a file that can be checked offline')
    .requiredOption('-o, --out <file>', 'file to write (JSON)')
    .option('--force', 'replace the file')
    .action(ending(cli, (id: string, options: EvidenceOptions) => keepEvidence(cli, id, options)));
  addCommand(approvals, 'verify <file>', 'Check such a file; needs no server')
    .requiredOption('--signers-file <file>', 'lines of an approver id and the signer that you know to be his')
    .option('--quorum <count>', 'so many different approvers must have signed', parseQuorum, 1)
    .action(ending(cli, (file: string, options: VerifyOptions) => verifyEvidence(cli, file, options)));
}

function addPolicies(policies: Command, cli: Running): void {
  addCommand(policies, 'list', 'List every operation that can be put under approval', { isDefault: true }).action(
    ending(cli, (options: JsonOption) => listPolicies(cli, options)),
  );
  addCommand(policies, 'set <operation>', 'Put an operation under approval, or change what that demands')
    .requiredOption('--quorum <count>', 'different people who must approve', parseQuorum)
    .option('--role <role>', 'approvers must hold this role')
    .option('--hours <hours>', 'a request expires after this time; 24 when left out', parseHours)
    .option('--signed', 'approvals must be signed')
    .option('--no-reason', 'approvers need not say why')
    .option('--network <cidr>', 'approvers decide from this network; may be repeated', collectOption)
    .action(ending(cli, (operation: string, options: SetPolicyOptions) => setPolicy(cli, operation, options)));
  addCommand(policies, 'free <operation>', 'Free an operation of approval').action(
    ending(cli, (operation: string, options: JsonOption) => freeOperation(cli, operation, options)),
  );
}

function addKeys(keys: Command, cli: Running): void {
  addCommand(keys, 'list', 'List your keys', { isDefault: true }).action(
    ending(cli, (options: JsonOption) => listKeys(cli, options)),
  );
  addCommand(keys, 'register <file>', 'Register the signing key in a file; its secret stays here').action(
    ending(cli, (file: string, options: JsonOption) => registerKey(cli, file, options)),
  );
  addCommand(keys, 'withdraw <id>', 'Withdraw a key: it signs no further approvals').action(
    ending(cli, (id: string, options: JsonOption) => withdrawKey(cli, id, options)),
  );
}
