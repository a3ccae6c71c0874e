import type { Command } from 'commander';
import type { Running } from '../../cli.ts';
import { addExplain } from './explain.ts';
import { addTemporary } from './temporary.ts';
import { addTestPolicy } from './test-policy.ts';

export function addAccess(program: Command, cli: Running): void {
  const access = program.command('access').description('What is allowed, why, and for how long');
  addExplain(access, cli);
  addTestPolicy(access, cli);
  addTemporary(access, cli);
}
