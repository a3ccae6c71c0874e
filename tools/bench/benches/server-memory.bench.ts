/** QUA-8: memory of the server process as `npm start` runs it, beside the bare framework with a database driver. */

import { setTimeout as sleep } from 'node:timers/promises';
import { ProjectServer } from '../access/project-server.ts';
import type { Bench } from '../bench.ts';

/** After the start the collector has work for some seconds; then the figure stands. */
const settleMs = 20_000;

let opened: Promise<ProjectServer> | undefined;

async function openAndSettle(): Promise<ProjectServer> {
  const server = await ProjectServer.open();
  await sleep(settleMs);
  return server;
}

function openedServer(): Promise<ProjectServer> {
  opened ??= openAndSettle();
  return opened;
}

export const benches: readonly Bench[] = [
  {
    id: 'server-memory.idle',
    name: 'Server process, idle, resident memory',
    unit: 'MiB',
    target: { atMost: 150 },
    run: async () => {
      const server = await openedServer();
      return { value: server.memory().now, baseline: server.bareMemory().now };
    },
  },
  // The most that it has had since it began, while 64 clients read as fast as they can.
  {
    id: 'server-memory.loaded',
    name: 'Server process, 64 clients, most memory',
    unit: 'MiB',
    target: { atMost: 300 },
    run: async () => {
      const server = await openedServer();
      await server.bare();
      await server.product();
      return { value: server.memory().peak, baseline: server.bareMemory().peak };
    },
  },
];

export async function close(): Promise<void> {
  await (await opened)?.close();
}
