// INV-8, INV-9: what a simulation promises is what a scan of the protected endpoint finds.
import { createServer, type TLSSocket } from 'node:tls';
import { proveProfile } from '@quantumvault/inventory';
import { scanTls } from '@quantumvault/providers/discovery/tls';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { freePort } from '../../../../../tests/harness/free-port.ts';
import { PostgresFindingRepository } from '../inventory/adapters/postgres-finding-repository.ts';
import { createRecordTlsScans } from '../inventory/record-tls-scans.ts';
import { GetAsset } from '../inventory/usecases/get-asset.ts';
import { newId } from '../jobs/world.test-support.ts';
import { createProtectionWorld, type ProtectionWorld } from './protection.test-support.ts';
import { GetTlsBundle, type TlsBundleView } from './usecases/get-tls-bundle.ts';

let world: ProtectionWorld;
beforeAll(async () => {
  world = await createProtectionWorld();
});
afterAll(() => world.close());

/** Serves a bundle with Node while something is done with its port. */
async function served<T>(bundle: TlsBundleView, port: number, act: () => Promise<T>): Promise<T> {
  const options = { key: bundle.privateKeyPem, cert: bundle.certificatePem, ...bundle.nodeTlsOptions };
  const server = createServer(options as Parameters<typeof createServer>[0]);
  server.on('tlsClientError', () => undefined);
  server.on('secureConnection', (socket: TLSSocket) => socket.on('error', () => undefined));
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
  try {
    return await act();
  } finally {
    await new Promise((resolve) => server.close(resolve));
  }
}

/** Scans the endpoint and stores what was seen, as a scan job does. */
async function rescan(port: number, environmentId: string) {
  const [outcome] = await scanTls([{ host: '127.0.0.1', port }], {
    guard: { mode: 'local', allow: [] },
    now: () => new Date(),
  });
  if (outcome?.kind !== 'scanned') return expect.fail(outcome?.kind);
  const record = createRecordTlsScans({ ...world, findings: new PostgresFindingRepository({ newId }) });
  const [recorded] = await world.uow.write(world.actor, (tx) =>
    record(tx, {
      results: [outcome.result],
      source: 'server-scan',
      observedAt: new Date().toISOString(),
      environmentId: environmentId as Parameters<typeof record>[1]['environmentId'],
      classification: { sensitivity: 'internal', exposure: 'internal', dataLifetimeYears: 1 },
    }),
  );
  return recorded?.asset ?? expect.fail('nothing was recorded');
}

describe('INV-8: the simulated risk is the risk after the next scan', () => {
  it.each(['hybrid-default', 'fips-classical'])('%s', async (name) => {
    const port = await freePort();
    const asset = await world.create({ type: 'tls-endpoint', endpoint: `127.0.0.1:${port}` });
    const { simulation } = await world.apply(asset.id, name, true);
    await world.protect(asset.id, name);
    const made = await new GetAsset(world).execute(world.actor, asset.id);
    expect(proveProfile(made.encryptionProfile as never)).toMatchObject({ state: 'not-yet' });

    const bundle = await new GetTlsBundle(world).execute(world.actor, asset.id);
    const seen = await served(bundle, port, () => rescan(port, asset.environmentId));
    expect(seen.id).toBe(asset.id);
    expect(proveProfile(seen.encryptionProfile)).toEqual({ state: 'proven', gaps: [] });
    expect(seen.encryptionProfile?.appliedPolicy?.provenAt).toBeDefined();
    const ids = (weaknesses: readonly { readonly id: string }[]) => weaknesses.map(({ id }) => id);
    expect(ids(simulation.riskAfter.weaknesses)).toEqual(ids(seen.risk.weaknesses));
    expect(simulation.riskAfter.score).toBe(seen.risk.score);
    expect(simulation.riskAfter.exploitability).toEqual(seen.risk.exploitability);
  });

  it('what is served without the policy’s group is named as a gap, and a change for the worse as a failure', async () => {
    const port = await freePort();
    const asset = await world.create({ type: 'tls-endpoint', endpoint: `127.0.0.1:${port}` });
    await world.protect(asset.id, 'hybrid-default');
    const bundle = await new GetTlsBundle(world).execute(world.actor, asset.id);
    await served(bundle, port, () => rescan(port, asset.environmentId));
    const options = { ...bundle.nodeTlsOptions, ecdhCurve: 'P-256' };
    const worse = { ...bundle, nodeTlsOptions: options };
    const seen = await served(worse, port, () => rescan(port, asset.environmentId));
    const proof = proveProfile(seen.encryptionProfile);
    expect(proof).toMatchObject({ state: 'failed', gaps: [{ role: 'key-establishment' }] });
    expect(proof?.gaps[0]?.message).toContain('secp256r1; the policy asks for X25519MLKEM768');
  });
});
