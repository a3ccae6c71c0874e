import { readFileSync } from 'node:fs';
import { CliError, systemCode } from './errors.ts';

/** Environment variables and what else the surroundings say; tests bring their own. */
export interface Environment {
  get(name: string): string | undefined;
  /** Folder that relative paths start from. */
  readonly folder: string;
}

export function processEnvironment(): Environment {
  return { get: (name) => process.env[name], folder: process.cwd() };
}

const settingFileBytesMax = 65_536;

/**
 * A setting from `NAME`, or from the file that `NAME_FILE` names; undefined when neither is set. Throws when both are,
 * because then nobody can say which one holds.
 */
export function readSetting(environment: Environment, name: string): string | undefined {
  const direct = environment.get(name) || undefined;
  const file = environment.get(`${name}_FILE`) || undefined;
  if (file === undefined) return direct;
  if (direct !== undefined) throw new CliError('CLI_WRONG_USE', `Set ${name} or ${name}_FILE, not both.`);
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (error) {
    throw new CliError('CLI_FILE_UNREADABLE', `${name}_FILE: ${file} cannot be read (${systemCode(error)}).`);
  }
  if (text.length > settingFileBytesMax) throw new CliError('CLI_WRONG_USE', `${name}_FILE: ${file} is too long.`);
  return text.trim() || undefined;
}
