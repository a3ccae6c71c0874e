import type { Command } from 'commander';
import { addCommand, type Cli, ending, type JsonOption, type Running } from '../../cli.ts';
import { CliError, type ExitCode, exitCodes } from '../../errors.ts';
import { readTextFile } from '../../local/input-file.ts';
import { safeText } from '../../terminal/safe-text.ts';

export function addTestPolicy(access: Command, cli: Running): void {
  addCommand(access, 'test <file>', 'Run tests of a policy from a JSON file, without a server').action(
    ending(cli, (file: string, options: JsonOption) => testPolicy(cli, file, options)),
  );
}

/** The decision is the server's own code; nothing leaves this machine. */
async function testPolicy(cli: Cli, file: string, { json }: JsonOption): Promise<ExitCode> {
  const { PolicyTestFileError, runPolicyTests } = await import('@quantumvault/access');
  let value: unknown;
  try {
    value = JSON.parse(readTextFile(file));
  } catch (error) {
    if (error instanceof CliError) throw error;
    throw new CliError('CLI_FILE_UNREADABLE', `${file} is not JSON.`);
  }
  const tests = (() => {
    try {
      return runPolicyTests(value);
    } catch (error) {
      if (error instanceof PolicyTestFileError) throw new CliError('CLI_FILE_UNREADABLE', `${file}: ${error.message}`);
      throw error;
    }
  })();
  const results = tests.map(({ name, subject, expected, found }) => ({
    name,
    subject,
    expected,
    found,
    ok: expected === found,
  }));
  const failed = results.filter(({ ok }) => !ok);
  if (json) cli.output.json({ passed: results.length - failed.length, failed: failed.length, tests: results });
  else {
    for (const { name, subject, expected, found } of failed)
      cli.output.line(
        `${cli.output.paint('failed', 'red')}  ${safeText(name)}: ${safeText(subject)} is ${found}, expected ${expected}`,
      );
    cli.output.line(`${results.length - failed.length} passed, ${failed.length} failed`);
  }
  return failed.length === 0 ? exitCodes.done : exitCodes.negative;
}
