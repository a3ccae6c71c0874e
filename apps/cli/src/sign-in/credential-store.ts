import {
  closeSync,
  constants,
  fstatSync,
  lstatSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  rmSync,
} from 'node:fs';
import { isAbsolute, join } from 'node:path';
import type { Clock } from '../clock.ts';
import type { Environment } from '../environment.ts';
import { CliError, systemCode } from '../errors.ts';
import { writeOutputFile } from '../local/output-file.ts';
import { parseCredential, type StoredCredential } from './credential.ts';
import { withFileLock } from './file-lock.ts';

/*
 * What signs this person in, one file per server: `<config folder>/quantumvault/credentials/<address>.json`, mode 0600. A
 * file that others could read or have put there is refused and not repaired: whoever made it so may have read it.
 */

const bytesMax = 65_536;
const suffix = '.json';
const othersMask = 0o077;

const unreadable = (message: string): CliError => new CliError('CLI_FILE_UNREADABLE', message);

export class CredentialStore {
  readonly #environment: Environment;

  constructor(environment: Environment) {
    this.#environment = environment;
  }

  /** Undefined when nobody signed in there. Throws CLI_FILE_UNREADABLE for a file that is not safe, or damaged. */
  read(origin: string): StoredCredential | undefined {
    const folder = this.#folder();
    if (folder === undefined || !this.#isThere(folder)) return undefined;
    const file = join(folder, nameOf(origin));
    const text = readPrivateFile(file);
    if (text === undefined) return undefined;
    const credential = parseText(text, origin);
    if (credential === undefined) throw unreadable(`${file} is damaged. Sign in again with qv login.`);
    return credential;
  }

  /** Complete or not there; takes the place of what was kept for that server. */
  write(origin: string, credential: StoredCredential): void {
    const file = join(this.#needFolder(), nameOf(origin));
    const content = `${JSON.stringify({ version: 1, url: origin, ...credential }, null, 2)}\n`;
    writeOutputFile(file, content, { force: true, mode: 0o600 });
  }

  /** A file that cannot be trusted goes as well. */
  remove(origin: string): void {
    const folder = this.#folder();
    if (folder !== undefined) rmSync(join(folder, nameOf(origin)), { force: true });
  }

  /** The addresses of all servers that somebody signed in to here. */
  origins(): readonly string[] {
    const folder = this.#folder();
    if (folder === undefined || !this.#isThere(folder)) return [];
    return readdirSync(folder).flatMap((name) =>
      name.endsWith(suffix) ? originOf(name.slice(0, -suffix.length)) : [],
    );
  }

  /** Only one process of this user is in `work` at a time, for one server. */
  locked<T>(origin: string, clock: Clock, work: () => Promise<T>): Promise<T> {
    return withFileLock(join(this.#needFolder(), `${encodeURIComponent(origin)}.lock`), clock, work);
  }

  #isThere(folder: string): boolean {
    const stats = lstatSync(folder, { throwIfNoEntry: false });
    if (stats === undefined) return false;
    if (!stats.isDirectory()) throw unreadable(`${folder} is not a folder, or a link to one, which is not followed.`);
    if (process.getuid !== undefined && (stats.uid !== process.getuid() || (stats.mode & 0o022) !== 0))
      throw unreadable(`${folder} must belong to you, and nobody else may write to it.`);
    return true;
  }

  #needFolder(): string {
    const folder = this.#folder();
    if (folder === undefined)
      throw new CliError('CLI_NOT_CONFIGURED', 'There is no place to keep a sign-in: set HOME or XDG_CONFIG_HOME.');
    try {
      mkdirSync(folder, { recursive: true, mode: 0o700 });
    } catch (error) {
      throw new CliError('CLI_FILE_UNWRITABLE', `${folder} cannot be made (${systemCode(error)}).`);
    }
    this.#isThere(folder);
    return folder;
  }

  /** XDG Base Directory: a relative path is ignored. */
  #folder(): string | undefined {
    const get = (name: string): string | undefined => this.#environment.get(name) || undefined;
    const home = get('HOME') ?? get('USERPROFILE');
    const given = get('XDG_CONFIG_HOME') ?? get('APPDATA');
    const base = given !== undefined && isAbsolute(given) ? given : home && join(home, '.config');
    return base === undefined ? undefined : join(base, 'quantumvault', 'credentials');
  }
}

/** One name for each address, and one address for each name. */
const nameOf = (origin: string): string => `${encodeURIComponent(origin)}${suffix}`;

function originOf(name: string): string[] {
  try {
    const origin = decodeURIComponent(name);
    return URL.canParse(origin) && new URL(origin).origin === origin ? [origin] : [];
  } catch {
    return [];
  }
}

function readPrivateFile(file: string): string | undefined {
  let handle: number;
  try {
    // Windows has no such flag, and no such links that anybody could make.
    handle = openSync(file, constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0));
  } catch (error) {
    const code = systemCode(error);
    if (code === 'ENOENT') return undefined;
    if (code === 'ELOOP') throw unreadable(`${file} is a link, which is not followed. Remove it and sign in again.`);
    throw unreadable(`${file} cannot be read (${code}).`);
  }
  try {
    const stats = fstatSync(handle);
    if (!stats.isFile() || stats.size > bytesMax) throw unreadable(`${file} is not a file that qv has written.`);
    if (process.getuid !== undefined && (stats.uid !== process.getuid() || (stats.mode & othersMask) !== 0)) {
      throw unreadable(
        `${file} can be read by others, so what is in it may be known. End the session (qv sessions) from elsewhere, remove the file, and sign in again.`,
      );
    }
    return readFileSync(handle, 'utf8');
  } finally {
    closeSync(handle);
  }
}

/** The parser's own error is not passed on: it quotes the text. */
function parseText(text: string, origin: string): StoredCredential | undefined {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return undefined;
  }
  if (typeof value !== 'object' || value === null) return undefined;
  const fields: Readonly<Record<string, unknown>> = { ...value };
  // Copied under the name of another server, it would be sent there.
  return fields.version === 1 && fields.url === origin ? parseCredential(fields) : undefined;
}
