import { readFileSync } from 'node:fs';
import { CliError, systemCode } from '../errors.ts';

const bytesMax = 1_000_000;

/**
 * Reads a JSON object of the data folder; undefined when there is no such file. The parser's own error is not passed
 * on: it quotes the text, and the text may be a password.
 */
export function readJsonObject(file: string): Readonly<Record<string, unknown>> | undefined {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (error) {
    const code = systemCode(error);
    if (code === 'ENOENT' || code === 'ENOTDIR') return undefined;
    throw new CliError('CLI_FILE_UNREADABLE', `${file} cannot be read (${code}).`);
  }
  let value: unknown;
  try {
    value = text.length > bytesMax ? null : JSON.parse(text);
  } catch {
    value = null;
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new CliError('CLI_FILE_UNREADABLE', `${file} is damaged: it is not a JSON object.`);
  }
  return { ...value };
}

export function textField(object: Readonly<Record<string, unknown>>, name: string): string | undefined {
  const value = object[name];
  return typeof value === 'string' && value !== '' ? value : undefined;
}
