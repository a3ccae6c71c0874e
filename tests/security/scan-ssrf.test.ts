import { createServer, type Server } from 'node:net';
import type { JobView } from '@quantumvault/api';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { startTestServer, type TestServer } from '../harness/server.ts';

// Attack case 17 on scans, through the API of a real server (INV-7): whoever may ask for a scan tries to reach the
// server's own network and its cloud's metadata service. Listeners on 127.0.0.1 and 127.0.0.2 count who comes.

const metadata = [
  '169.254.169.254',
  '2852039166',
  '0xa9fea9fe',
  '0251.0376.0251.0376',
  '169.254.43518',
  '[::ffff:169.254.169.254]',
  '[64:ff9b::a9fe:a9fe]',
  '[2002:a9fe:a9fe::1]',
  '[2001:0:1:2:3:4:5601:5601]',
  '169.254.170.2',
  '100.100.100.200',
  '[fd00:ec2::254]',
  'metadata.google.internal',
];
const own = [
  '127.0.0.1',
  '2130706433',
  '0x7f000001',
  '0177.0.0.1',
  '127.1',
  'localhost',
  '[::1]',
  '[::ffff:127.0.0.1]',
  '[64:ff9b::7f00:1]',
  '0.0.0.0',
  '10.0.0.1',
  '192.168.0.1',
];

describe('INV-7, attack 17: scans asked for through the API', () => {
  const listeners: Server[] = [];
  const visits = new Map<string, number>();
  let port = 0;
  let server: TestServer;

  beforeAll(async () => {
    port = await listen('127.0.0.1', 0);
    await listen('127.0.0.2', port);
    server = await startTestServer({ QV_SCAN_ALLOW: '127.0.0.2/32' });
  });
  afterEach(() => visits.clear());
  afterAll(async () => {
    await server?.stop();
    for (const listener of listeners) await new Promise((resolve) => listener.close(resolve));
  });

  async function listen(address: string, at: number): Promise<number> {
    const listener = createServer((socket) => {
      visits.set(address, (visits.get(address) ?? 0) + 1);
      socket.destroy();
    });
    listeners.push(listener);
    await new Promise<void>((resolve) => listener.listen(at, address, resolve));
    const bound = listener.address();
    return typeof bound === 'object' && bound !== null ? bound.port : expect.fail('no port');
  }

  async function scan(hosts: readonly string[]): Promise<JobView> {
    const targets = hosts.map((host) => `${host}:${port}`);
    const { id } = await server.client.discoverTls({ body: { targets } });
    for (let attempt = 0; attempt < 600; attempt++) {
      const job = await server.client.getJob({ params: { id } });
      if (job.finishedAt !== null) return job;
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    return expect.fail('the scan did not end');
  }

  /** Spellings that the machine's resolver does not know lead nowhere; all others are refused. */
  const expectAllRefused = (job: JobView, hosts: readonly string[]) => {
    expect(job.status).toBe('succeeded');
    const { assets, unreachable } = job.result as { assets: unknown[]; unreachable: { error: string }[] };
    expect(assets).toEqual([]);
    expect(unreachable).toHaveLength(hosts.length);
    for (const { error } of unreachable) expect(error).toMatch(/^(address-refused|dns)$/);
    expect(unreachable.filter(({ error }) => error === 'address-refused').length).toBeGreaterThan(hosts.length / 2);
  };

  it('no spelling of a metadata address is scanned', async () => {
    expectAllRefused(await scan(metadata), metadata);
  });

  it('no spelling of the server itself or of its network is scanned, and nothing connects', async () => {
    expectAllRefused(await scan(own), own);
    expect(visits.size).toBe(0);
  });

  it('what the operator allowed is scanned, and its neighbor is not', async () => {
    const job = await scan(['127.0.0.2', '127.0.0.1']);
    expect(job.result).toMatchObject({
      unreachable: [{ error: 'reset' }, { error: 'address-refused' }],
    });
    expect([...visits.keys()]).toEqual(['127.0.0.2']);
  });

  it('what is no target is refused before it becomes a job', async () => {
    for (const target of [
      'http://169.254.169.254',
      'user@169.254.169.254:80',
      '169.254.169.254/latest',
      '[::1%lo]:443',
    ]) {
      const response = await server.request('POST', '/api/assets/discover/tls', { body: { targets: [target] } });
      expect(response.status).toBe(400);
    }
  });
});
