/** `node tools/services/run.ts postgres15 [--durable] -- COMMAND...`: runs a command with the service's address set. */
import { spawn } from 'node:child_process';
import { Postgres15 } from './postgres15.ts';
import { withService } from './service.ts';

const [name, ...rest] = process.argv.slice(2);
const separator = rest.indexOf('--');
const options = separator === -1 ? rest : rest.slice(0, separator);
const [command, ...args] = separator === -1 ? [] : rest.slice(separator + 1);
const unknown = options.find((option) => option !== '--durable');

async function main(): Promise<number> {
  if (name !== 'postgres15' || command === undefined || unknown !== undefined) {
    console.error('usage: node tools/services/run.ts postgres15 [--durable] -- COMMAND [ARGUMENT...]');
    return 2;
  }
  const service = new Postgres15({ durable: options.includes('--durable') });
  const missing = service.missing();
  if (missing !== undefined) {
    console.error(`${name}: ${missing}`);
    return 3;
  }
  return await withService(service, (running) => {
    const child = spawn(command, args, {
      stdio: 'inherit',
      env: { ...process.env, DATABASE_URL: running.url, QV_TEST_SUPERUSER_URL: running.superuserUrl },
    });
    // The command decides what a signal means; the service is stopped after it has ended.
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => child.kill(signal));
    return new Promise<number>((resolve, reject) => {
      child.once('error', reject);
      child.once('exit', (code) => resolve(code ?? 1));
    });
  });
}

process.exitCode = await main();
