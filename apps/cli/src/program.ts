import { readFileSync } from 'node:fs';
import { Command, CommanderError } from 'commander';
import type { Cli, Running } from './cli.ts';
import { addAccess } from './commands/access/access.ts';
import { addGrants } from './commands/access/grants.ts';
import { addRoles } from './commands/access/roles.ts';
import { addApprovals } from './commands/approvals/approvals.ts';
import { addAssets } from './commands/assets.ts';
import { addAuditExport } from './commands/audit-export.ts';
import { addAuditProve } from './commands/audit-prove.ts';
import { addAuditTail } from './commands/audit-tail.ts';
import { addAuditVerify } from './commands/audit-verify.ts';
import { addCert } from './commands/cert/cert.ts';
import { addCertificates } from './commands/certificates.ts';
import { addCrypto } from './commands/crypto.ts';
import { addDataKey } from './commands/data-key.ts';
import { addDatabase } from './commands/db.ts';
import { addDoctor } from './commands/doctor.ts';
import { addDecrypt } from './commands/envelope/decrypt.ts';
import { addEncrypt } from './commands/envelope/encrypt.ts';
import { addInspect } from './commands/envelope/inspect.ts';
import { addKeygen } from './commands/envelope/keygen.ts';
import { addRewrap } from './commands/envelope/rewrap.ts';
import { addFindings } from './commands/findings.ts';
import { addAgent } from './commands/identity/agent.ts';
import { addApiKeys } from './commands/identity/api-keys.ts';
import { addClientCertificates } from './commands/identity/client-certificates.ts';
import { addDevices } from './commands/identity/devices.ts';
import { addServiceAccounts } from './commands/identity/service-accounts.ts';
import { addJobs } from './commands/jobs.ts';
import { addJwks } from './commands/jwks.ts';
import { addMfa } from './commands/mfa/mfa.ts';
import { addOrg } from './commands/org/org.ts';
import { addEnvironments, addProjects, addServices } from './commands/org/places.ts';
import { addJoin } from './commands/people/join.ts';
import { addPassword } from './commands/people/password.ts';
import { addUsers } from './commands/people/users.ts';
import { addPolicies } from './commands/policies.ts';
import { addProtect } from './commands/protect.ts';
import { addScan } from './commands/scan.ts';
import { addScans } from './commands/scans.ts';
import { addSchedules } from './commands/schedules.ts';
import { addLogin } from './commands/sign-in/login.ts';
import { addLogout } from './commands/sign-in/logout.ts';
import { addSessions } from './commands/sign-in/sessions.ts';
import { addWhoAmI } from './commands/sign-in/whoami.ts';
import { addSign } from './commands/signature/sign.ts';
import { addVerify } from './commands/signature/verify.ts';
import { addStatus } from './commands/status.ts';
import { describeFailure } from './connection/failures.ts';
import { type ExitCode, exitCodes } from './errors.ts';

const epilogue = `
Settings: QV_URL names the server, and QV_API_KEY (better QV_API_KEY_FILE) a key, which comes before what qv login
keeps. Without them the installation in QV_DATA_DIR (default .quantumvault in the checkout) is used. NO_COLOR turns
colours off.

Exit codes: 0 done, 1 a negative answer, 2 wrong use, 3 refused, 4 the server is not reachable, 5 internal,
6 waits for the approval of others.
`;

function version(): string {
  const text = readFileSync(new URL('../package.json', import.meta.url), 'utf8');
  return /"version"\s*:\s*"([^"]+)"/.exec(text)?.[1] ?? 'unknown';
}

/** The whole command line. What a command needs is loaded when it runs, so that each start stays short. */
export function buildProgram(cli: Running): Command {
  const program = new Command('qv')
    .description('QuantumVault: find, hold, protect and prove an organization’s cryptography.')
    .version(version(), '-V, --version', 'print the version')
    .helpOption('-h, --help', 'print help')
    .helpCommand('help [command...]', 'print the help of a command')
    .addHelpText('after', epilogue)
    .exitOverride()
    .configureHelp({ helpWidth: Math.min(120, Math.max(60, cli.output.out.columns)) })
    .configureOutput({
      writeOut: (text) => cli.output.out.write(text),
      writeErr: (text) => cli.output.err.write(text),
      outputError: (text, write) => write(text.replace(/^error: /, 'qv: ')),
    });
  addLogin(program, cli);
  addLogout(program, cli);
  addWhoAmI(program, cli);
  addSessions(program, cli);
  addMfa(program, cli);
  addJoin(program, cli);
  addPassword(program, cli);
  addUsers(program, cli);
  addStatus(program, cli);
  addDoctor(program, cli);
  addDatabase(program, cli);
  addScan(program, cli);
  addScans(program, cli);
  addAssets(program, cli);
  addFindings(program, cli);
  addPolicies(program, cli);
  addProtect(program, cli);
  addDataKey(program, cli);
  addJwks(program, cli);
  addCertificates(program, cli);
  addJobs(program, cli);
  addSchedules(program, cli);
  addRoles(program, cli);
  addGrants(program, cli);
  addAccess(program, cli);
  addServiceAccounts(program, cli);
  addApiKeys(program, cli);
  addDevices(program, cli);
  addAgent(program, cli);
  addClientCertificates(program, cli);
  addOrg(program, cli);
  addEnvironments(program, cli);
  addProjects(program, cli);
  addServices(program, cli);
  addApprovals(program, cli);
  const audit = program.command('audit').description('The audit log: read it, take it away, check it, prove an event');
  addAuditTail(audit, cli);
  addAuditExport(audit, cli);
  addAuditVerify(audit, cli);
  addAuditProve(audit, cli);
  addKeygen(program, cli);
  addEncrypt(program, cli);
  addDecrypt(program, cli);
  addRewrap(program, cli);
  addInspect(program, cli);
  addSign(program, cli);
  addVerify(program, cli);
  addCert(program, cli);
  addCrypto(program, cli);
  return program;
}

const helpShown: ReadonlySet<string> = new Set(['commander.helpDisplayed', 'commander.version']);

/**
 * `help` before or among the names of commands is `--help` behind them. A name that nobody knows is left alone, because the
 * help of what is above it would hide the mistake.
 */
function withoutHelpWords(program: Command, words: readonly string[]): readonly string[] {
  const names: string[] = [];
  let command = program;
  for (const [at, word] of words.entries()) {
    if (word.startsWith('-')) break;
    if (word === 'help' && command.commands.length > 0)
      return withoutHelpWords(program, [...names, ...words.slice(at + 1), '--help']);
    const next = command.commands.find((one) => one.name() === word);
    if (next === undefined) return command.commands.length > 0 ? [...names, word] : words;
    names.push(word);
    command = next;
  }
  return words;
}

/** Runs one command line and gives its exit code. Never rejects. */
export async function run(words: readonly string[], cli: Cli): Promise<ExitCode> {
  const running: Running = { ...cli, exitCode: exitCodes.done };
  try {
    const program = buildProgram(running);
    await program.parseAsync([...withoutHelpWords(program, words)], { from: 'user' });
    return running.exitCode;
  } catch (error) {
    // commander has already said what was wrong, or printed the help that was asked for.
    if (error instanceof CommanderError) return helpShown.has(error.code) ? exitCodes.done : exitCodes.wrongUse;
    const { exitCode, message } = describeFailure(error);
    cli.output.note(`qv: ${message}`);
    return exitCode;
  }
}
