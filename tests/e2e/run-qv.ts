import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import path from 'node:path';

const program = path.resolve(import.meta.dirname, '../../apps/cli/bin/qv.mjs');

export interface QvEnd {
  readonly exitCode: number | null;
  readonly out: string;
  readonly err: string;
}

export interface QvPlace {
  readonly cwd: string;
  readonly dataDir?: string;
  readonly url?: string;
  readonly keyFile?: string;
  /** Where sign-ins are kept; otherwise there is no such place. */
  readonly configDir?: string;
}

/** Nothing of the caller's environment that would lead `qv` elsewhere, and no sign-in of whoever runs the tests. */
function environmentOf({ dataDir, url, keyFile, configDir }: QvPlace): NodeJS.ProcessEnv {
  const foreign = /^(QV_|VITEST|NODE_|DATABASE_URL|XDG_CONFIG_HOME$|HOME$|APPDATA$|USERPROFILE$)/;
  return {
    ...Object.fromEntries(Object.entries(process.env).filter(([name]) => !foreign.test(name))),
    ...(dataDir === undefined ? {} : { QV_DATA_DIR: dataDir }),
    ...(url === undefined ? {} : { QV_URL: url }),
    ...(keyFile === undefined ? {} : { QV_API_KEY_FILE: keyFile }),
    ...(configDir === undefined ? {} : { XDG_CONFIG_HOME: configDir }),
  };
}

/** `qv` as a process of its own, without a terminal. */
export async function runQv(
  words: readonly string[],
  place: QvPlace & { readonly input?: string; readonly onError?: (saidSoFar: string) => void },
): Promise<QvEnd> {
  const child = spawn(process.execPath, [program, ...words], {
    cwd: place.cwd,
    env: environmentOf(place),
    stdio: ['pipe', 'pipe', 'pipe'],
    timeout: 60_000,
  });
  const end = { out: '', err: '' };
  child.stdin.on('error', () => {}); // It may end before it has read.
  child.stdin.end(place.input ?? '');
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    end.out += text;
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    end.err += text;
    place.onError?.(end.err);
  });
  const exitCode = await new Promise<number | null>((settle, fail) => {
    child.once('error', fail);
    child.once('close', settle);
  });
  return { exitCode, ...end };
}

/** `script` of util-linux gives a program a terminal of its own; other systems have another one, or none. */
export const hasTerminals = process.platform === 'linux' && existsSync('/usr/bin/script');

export interface Typed {
  /** What the program says before somebody types. */
  readonly after: string;
  readonly text: string | ((screen: string) => string);
}

/** `qv` at a terminal where somebody answers its questions; the screen is all that it showed. */
export async function typeIntoQv(
  words: readonly string[],
  answers: readonly Typed[],
  place: QvPlace,
): Promise<{ readonly exitCode: number | null; readonly screen: string }> {
  const quoted = [process.execPath, program, ...words].map((word) => `'${word.replaceAll("'", "'\\''")}'`).join(' ');
  const child = spawn('/usr/bin/script', ['--quiet', '--return', '--flush', '--command', quoted, '/dev/null'], {
    cwd: place.cwd,
    env: { ...environmentOf(place), TERM: 'dumb', SHELL: '/bin/sh' },
    stdio: ['pipe', 'pipe', 'inherit'],
    timeout: 60_000,
  });
  const left = [...answers];
  let screen = '';
  let readUpTo = 0;
  child.stdin.on('error', () => {}); // It may end before it has read.
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    screen += text;
    const [next] = left;
    const at = next === undefined ? -1 : screen.indexOf(next.after, readUpTo);
    if (next === undefined || at === -1) return;
    left.shift();
    readUpTo = at + next.after.length;
    child.stdin.write(`${typeof next.text === 'string' ? next.text : next.text(screen)}\r`);
  });
  const exitCode = await new Promise<number | null>((settle, fail) => {
    child.once('error', fail);
    child.once('close', settle);
  });
  child.stdin.end();
  if (left.length > 0) throw new Error(`nobody asked for "${left[0]?.after}":\n${screen}`);
  return { exitCode, screen };
}
