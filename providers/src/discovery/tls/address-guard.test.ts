import { parseCidrList } from '@quantumvault/inventory';
import { describe, expect, it } from 'vitest';
import { resolveGuarded } from './address-guard.ts';
import { scanTls } from './scan-tls.ts';
import { localGuard, startTcpServer, testNow } from './testing/servers.ts';

const server = { mode: 'server', allow: [] } as const;

describe('INV-7: resolution and the guard', () => {
  it.each(['2130706433', '0x7f000001', '0177.0.0.1', '127.1', 'localhost'])(
    'the spelling %s is judged by what the system makes of it',
    async (host) => {
      const guarded = await resolveGuarded(host, server);
      // Some resolvers do not know these spellings; then there is nothing to connect to, which is as safe.
      expect(guarded.kind === 'refused' ? guarded.refusal.code : guarded.kind).toMatch(/^(not-public|unresolved)$/);
    },
  );

  it.each(['2852039166', '0xa9fea9fe', '0251.0376.0251.0376'])(
    'the metadata address spelled %s is refused on a person’s own machine too',
    async (host) => {
      const guarded = await resolveGuarded(host, localGuard);
      expect(guarded.kind === 'refused' ? guarded.refusal.code : guarded.kind).toMatch(
        /^(metadata-address|unresolved)$/,
      );
    },
  );

  it('one forbidden address among good ones refuses the name', async () => {
    const guarded = await resolveGuarded('mixed.test', server, async () => ['1.1.1.1', '10.0.0.1']);
    expect(guarded).toMatchObject({ kind: 'refused', refusal: { code: 'not-public' } });
  });

  it('a metadata name is refused before it is resolved', async () => {
    let wasAsked = false;
    const guarded = await resolveGuarded('metadata.google.internal', localGuard, async () => {
      wasAsked = true;
      return ['1.1.1.1'];
    });
    expect(guarded.kind).toBe('refused');
    expect(wasAsked).toBe(false);
  });

  it('a name that rebinds after the check is still scanned at the checked address', async () => {
    let connections = 0;
    await using inside = await startTcpServer((socket) => {
      connections += 1;
      socket.destroy();
    });
    let answers = 0;
    const resolve = async () => {
      answers += 1;
      // A second resolution would lead inside; there must be none.
      return answers === 1 ? ['127.0.0.2'] : ['127.0.0.1'];
    };
    const guard = { mode: 'server', allow: parseCidrList('127.0.0.2/32') } as const;
    await scanTls([{ host: 'rebind.test', port: inside.target.port }], {
      guard,
      now: testNow,
      resolve,
      connectionTimeoutMs: 300,
    });
    expect(answers).toBe(1);
    expect(connections).toBe(0);
  });

  it('a refused target gets no connection and a typed refusal', async () => {
    let connections = 0;
    await using inside = await startTcpServer(() => {
      connections += 1;
    });
    const outcomes = await scanTls([inside.target], { guard: server, now: testNow });
    expect(outcomes).toEqual([
      {
        kind: 'refused',
        target: inside.target,
        refusal: { code: 'not-public', reason: expect.stringContaining('127.0.0.1') },
      },
    ]);
    expect(connections).toBe(0);
  });

  it('a name without addresses is unresolved', async () => {
    expect(await resolveGuarded('empty.test', localGuard, async () => [])).toMatchObject({ kind: 'unresolved' });
  });
});
