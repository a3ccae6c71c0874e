import type { Cli } from '../cli.ts';
import { readSetting } from '../environment.ts';
import { dataFolder } from '../local/data-folder.ts';
import { readRunFile } from '../local/run-file.ts';
import type { Check } from './check.ts';
import { checkDataFolder, checkSecretFiles } from './data-folder-checks.ts';
import { checkDisk, checkRuntime, checkServerMemory, checkSwap } from './machine-checks.ts';
import { checkDatabase, checkServer } from './server-checks.ts';

/** Looks at everything that an operator would have to look at, from the machine up to the server. */
export async function checkInstallation(cli: Cli): Promise<Check[]> {
  const folder = dataFolder(cli.environment);
  const run = readRunFile(folder);
  return [
    ...(await checkRuntime(process.versions.node)),
    checkSwap(),
    ...checkServerMemory(run?.server?.isAlive === true ? run.server.pid : undefined),
    ...checkDataFolder(folder),
    ...checkSecretFiles(folder, readSetting(cli.environment, 'QV_KEY_FILE')),
    checkDisk(folder),
    checkDatabase(run),
    ...(await checkServer(cli)),
  ];
}
