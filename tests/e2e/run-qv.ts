import { spawn } from 'node:child_process';
import path from 'node:path';

const program = path.resolve(import.meta.dirname, '../../apps/cli/bin/qv.mjs');

export interface QvEnd {
  readonly exitCode: number | null;
  readonly out: string;
  readonly err: string;
}

/** `qv` as a process of its own, with nothing of the caller's environment that would lead it elsewhere. */
export async function runQv(
  words: readonly string[],
  {
    cwd,
    dataDir,
    url,
    keyFile,
  }: { readonly cwd: string; readonly dataDir?: string; readonly url?: string; readonly keyFile?: string },
): Promise<QvEnd> {
  const kept = Object.entries(process.env).filter(([name]) => !/^(QV_|VITEST|NODE_|DATABASE_URL)/.test(name));
  const env = {
    ...Object.fromEntries(kept),
    ...(dataDir === undefined ? {} : { QV_DATA_DIR: dataDir }),
    ...(url === undefined ? {} : { QV_URL: url }),
    ...(keyFile === undefined ? {} : { QV_API_KEY_FILE: keyFile }),
  };
  const child = spawn(process.execPath, [program, ...words], {
    cwd,
    env,
    stdio: ['ignore', 'pipe', 'pipe'],
    timeout: 60_000,
  });
  const end = { out: '', err: '' };
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    end.out += text;
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    end.err += text;
  });
  const exitCode = await new Promise<number | null>((settle, fail) => {
    child.once('error', fail);
    child.once('close', settle);
  });
  return { exitCode, ...end };
}
