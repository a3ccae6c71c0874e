// What a detached signature is bound to, the same words on both sides.
import type { DetachedFacts } from '@quantumvault/envelope';
import { type Command, InvalidArgumentError } from 'commander';
import { CliError } from '../../errors.ts';
import { addContextOption, parseOrganization } from '../envelope/options.ts';

export interface SignedPlaceOptions {
  readonly context?: Readonly<Record<string, string>>;
  readonly organization?: string;
  readonly purpose?: string;
}

export function addSignedPlaceOptions(command: Command): Command {
  return addContextOption(command)
    .option(
      '--organization <id>',
      'UUID of the organization it belongs to; default: none, all zeros',
      parseOrganization,
    )
    .option('--purpose <word>', 'what the signature is for, the same on both sides', parsePurpose, 'file');
}

function parsePurpose(text: string): string {
  if (/^[a-z][a-z0-9-]{0,63}$/.test(text)) return text;
  throw new InvalidArgumentError('It must be a word of small letters, digits and -, at most 64, as in release-notes.');
}

export async function signedPlaceOf({
  context = {},
  organization,
  purpose = 'file',
}: SignedPlaceOptions): Promise<DetachedFacts> {
  const { noTenant } = await import('@quantumvault/envelope');
  return { tenant: organization ?? noTenant, purpose, context };
}

/** Throws CLI_WRONG_USE for standard input, which has no name. */
export function signatureNameOf(input: string): string {
  if (input !== '-') return `${input}.qvsig`;
  throw new CliError('CLI_WRONG_USE', 'Standard input has no name: give the file of the signature.');
}
