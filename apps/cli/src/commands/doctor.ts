import type { Command } from 'commander';
import { addCommand, type Cli, ending, type JsonOption, type Running } from '../cli.ts';
import { type ExitCode, exitCodes } from '../errors.ts';
import { safeText } from '../terminal/safe-text.ts';
import { stateStyle } from '../terminal/style.ts';

export function addDoctor(program: Command, cli: Running): void {
  addCommand(program, 'doctor', 'Check this installation and say what to do; exit code 1 when a check fails').action(
    ending(cli, (options: JsonOption) => examine(cli, options)),
  );
}

async function examine(cli: Cli, { json }: JsonOption): Promise<ExitCode> {
  const { checkInstallation } = await import('../doctor/check-installation.ts');
  const checks = await checkInstallation(cli);
  const ok = checks.every(({ result }) => result !== 'fail');
  if (json) {
    cli.output.json({ ok, checks });
    return ok ? exitCodes.done : exitCodes.negative;
  }
  for (const { name, result, message, remedy } of checks) {
    cli.output.line(
      `${cli.output.paint(result.padEnd(4), stateStyle(result))}  ${name.padEnd(20)}  ${safeText(message)}`,
    );
    if (remedy !== null) cli.output.line(`${' '.repeat(28)}${cli.output.paint(`-> ${safeText(remedy)}`, 'dim')}`);
  }
  const count = (wanted: string): number => checks.filter(({ result }) => result === wanted).length;
  cli.output.line();
  cli.output.line(`${count('ok')} ok, ${count('warn')} to look at, ${count('fail')} failed`);
  return ok ? exitCodes.done : exitCodes.negative;
}
