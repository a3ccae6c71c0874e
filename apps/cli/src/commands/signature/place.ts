// What a detached signature is bound to, the same words on both sides.
import type { DetachedFacts } from '@quantumvault/envelope';
import type { Command } from 'commander';
import { CliError } from '../../errors.ts';
import { addContextOption } from '../envelope/options.ts';

export interface SignedPlaceOptions {
  readonly context?: Readonly<Record<string, string>>;
  readonly organization?: string;
  readonly purpose?: string;
}

export function addSignedPlaceOptions(command: Command): Command {
  return addContextOption(command)
    .option('--organization <id>', 'UUID of the organization it belongs to; default: none, all zeros')
    .option('--purpose <word>', 'what the signature is for, the same on both sides', 'file');
}

export async function signedPlaceOf({
  context = {},
  organization,
  purpose = 'file',
}: SignedPlaceOptions): Promise<DetachedFacts> {
  const { noTenant } = await import('@quantumvault/envelope');
  return { tenant: organization?.toLowerCase() ?? noTenant, purpose, context };
}

/** Throws CLI_WRONG_USE for standard input, which has no name. */
export function signatureNameOf(input: string): string {
  if (input !== '-') return `${input}.qvsig`;
  throw new CliError('CLI_WRONG_USE', 'Standard input has no name: give the file of the signature.');
}
